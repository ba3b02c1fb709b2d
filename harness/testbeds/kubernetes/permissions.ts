/**
 * What each account of a run may do, and why: the one place for it. clusters/rbac.yaml grants the harness's exactly this, doctor asks the
 * API server for it, and docs/kubernetes.md shows how to ask with kubectl.
 */

export interface Permission {
  /** API group; "" = core. */
  group: string;
  /** Plural, with its subresource: "pods/log". */
  resource: string;
  verbs: readonly string[];
  why: string;
}

/** Of the harness, in the run's namespace. */
export const runPermissions: readonly Permission[] = [
  {
    group: "",
    resource: "pods",
    verbs: ["create", "get", "list", "watch", "delete"],
    why: "target, upstreams, relay, preflight and observers, watched to their ends",
  },
  { group: "", resource: "pods/log", verbs: ["get"], why: "what relay, samplers, parts and runners say" },
  {
    group: "batch",
    resource: "jobs",
    verbs: ["create", "get", "list", "delete"],
    why: "the runners of a trial",
  },
  {
    group: "",
    resource: "configmaps",
    verbs: ["create", "get", "list", "delete"],
    why: "the owner of a run, programs, load scripts, the suite's and the manifest's files",
  },
  {
    group: "coordination.k8s.io",
    resource: "leases",
    verbs: ["create", "get", "list", "watch", "patch"],
    why: "the harness's sign of life, and the word to stop a trial; watch is for the relay, and only who has it may pass it on",
  },
  { group: "", resource: "events", verbs: ["list", "watch"], why: "why a pod does not start, in the cluster's words" },
  {
    group: "",
    resource: "services",
    verbs: ["create", "get", "list", "delete"],
    why: "the services of a manifest",
  },
  { group: "", resource: "serviceaccounts", verbs: ["create"], why: "each run's relay has an account of its own" },
  { group: "rbac.authorization.k8s.io", resource: "roles", verbs: ["create"], why: "what that account may do" },
  { group: "rbac.authorization.k8s.io", resource: "rolebindings", verbs: ["create"], why: "that it may do it" },
  {
    group: "",
    resource: "secrets",
    verbs: ["create"],
    why: "the run's own secret, by which its relay knows its runners; none is read",
  },
  {
    group: "networking.k8s.io",
    resource: "networkpolicies",
    verbs: ["create"],
    why: "nobody else connects to runners and relay, where the network enforces it",
  },
  { group: "", resource: "namespaces", verbs: ["get"], why: "the run's own namespace and its Pod Security level" },
];

/** Of the harness, in the run's namespace: for the route tuning-cni, where the cluster has network attachments. */
export const attachmentPermissions: readonly Permission[] = [
  {
    group: "k8s.cni.cncf.io",
    resource: "network-attachment-definitions",
    verbs: ["create", "get"],
    why: "the route tuning-cni",
  },
];

/** Of the harness, in the whole cluster. */
export const clusterPermissions: readonly Permission[] = [
  { group: "", resource: "nodes", verbs: ["get", "list"], why: "kernel, kubelet, labels and room of each node" },
];

/** Of the harness, in the whole cluster: what only adds to what doctor can tell. */
export const optionalPermissions: readonly Permission[] = [
  { group: "", resource: "nodes/proxy", verbs: ["get"], why: "a kubelet's own configuration, its allowlist above all" },
];

/** Of a run's relay, for the Lease and the owner of its run alone: it ends a run whose harness is gone. */
export const relayPermissions: readonly Permission[] = [
  {
    group: "coordination.k8s.io",
    resource: "leases",
    verbs: ["get", "list", "watch"],
    why: "the harness's sign of life",
  },
  { group: "", resource: "configmaps", verbs: ["delete"], why: "the run's owner, with which all of it goes" },
];

/**
 * Of the harness, in the whole cluster: for a cluster file with `create: true`. The namespace is taken away only where nothing of
 * others is in it, so that what people keep in one is listed, names only.
 */
export const createNamespacePermissions: readonly Permission[] = [
  {
    group: "",
    resource: "namespaces",
    verbs: ["create", "delete"],
    why: "the run's namespace is made, and taken away",
  },
  {
    group: "",
    resource: "serviceaccounts",
    verbs: ["get", "list"],
    why: "a new one's own account, and whether anything is in it",
  },
  ...[
    ["", "secrets"],
    ["", "persistentvolumeclaims"],
    ["apps", "deployments"],
    ["apps", "statefulsets"],
    ["apps", "daemonsets"],
    ["batch", "cronjobs"],
  ].map(([group = "", resource = ""]) => ({ group, resource, verbs: ["list"], why: "whether anything is in it" })),
];

/** Of the harness, in the namespace of a target that is installed already: clusters/rbac-external.yaml grants exactly this. */
export const externalPermissions: readonly Permission[] = [
  { group: "", resource: "services", verbs: ["get"], why: "where the load goes, and which pods serve there" },
  { group: "", resource: "pods", verbs: ["list", "watch"], why: "those pods, and what becomes of them under load" },
  {
    group: "",
    resource: "pods/ephemeralcontainers",
    verbs: ["patch"],
    why: "the container that looks, in each pod's own network",
  },
  { group: "", resource: "pods/log", verbs: ["get"], why: "what it sees" },
];

/** Of who observes, in the namespace of the service: clusters/rbac-observe.yaml grants exactly this. */
export const observePermissions: readonly Permission[] = [
  {
    group: "",
    resource: "pods",
    verbs: ["get", "list", "watch"],
    why: "which pods, what their specs ask for, and when one goes while it is looked at",
  },
  {
    group: "",
    resource: "pods/ephemeralcontainers",
    verbs: ["patch"],
    why: "the container that looks, in the pod's own network",
  },
  { group: "", resource: "pods/log", verbs: ["get"], why: "what it saw" },
  ...[
    ["apps", "deployments"],
    ["apps", "statefulsets"],
    ["apps", "daemonsets"],
    ["apps", "replicasets"],
    ["batch", "jobs"],
  ].map(([group = "", resource = ""]) => ({ group, resource, verbs: ["get"], why: "a workload's pods (--workload)" })),
];

/** Of who observes, in the whole cluster. */
export const observeClusterPermissions: readonly Permission[] = [
  { group: "", resource: "services", verbs: ["list"], why: "the name behind a Service's address" },
];

/** Of who observes with a pod on the node (observeNode), in the cluster file's namespace. */
export const observeNodePermissions: readonly Permission[] = [
  {
    group: "",
    resource: "pods",
    verbs: ["create", "get", "list", "watch", "delete"],
    why: "the pod on the node, with the host's /proc",
  },
  { group: "", resource: "pods/log", verbs: ["get"], why: "what it saw" },
];

/** As kubectl names a resource: `jobs.batch`, `pods/log`, `leases.coordination.k8s.io`. */
export function resourceName({ group, resource }: Pick<Permission, "group" | "resource">): string {
  const [plural = "", subresource] = resource.split("/");
  const named = group === "" ? plural : `${plural}.${group}`;
  return subresource === undefined ? named : `${named}/${subresource}`;
}
