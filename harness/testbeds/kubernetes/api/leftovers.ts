import { setTimeout as wait } from "node:timers/promises";
import { labelKeys, ownLabels } from "../names.ts";
import type { ClusterApi } from "./cluster-api.ts";
import type { Kind } from "./kinds.ts";

/** Kinds of which a run makes objects for itself, and which this account may list. */
const kinds: Kind[] = ["Pod", "Job", "ConfigMap", "Lease", "Service"];

/** Deleting a run's owner takes all that it owns away within seconds; a pod has a grace period. */
const pollMs = 500;

/**
 * Deletes a run's owner, and waits until the cluster has taken away all that carries the run's label. Resolves with
 * what is still there after `limitMs`: "Pod tb-…-003-target" and the like.
 */
export async function removeRun(api: ClusterApi, runName: string, limitMs: number): Promise<string[]> {
  const until = performance.now() + limitMs;
  await api.remove("ConfigMap", runName);
  await removeUnowned(api, runName);
  for (;;) {
    const left = await objectsOf(api, runName);
    if (left.length === 0 || performance.now() >= until) return left;
    await wait(pollMs);
  }
}

/** Pods that nothing owns, such as one that observed from its node and whose tunebench was killed. */
async function removeUnowned(api: ClusterApi, runName: string): Promise<void> {
  const pods = await api.list("Pod", { labels: `${labelKeys.run}=${runName}` });
  const unowned = pods.filter(({ metadata }) => (metadata?.ownerReferences ?? []).length === 0);
  for (const { metadata } of unowned) await api.remove("Pod", metadata?.name ?? "");
}

/** Names of all runs that have something in the namespace. */
export async function runsIn(api: ClusterApi): Promise<string[]> {
  const labels = [...Object.entries(ownLabels).map(([key, value]) => `${key}=${value}`), labelKeys.run].join(",");
  const lists = await Promise.all(kinds.map((kind) => api.list(kind, { labels })));
  return [...new Set(lists.flat().map(({ metadata }) => metadata?.labels?.[labelKeys.run] ?? ""))].sort();
}

/** All objects of a run, as "KIND NAME". */
export async function objectsOf(api: ClusterApi, runName: string): Promise<string[]> {
  const selector = { labels: `${labelKeys.run}=${runName}` };
  const lists = kinds.map(async (kind) => {
    const objects = await api.list(kind, selector);
    return objects.map(({ metadata }) => `${kind} ${metadata?.name}`);
  });
  return (await Promise.all(lists)).flat();
}
