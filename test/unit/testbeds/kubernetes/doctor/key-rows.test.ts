import test from "ava";
import { reachOf } from "../../../../../harness/knowledge/kubernetes.ts";
import { usualKeys } from "../../../../../harness/knowledge/settings.ts";
import type { ClusterFacts } from "../../../../../harness/testbeds/kubernetes/doctor/facts.ts";
import { keyRows } from "../../../../../harness/testbeds/kubernetes/doctor/key-rows.ts";
import { probeReadings } from "../../../../../harness/testbeds/kubernetes/doctor/probe-pod.ts";
import { keyProbeRows, protectedRows } from "../../../../../harness/testbeds/kubernetes/doctor/probe-rows.ts";
import { facts, node } from "../../../../helpers/cluster-facts.ts";

function here(key: string, changed: Partial<ClusterFacts> = {}): string {
  return keyRows({ ...facts, ...changed }, [key])[0]?.here ?? "";
}

test("the keys people reach for are of all three kinds", (t) => {
  const kinds = new Set(usualKeys.map((key) => reachOf(key, 34).kind));
  t.deepEqual([...kinds].sort(), ["node", "safe", "unsafe"]);
});

test("a row says from when on a key is safe, whatever this cluster's version", (t) => {
  t.deepEqual(keyRows(facts, ["net.ipv4.tcp_notsent_lowat"]), [
    { key: "net.ipv4.tcp_notsent_lowat", safeSince: "1.37", kernel: "4.6", here: "no: not allowlisted" },
  ]);
  t.like(keyRows(facts, ["net.ipv4.ip_local_port_range"])[0], { safeSince: "always", kernel: "", here: "yes" });
  t.like(keyRows(facts, ["net.core.somaxconn"])[0], { safeSince: "never", here: "yes, allowlisted" });
});

test("a safe key needs the version and the kernel", (t) => {
  const version = { gitVersion: "v1.28.1", minor: 28 };
  t.is(here("net.ipv4.tcp_fin_timeout"), "yes");
  t.is(here("net.ipv4.tcp_fin_timeout", { version }), "no: not allowlisted");
  t.is(here("net.ipv4.tcp_rmem", { nodes: [{ ...node, kernel: "4.14.355" }] }), "no: older kernel");
  t.is(here("net.ipv4.tcp_rmem", { nodes: [node, { ...node, kernel: "4.14.355" }] }), "not on 1 of 2 nodes");
});

test("an unsafe key needs the nodes and Pod Security; where nobody told, that is said", (t) => {
  const allowing = { ...node.config, allowedUnsafeSysctls: [] } as NonNullable<typeof node.config>;
  t.is(here("net.core.somaxconn", { nodes: [node, { ...node, config: allowing }] }), "on 1 of 2 nodes");
  t.is(here("net.core.somaxconn", { nodes: [{ ...node, config: null }] }), "if a kubelet allows it");
  t.is(here("net.core.somaxconn", { nodes: null }), "if a kubelet allows it");
  const restricted = { namespace: { is: "there", name: "perf", enforce: "restricted" } } as const;
  t.is(here("net.core.somaxconn", restricted), "no: Pod Security restricted");
  t.is(here("net.ipv4.ip_local_port_range", restricted), "yes");
});

test("a key of the node never is a pod's", (t) => {
  t.is(here("net.core.netdev_max_backlog"), "no: the node's own");
  t.is(here("vm.swappiness"), "no: the node's own");
});

test("what --protect-kernel-defaults misses is marked, and what can't be read", (t) => {
  const readings = {
    "vm.overcommit_memory": { value: "0", writable: true },
    "kernel.panic": { value: "10", writable: true },
  };
  const rows = protectedRows(readings);
  t.is(rows.length, 6);
  const words = Object.fromEntries(rows.map(({ key, expected, found, words: said }) => [key, [expected, found, said]]));
  t.deepEqual(words["vm.overcommit_memory"], ["1", "0", "differs"]);
  t.deepEqual(words["kernel.panic"], ["10", "10", ""]);
  t.deepEqual(words["vm.panic_on_oom"], ["0", "-", "not readable"]);
});

test("whether a pod has a key of its own to set", (t) => {
  const readings = {
    "net.core.somaxconn": { value: "4096", writable: true },
    "net.ipv4.tcp_mem": null,
    "net.x.y": { value: "1", writable: false },
    "vm.swappiness": { value: "60", writable: true },
  };
  t.deepEqual(
    keyProbeRows(readings, Object.keys(readings), 34).map(({ found, words }) => [found, words]),
    [
      ["4096", "can be set"],
      ["-", "not there"],
      ["1", "read-only"],
      ["60", "the node's own"],
    ],
  );
});

test("a probe's last line is what it read; anything else is nothing", (t) => {
  t.deepEqual(probeReadings(["(node:1) Warning: x", '{"net.a":null}']), { "net.a": null });
  t.is(probeReadings([]), null);
  t.is(probeReadings(["{"]), null);
});
