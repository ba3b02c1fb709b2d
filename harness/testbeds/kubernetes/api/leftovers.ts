import { setTimeout as wait } from "node:timers/promises";
import { labelKeys, ownLabels } from "../names.ts";
import type { ClusterApi } from "./cluster-api.ts";
import type { Kind } from "./kinds.ts";
import { untilPodsGone } from "./until-gone.ts";

/** Kinds of which a run makes objects for itself, and which this account may list. */
const kinds: Kind[] = ["Pod", "Job", "ConfigMap", "Lease", "Service"];

/** Deleting a run's owner takes what it owns away within seconds. */
const pollMs = 200;

/**
 * Deletes a run's owner, and waits until the cluster has taken away all that carries the run's label. Resolves with
 * what is still there after `limitMs`: "Pod tb-…-003-target" and the like.
 */
export async function removeRun(api: ClusterApi, runName: string, limitMs: number): Promise<string[]> {
  const until = performance.now() + limitMs;
  const labels = `${labelKeys.run}=${runName}`;
  await api.remove("ConfigMap", runName);
  // The cluster's garbage collection comes to them later; to some, such as one that observed from its node, never: nothing owns them.
  const pods = await api.list("Pod", { labels });
  await Promise.all(pods.map(({ metadata }) => api.remove("Pod", metadata?.name ?? "")));
  await untilPodsGone(api, labels, limitMs);
  for (;;) {
    const left = await runObjects(api, runName);
    if (left.length === 0 || performance.now() >= until) return left;
    await wait(pollMs);
  }
}

/** Names of all runs that have something in the namespace. */
export async function runsIn(api: ClusterApi): Promise<string[]> {
  const labels = [...Object.entries(ownLabels).map(([key, value]) => `${key}=${value}`), labelKeys.run].join(",");
  const lists = await Promise.all(kinds.map((kind) => api.list(kind, { labels })));
  return [...new Set(lists.flat().map(({ metadata }) => metadata?.labels?.[labelKeys.run] ?? ""))].sort();
}

/** All objects of a run, as "KIND NAME". */
export async function runObjects(api: ClusterApi, runName: string): Promise<string[]> {
  const selector = { labels: `${labelKeys.run}=${runName}` };
  const lists = kinds.map(async (kind) => {
    const objects = await api.list(kind, selector);
    return objects.map(({ metadata }) => `${kind} ${metadata?.name}`);
  });
  return (await Promise.all(lists)).flat();
}
