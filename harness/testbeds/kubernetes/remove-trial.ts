import { setTimeout as wait } from "node:timers/promises";
import { IncompleteError } from "../../core/errors.ts";
import type { ClusterApi } from "./api/cluster-api.ts";
import type { Kind } from "./api/kinds.ts";
import { labelKeys, sequenceText } from "./names.ts";

/** What a trial makes. Jobs first: they make pods. */
const kinds: Kind[] = ["Job", "Pod", "ConfigMap", "Service"];

const goneMs = 60_000;
const pollMs = 300;

/**
 * Deletes all objects of one trial, and waits until its pods are gone: the next trial's are then alone on the node, and a node's settings
 * are as they were. Throws IncompleteError with what is left after a minute.
 */
export async function removeTrial(api: ClusterApi, runName: string, sequence: number): Promise<void> {
  const labels = `${labelKeys.run}=${runName},${labelKeys.trial}=${sequenceText(sequence)}`;
  for (const kind of kinds) {
    const objects = await api.list(kind, { labels });
    await Promise.all(objects.map(({ metadata }) => api.remove(kind, metadata?.name ?? "")));
  }
  const until = performance.now() + goneMs;
  for (;;) {
    const left = await api.list("Pod", { labels });
    if (left.length === 0) return;
    if (performance.now() >= until) {
      throw new IncompleteError(`still there: ${left.map(({ metadata }) => `pod ${metadata?.name}`).join(", ")}`, {
        hint: `kubectl --namespace ${api.namespace} get pods shows what holds them`,
      });
    }
    await wait(pollMs);
  }
}
