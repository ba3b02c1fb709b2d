import type { Cluster } from "../../harness/suite/cluster.ts";
import type { ClusterFacts, NodeFacts } from "../../harness/testbeds/kubernetes/doctor/facts.ts";

/** A cluster file without anything particular. */
export const cluster: Cluster = {
  name: "staging",
  file: "/clusters/staging/cluster.yaml",
  kubeconfig: null,
  context: null,
  namespace: "perf",
  create: false,
  route: "pod-sysctls",
  nodeSelector: {},
  tolerations: [],
  images: { node: "node:24-slim", k6: "grafana/k6:2.2.0", locust: "locust" },
  imagePullPolicy: "IfNotPresent",
  runners: 1,
  observeNode: false,
  shareProcessNamespace: true,
  runnerCpu: "250m",
  timeouts: { scheduleMs: 1000, startMs: 1000, requestMs: 1000 },
};

/** A node where all is well. */
export const node: NodeFacts = {
  name: "a",
  ready: true,
  unusable: null,
  kernel: "6.1.0",
  kubelet: "v1.34.3",
  runtime: "containerd://2.1.4",
  instanceType: "m7g.large",
  config: {
    allowedUnsafeSysctls: ["net.core.somaxconn"],
    defaultPodSysctls: {},
    protectKernelDefaults: false,
    containerLogMaxSize: "10Mi",
    podPidsLimit: -1,
  },
  configWords: null,
};

/** A cluster where all is well. */
export const facts: ClusterFacts = {
  version: { gitVersion: "v1.34.3", minor: 34 },
  context: "staging",
  namespace: { is: "there", name: "perf", enforce: null },
  refused: { run: [], cluster: [], optional: [], createNamespace: [], attachments: [] },
  nodes: [node],
  groups: ["apps", "k8s.cni.cncf.io"],
};
