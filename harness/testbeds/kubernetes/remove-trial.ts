import { IncompleteError } from "../../core/errors.ts";
import type { ClusterApi } from "./api/cluster-api.ts";
import type { Kind } from "./api/kinds.ts";
import { untilPodsGone } from "./api/until-gone.ts";
import { labelKeys, sequenceText } from "./names.ts";

/** What a trial makes beside Jobs. */
const kinds: Kind[] = ["Pod", "ConfigMap", "Service"];

const goneMs = 60_000;

/**
 * Deletes all objects of one trial, and waits until its pods are gone: the next trial's are then alone on the node, and a node's settings
 * are as they were. Throws IncompleteError with what is left after a minute.
 */
export async function removeTrial(api: ClusterApi, runName: string, sequence: number): Promise<void> {
  const labels = `${labelKeys.run}=${runName},${labelKeys.trial}=${sequenceText(sequence)}`;
  // First: they make pods.
  await removeAll(api, "Job", labels);
  await Promise.all(kinds.map((kind) => removeAll(api, kind, labels)));
  const left = await untilPodsGone(api, labels, goneMs);
  if (left.length === 0) return;
  throw new IncompleteError(`still there: ${left.map((name) => `pod ${name}`).join(", ")}`, {
    hint: `kubectl --namespace ${api.namespace} get pods shows what holds them`,
  });
}

async function removeAll(api: ClusterApi, kind: Kind, labels: string): Promise<void> {
  const objects = await api.list(kind, { labels });
  await Promise.all(objects.map(({ metadata }) => api.remove(kind, metadata?.name ?? "")));
}
