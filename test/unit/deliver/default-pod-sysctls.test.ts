/** A kubelet's default for its pods: one key too many ends every pod of a node. */
import test from "ava";
import { parse } from "yaml";
import { deliver } from "../../../harness/deliver/deliver.ts";
import { filesOf, rollout } from "../../helpers/deliveries.ts";

const platform = "default-pod-sysctls";

test("gate, keys and values in the kubelet's file; the pods ask for the node and for no sysctl", (t) => {
  const files = filesOf(deliver(platform, rollout("all", 37), null));
  const config = parse(files["1-kubelet-config.yaml"] ?? "");
  t.deepEqual(config.featureGates, { DefaultPodSysctls: true });
  t.is(config.defaultPodSysctls["net.ipv4.ip_local_port_range"], "1024 65535");
  const probe = parse(files["2-probe-pod.yaml"] ?? "");
  t.deepEqual(probe.spec.containers[0].command.slice(0, 2), ["cat", "/proc/sys/net/ipv4/tcp_tw_reuse"]);
  const { spec } = parse(files["3-workload.patch.yaml"] ?? "").spec.template;
  t.deepEqual(Object.keys(spec), ["nodeSelector", "tolerations"]);
  t.deepEqual(probe.spec.nodeSelector, spec.nodeSelector);
});

test("the node is tainted and drained before its kubelet knows the keys, and a bare pod proves them before the workload", (t) => {
  const { plan } = deliver(platform, rollout("all", 37), null);
  t.regex(
    plan,
    /kubectl taint node.*kubectl drain.*systemctl restart kubelet.*create --filename 2-probe-pod.*patch deployment/s,
  );
  t.regex(plan, /## Undo.*systemctl restart kubelet/s);
  t.regex(plan, /Kubernetes 1\.37 or newer[^\n]*feature gate `DefaultPodSysctls`/);
});

test("only keys that are known to be private are given", (t) => {
  const selection = rollout("all", 37);
  const reach = { kind: "unsafe", safeFrom: null } as const;
  const [unknown, node] = ["net.unheard.of", "net.core.netdev_max_backlog"].map((key, index) => ({
    key,
    value: "1",
    values: ["1"],
    reach: index === 0 ? reach : ({ kind: "node" } as const),
    evidence: null,
  }));
  if (unknown === undefined || node === undefined) throw new Error("two settings");
  const { files, plan, record } = deliver(
    platform,
    { ...selection, settings: [...selection.settings, unknown, node] },
    null,
  );
  t.notRegex(filesOf({ files })["1-kubelet-config.yaml"] ?? "", /unheard|netdev/);
  t.regex(plan, /Left out: `net\.unheard\.of` `1`: nothing says that it is private/);
  t.regex(plan, /Left out: `net\.core\.netdev_max_backlog`/);
  t.is(record.kubernetes, "1.37");
  t.deepEqual(record.allowlist, { keys: [], where: [] });
  t.true(record.settings.every(({ scope }) => scope === "pod"));
});

test("a run whose cluster was older can't be delivered so; all its settings left out is nothing to deliver", (t) => {
  t.throws(() => deliver(platform, { ...rollout(), isMeasuredOn: true }, null), { message: /had Kubernetes 1\.34/ });
  const none = rollout().settings.map((one) => ({ ...one, key: `net.unheard.${one.key.length}` }));
  t.throws(() => deliver(platform, { ...rollout(), settings: none }, null), { message: /nothing is left to deliver/ });
});
