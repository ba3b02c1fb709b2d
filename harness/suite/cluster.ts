/** A cluster file (clusters/NAME/cluster.yaml) as the rest of the house sees it: where experiments run, and how. */

/**
 * How a profile's sysctls reach a pod. pod-sysctls: the pod's securityContext (safe keys, or what the kubelet allows).
 * privileged-init: a privileged init container writes them. capabilities-init: the same with NET_ADMIN and SYS_ADMIN only, which
 * /proc/sys, mounted read-only, does not let through. host-network: the pod shares the node's network, so it has the node's values.
 * node: they are written on the node itself, as a userData's `sysctl -w` does. tuning-cni: a network attachment sets them
 * inside the pod's namespace. none: nothing delivers them.
 */
export const deliveryRoutes = [
  "pod-sysctls",
  "privileged-init",
  "capabilities-init",
  "host-network",
  "node",
  "tuning-cni",
  "none",
] as const;
export type DeliveryRoute = (typeof deliveryRoutes)[number];

/** As a pod's spec has it. */
export interface Toleration {
  key?: string;
  operator?: "Exists" | "Equal";
  value?: string;
  effect?: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
  tolerationSeconds?: number;
}

export interface Cluster {
  /** As --cluster or the suite names it: the folder's name. */
  name: string;
  /** Absolute path of cluster.yaml. */
  file: string;
  /** Absolute; null = as kubectl finds it: KUBECONFIG, ~/.kube/config, or the pod's own account. */
  kubeconfig: string | null;
  /** null = the kubeconfig's current one. */
  context: string | null;
  namespace: string;
  /** Whether the namespace is made where it is not there, and removed after a run that made it. */
  create: boolean;
  /** What a suite and a profile may override. */
  route: DeliveryRoute;
  nodeSelector: Record<string, string>;
  tolerations: Toleration[];
  /** Stock Node (22.18 or newer) for relay, sampler and parts without an image; k6 v2 for the load. */
  images: { node: string; k6: string };
  imagePullPolicy: "Always" | "IfNotPresent" | "Never";
  /** k6 pods that share the load where the suite does not say how many. */
  runners: number;
  /** A pod with the host's /proc mounted read-only beside the target shows the node's interrupts and connection tracking. */
  observeNode: boolean;
  /** Lets the sampler see the target's processes, so its CPU; the target then is not PID 1. */
  shareProcessNamespace: boolean;
  timeouts: {
    /** Until a pod is scheduled. */
    scheduleMs: number;
    /** From then on until its containers run: image pulls. */
    startMs: number;
    /** For one answer of the API. */
    requestMs: number;
  };
}

/** How a profile's settings reach its pods. */
export function routeOf(
  profile: { route: DeliveryRoute | null },
  suite: { route: DeliveryRoute | null },
  cluster: Pick<Cluster, "route">,
): DeliveryRoute {
  return profile.route ?? suite.route ?? cluster.route;
}
