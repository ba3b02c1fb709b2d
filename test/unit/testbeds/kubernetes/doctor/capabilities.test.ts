import test from "ava";
import type { Cluster } from "../../../../../harness/suite/cluster.ts";
import { clusterCapabilities } from "../../../../../harness/testbeds/kubernetes/doctor/capabilities.ts";
import type { ClusterFacts } from "../../../../../harness/testbeds/kubernetes/doctor/facts.ts";
import { cluster, facts, node } from "../../../../helpers/cluster-facts.ts";

function told(changed: Partial<ClusterFacts>, cluster_: Partial<Cluster> = {}) {
  return clusterCapabilities({ ...facts, ...changed }, { ...cluster, ...cluster_ });
}

/** Names of what keeps a run from working. */
function stoppers(changed: Partial<ClusterFacts>, cluster_: Partial<Cluster> = {}): string[] {
  return told(changed, cluster_)
    .filter(({ ok, required }) => !ok && required)
    .map(({ name }) => name);
}

test("a cluster where all is well: nothing is missing", (t) => {
  t.deepEqual(
    told({}).filter(({ ok }) => !ok),
    [],
  );
});

test("every thing that is missing has a remedy", (t) => {
  const poor: Partial<ClusterFacts> = {
    namespace: { is: "missing", name: "perf" },
    refused: {
      ...facts.refused,
      run: [{ group: "batch", resource: "jobs", verbs: ["create"], why: "" }],
    },
    nodes: null,
    groups: [],
  };
  const missing = told(poor).filter(({ ok }) => !ok);
  t.deepEqual(
    missing.map(({ name }) => name),
    ["namespace", "permissions", "nodes", "tuning-cni"],
  );
  for (const { name, remedy } of missing) t.truthy(remedy, name);
  t.deepEqual(stoppers(poor), ["namespace", "permissions", "nodes"]);
});

test("a missing namespace is well where a run may make it", (t) => {
  const missing = { namespace: { is: "missing", name: "perf" } } as const;
  t.deepEqual(stoppers(missing), ["namespace"]);
  t.deepEqual(stoppers(missing, { create: true }), []);
  const namespaces = { group: "", resource: "namespaces", verbs: ["create"], why: "" };
  const forbidden = { ...missing, refused: { ...facts.refused, createNamespace: [namespaces] } };
  t.deepEqual(stoppers(forbidden, { create: true }), ["namespace"]);
});

test("a route that the namespace's Pod Security level does not admit can't work", (t) => {
  const baseline = { namespace: { is: "there", name: "perf", enforce: "baseline" } } as const;
  t.deepEqual(stoppers(baseline), []);
  for (const route of ["privileged-init", "node"] as const) {
    t.deepEqual(stoppers(baseline, { route }), ["route"], route);
    t.deepEqual(stoppers({}, { route }), [], route);
  }
  t.deepEqual(stoppers(baseline, { observeNode: true }), ["observeNode"]);
  const unsafe = told(baseline).find(({ name }) => name === "unsafe keys");
  t.like(unsafe, { ok: false, required: false });
});

test("permissions that are missing are named with their verbs, as kubectl names them", (t) => {
  const run = [{ group: "batch", resource: "jobs", verbs: ["create", "watch"], why: "" }];
  const permissions = told({ refused: { ...facts.refused, run } }).find(({ name }) => name === "permissions");
  t.is(permissions?.detail, "this account lacks, for namespace perf: create, watch jobs.batch");
});

test("no node that takes the pods: why, of each", (t) => {
  const nodes = [
    { ...node, unusable: "cordoned" },
    { ...node, ready: false },
    { ...node, ready: false },
  ];
  const [told_] = told({ nodes }).filter(({ name }) => name === "nodes");
  t.like(told_, { ok: false, required: true });
  t.is(told_?.detail, "none of 3 takes a run's pods: 2 x not ready; 1 x cordoned");
});

test("nodes that are alike are told once; those that take no pods are not counted", (t) => {
  const nodes = [node, { ...node, name: "b" }, { ...node, name: "c", unusable: "cordoned" }];
  const detail = told({ nodes }).find(({ name }) => name === "nodes")?.detail;
  t.is(detail, "2 of 3 can take a run's pods: 2 x m7g.large, kernel 6.1.0, kubelet v1.34.3, containerd://2.1.4");
});

test("kubelets too old for sidecars stop a run; a skew beyond Kubernetes' own bounds is told", (t) => {
  t.deepEqual(stoppers({ nodes: [{ ...node, kubelet: "v1.28.9" }] }), ["sidecars"]);
  const skewed = (kubelet: string) => told({ nodes: [{ ...node, kubelet }] }).some(({ name }) => name === "skew");
  t.false(skewed("v1.31.0-eks-1"));
  t.true(skewed("v1.30.9"));
  t.true(skewed("v1.35.0"));
});

test("kubelets that don't tell their configuration: their words, and a run works all the same", (t) => {
  const nodes = [{ ...node, config: null, configWords: 'nodes "a" is forbidden' }];
  t.deepEqual(stoppers({ nodes }), []);
  const kubelets = told({ nodes }).find(({ name }) => name === "kubelets");
  t.regex(kubelets?.detail ?? "", /can't be read: nodes "a" is forbidden$/);
});

test("Karpenter and OpenShift are seen by their API groups", (t) => {
  const platform = (groups: string[]) => told({ groups }).find(({ name }) => name === "platform")?.detail ?? "";
  t.regex(platform(["karpenter.sh"]), /^Karpenter/);
  t.regex(platform(["config.openshift.io"]), /^OpenShift/);
  t.is(platform(["apps"]), "neither Karpenter nor OpenShift seen");
});

test("what a kubelet gives every pod is told with its configuration", (t) => {
  const { config } = node;
  if (config === null) return t.fail();
  const tuned = { ...node, config: { ...config, defaultPodSysctls: { "net.ipv4.tcp_tw_reuse": "1" } } };
  const detail = told({ nodes: [tuned] }).find(({ name }) => name === "kubelets")?.detail ?? "";
  t.regex(detail, /; every pod gets net\.ipv4\.tcp_tw_reuse=1 \(defaultPodSysctls\);/);
});
