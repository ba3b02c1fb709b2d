import test from "ava";
import { isAllowlisted, kernelIsAtLeast, reachOf } from "../../../harness/knowledge/kubernetes.ts";
import { settings } from "../../../harness/knowledge/settings.ts";

test("which keys are safe follows from the version", (t) => {
  t.is(reachOf("net.ipv4.tcp_fin_timeout", 28).kind, "unsafe");
  t.is(reachOf("net.ipv4.tcp_fin_timeout", 29).kind, "safe");
  t.deepEqual(reachOf("net.ipv4.tcp_notsent_lowat", 36), { kind: "unsafe", safeFrom: 37 });
  t.is(reachOf("net.ipv4.tcp_tw_reuse", 99).kind, "unsafe");
  for (const key of ["vm.swappiness", "net.core.netdev_max_backlog", "net.core.rmem_max", "kernel.panic"]) {
    t.is(reachOf(key, 34).kind, "node", key);
  }
});

test("every key of the kubelet's list is unsafe before its version and safe from it on", (t) => {
  const safe = settings.flatMap(({ key, safe }) => (safe === null ? [] : [{ key, ...safe }]));
  t.is(safe.length, 14);
  for (const { key, sinceMinor: since, kernel } of safe) {
    t.deepEqual(reachOf(key, since), { kind: "safe", since, kernel }, key);
    if (since > 0) t.deepEqual(reachOf(key, since - 1), { kind: "unsafe", safeFrom: since }, key);
  }
});

test("a kubelet's allowlist has names, and beginnings with a star; slashes are dots", (t) => {
  t.true(isAllowlisted("net.core.somaxconn", ["kernel.sem", "net.core.somaxconn"]));
  t.true(isAllowlisted("net.ipv4.tcp_tw_reuse", ["net.ipv4.*"]));
  t.true(isAllowlisted("net.ipv4.tcp_tw_reuse", ["net/ipv4/tcp_*"]));
  t.true(isAllowlisted("net.core.somaxconn", ["net/core/somaxconn"]));
  t.false(isAllowlisted("net.core.somaxconn", ["net.core.somax", "net.ipv4.*"]));
  t.false(isAllowlisted("net.core.somaxconn", []));
});

test("kernels are compared by their numbers, not their letters", (t) => {
  t.true(kernelIsAtLeast("5.10.0-30-amd64", "4.15"));
  t.true(kernelIsAtLeast("4.15.0", "4.15"));
  t.false(kernelIsAtLeast("4.9.337", "4.15"));
  t.false(kernelIsAtLeast("3.16", "4.5"));
  t.is(kernelIsAtLeast("kernel", "4.5"), null);
});
