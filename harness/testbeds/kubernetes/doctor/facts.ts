import type { Permission } from "../permissions.ts";

/** What doctor finds out about a cluster from its API, without making anything there. Texts in it are the cluster's: untrusted. */
export interface ClusterFacts {
  version: { gitVersion: string; minor: number };
  context: string;
  namespace: NamespaceFacts;
  /** What the account may not do, verbs that are missing alone. */
  refused: {
    run: Permission[];
    cluster: Permission[];
    optional: Permission[];
    createNamespace: Permission[];
    attachments: Permission[];
  };
  /** null where the account may not list them. */
  nodes: NodeFacts[] | null;
  /** Names of the API groups that the server has: "karpenter.sh", "k8s.cni.cncf.io" ... */
  groups: string[];
}

/** `enforce`: the level that Pod Security admits pods up to, by the namespace's label; null = no label. */
export type NamespaceFacts =
  | { is: "there"; name: string; enforce: PodSecurityLevel | null }
  | { is: "missing"; name: string }
  | { is: "unknown"; name: string; words: string };

export type PodSecurityLevel = "privileged" | "baseline" | "restricted";

export interface NodeFacts {
  name: string;
  ready: boolean;
  /** Why none of a run's pods gets there: "cordoned", "taint key=value:NoSchedule", "not of the node selector"; null = they do. */
  unusable: string | null;
  kernel: string;
  /** "v1.34.3" */
  kubelet: string;
  runtime: string;
  /** node.kubernetes.io/instance-type; null without the label. */
  instanceType: string | null;
  /** null: it was not asked, or did not answer, for the reason in `configWords`. */
  config: KubeletConfig | null;
  configWords: string | null;
}

/** What matters of a kubelet's configuration, as configz tells it. */
export interface KubeletConfig {
  allowedUnsafeSysctls: string[];
  /** What it gives every pod of its node, dotted (alpha since 1.37); {} where it has no such thing. */
  defaultPodSysctls: Record<string, string>;
  protectKernelDefaults: boolean;
  /** "10Mi": a container's log is rotated there. */
  containerLogMaxSize: string | null;
  /** -1 = no limit. */
  podPidsLimit: number | null;
}
