import type { Cluster } from "../../../suite/cluster.ts";
import type { ClusterApi } from "../api/cluster-api.ts";
import { ApiRefusal } from "../api/refusal.ts";
import {
  attachmentPermissions,
  clusterPermissions,
  createNamespacePermissions,
  optionalPermissions,
  runPermissions,
} from "../permissions.ts";
import { refusedOf, unlessRefused } from "./access.ts";
import type { ClusterFacts, NamespaceFacts, PodSecurityLevel } from "./facts.ts";
import { nodeFacts } from "./nodes.ts";

/** Asks the API server for all of it; makes nothing. Rejects only where the server can't be spoken to. */
export async function gatherFacts(api: ClusterApi, cluster: Cluster): Promise<ClusterFacts> {
  const [version, namespace, refused, nodes, groups] = await Promise.all([
    api.version(),
    namespaceFacts(api, cluster.namespace),
    allRefused(api, cluster.namespace),
    nodeFacts(api, cluster),
    groupNames(api),
  ]);
  return { version, context: api.context, namespace, refused, nodes, groups };
}

async function allRefused(api: ClusterApi, namespace: string): Promise<ClusterFacts["refused"]> {
  const [run, cluster, optional, createNamespace, attachments] = await Promise.all([
    refusedOf(api, namespace, runPermissions),
    refusedOf(api, null, clusterPermissions),
    refusedOf(api, null, optionalPermissions),
    refusedOf(api, null, createNamespacePermissions),
    refusedOf(api, namespace, attachmentPermissions),
  ]);
  return { run, cluster, optional, createNamespace, attachments };
}

/** Label by which Pod Security is told what to admit (kubernetes.io: Pod Security Admission). */
const enforceLabel = "pod-security.kubernetes.io/enforce";
const levels: readonly PodSecurityLevel[] = ["privileged", "baseline", "restricted"];

async function namespaceFacts(api: ClusterApi, name: string): Promise<NamespaceFacts> {
  const found = await unlessRefused(api.get("Namespace", name));
  if (found instanceof ApiRefusal) return { is: "unknown", name, words: found.words };
  if (found === null) return { is: "missing", name };
  const label = found.metadata?.labels?.[enforceLabel];
  return { is: "there", name, enforce: levels.find((level) => level === label) ?? null };
}

/** Whoever has an account may read them; empty where a cluster has that changed. */
async function groupNames(api: ClusterApi): Promise<string[]> {
  const found = await unlessRefused(api.read("/apis"));
  if (found instanceof ApiRefusal) return [];
  return (found as { groups: { name: string }[] }).groups.map(({ name }) => name);
}
