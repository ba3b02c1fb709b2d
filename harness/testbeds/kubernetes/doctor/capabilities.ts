import { type Capability, capability, lacking } from "../../../core/capability.ts";
import type { Cluster } from "../../../suite/cluster.ts";
import { type Permission, resourceName } from "../permissions.ts";
import { routes as deliveryRoutes } from "../routes/routes.ts";
import type { ClusterFacts, PodSecurityLevel } from "./facts.ts";
import { nodeCapabilities } from "./node-capabilities.ts";

/** What a cluster can do for a run, and what it lacks. Pure. */
export function clusterCapabilities(facts: ClusterFacts, cluster: Cluster): Capability[] {
  return [
    api(facts),
    namespace(facts, cluster),
    ...routes(facts, cluster),
    permissions(facts),
    ...nodeCapabilities(facts),
    attachments(facts),
    platform(facts),
  ];
}

function api({ version, context }: ClusterFacts): Capability {
  return capability("api", { detail: `Kubernetes ${version.gitVersion} answers (context ${context})` });
}

function namespace({ namespace: place, refused }: ClusterFacts, { create }: Cluster): Capability {
  if (place.is === "there") {
    const level = place.enforce === null ? "nothing (no label)" : place.enforce;
    return capability("namespace", { detail: `${place.name} is there; Pod Security enforces ${level}` });
  }
  if (place.is === "unknown") {
    const remedy = "kubectl apply -f clusters/rbac.yaml, as an administrator";
    return lacking("namespace", { detail: `${place.name} can't be read: ${place.words}`, remedy }, false);
  }
  if (create && refused.createNamespace.length === 0) {
    return capability("namespace", { detail: `${place.name} is not there; a run makes it (create: true)` });
  }
  const detail = create
    ? `${place.name} is not there, and this account may not make it (create: true)`
    : `${place.name} is not there`;
  return lacking("namespace", {
    detail,
    remedy: `kubectl create namespace ${place.name}${create ? "" : ", or create: true in the cluster file"}`,
  });
}

/** From the strictest on. */
const levels: readonly PodSecurityLevel[] = ["restricted", "baseline", "privileged"];

/** Only where the namespace's level stands in the way of the cluster file's route, or of part of it. */
function routes({ namespace: place }: ClusterFacts, { route, observeNode }: Cluster): Capability[] {
  const level = enforcedLevel(place);
  if (level === "privileged") return [];
  const why = (what: string, needed: PodSecurityLevel) => ({
    detail: `${what} needs Pod Security level ${needed}, and the namespace is ${level}`,
    remedy: `kubectl label --overwrite namespace ${place.name} pod-security.kubernetes.io/enforce=${needed}`,
  });
  const needed = deliveryRoutes[route].podSecurity;
  const allowed = levels.indexOf(needed) <= levels.indexOf(level);
  return [
    ...(allowed ? [] : [lacking("route", why(`the route ${route}`, needed))]),
    ...(observeNode ? [lacking("observeNode", why("the pod that watches the node", "privileged"))] : []),
    ...(route === "pod-sysctls" ? [lacking("unsafe keys", why("a pod with one", "privileged"), false)] : []),
  ];
}

/** Without a label Kubernetes admits every pod, unless the server was told another default, which it doesn't show. */
export function enforcedLevel(place: ClusterFacts["namespace"]): PodSecurityLevel {
  return place.is === "there" ? (place.enforce ?? "privileged") : "privileged";
}

function permissions({ refused, namespace: place }: ClusterFacts): Capability {
  const missing = [...refused.run, ...refused.cluster];
  if (missing.length === 0) return capability("permissions", { detail: "all that a run needs" });
  return lacking("permissions", {
    detail: `this account lacks, for namespace ${place.name}: ${missing.map(verbsOf).join("; ")}`,
    remedy: "kubectl apply -f clusters/rbac.yaml, as an administrator; then use the account tunebench",
  });
}

function verbsOf(permission: Permission): string {
  return `${permission.verbs.join(", ")} ${resourceName(permission)}`;
}

/** API group of NetworkAttachmentDefinition (k8snetworkplumbingwg). */
const attachmentGroup = "k8s.cni.cncf.io";

function attachments({ groups, refused }: ClusterFacts): Capability {
  if (!groups.includes(attachmentGroup)) {
    const detail =
      "no NetworkAttachmentDefinition here: this route works only where the nodes' own CNI configuration has the tuning plugin";
    return lacking("tuning-cni", { detail, remedy: "install Multus, or take another route" }, false);
  }
  if (refused.attachments.length === 0) {
    return capability("tuning-cni", { detail: "NetworkAttachmentDefinition is there", required: false });
  }
  const detail = `this account lacks ${refused.attachments.map(verbsOf).join("; ")}`;
  return lacking("tuning-cni", { detail, remedy: "kubectl apply -f clusters/rbac.yaml, as an administrator" }, false);
}

/** What else is seen to act on nodes and pods, by API group. */
const platforms: Record<string, string> = {
  "karpenter.sh": "Karpenter (a run's pods are marked do-not-disrupt)",
  "config.openshift.io": "OpenShift (an account's SecurityContextConstraints decide beside Pod Security)",
};

function platform({ groups }: ClusterFacts): Capability {
  const seen = Object.entries(platforms).filter(([group]) => groups.includes(group));
  const detail = seen.length === 0 ? "neither Karpenter nor OpenShift seen" : seen.map(([, words]) => words).join("; ");
  return capability("platform", { detail, required: false });
}
