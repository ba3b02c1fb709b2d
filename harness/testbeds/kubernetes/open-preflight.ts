import { randomBytes } from "node:crypto";
import { CapabilityError } from "../../core/errors.ts";
import type { Scope } from "../../core/scope.ts";
import { schedulableNodes } from "./api/nodes.ts";
import { openRun } from "./api/own-run.ts";
import { PodFailure } from "./api/pod-failure.ts";
import { makePrograms } from "./begin-run.ts";
import type { ClusterWork } from "./cluster-work.ts";
import { nodeChangesLabel } from "./objects/node-settings.ts";
import type { TrialObjects } from "./objects/run-objects.ts";

/** After so long a pod of the preflight ends by itself, beside the times that the cluster file grants it and the one before it. */
const ownSeconds = 180;

/**
 * What pods that only try something hang on: an owner, its Lease and the programs of pods, all of which go with the scope. What each pod, by
 * its number, is made with.
 */
export async function openPreflight(work: ClusterWork, scope: Scope): Promise<(sequence: number) => TrialObjects> {
  const at = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const runName = `tb-${at.toLowerCase()}-${randomBytes(2).toString("hex")}`;
  const { objects } = await openRun({ ...work, runName, data: { for: "preflight" }, scope });
  await makePrograms(work.api, objects);
  const { scheduleMs, startMs } = work.cluster.timeouts;
  const deadlineSeconds = ownSeconds + Math.ceil((2 * (scheduleMs + startMs)) / 1000);
  return (sequence) => ({ ...objects, sequence, deadlineSeconds });
}

/** Where such a pod does not come to run: this cluster can't run anything of the kind, as things are. */
export async function orCapability<T>(proved: Promise<T>): Promise<T> {
  try {
    return await proved;
  } catch (error) {
    if (!(error instanceof PodFailure)) throw error;
    throw new CapabilityError(error.message, { hint: error.remedy ?? undefined, cause: error });
  }
}

/** Whether the run's pods can get to a node that is labelled for changes of its settings. */
export async function hasNodeToChange({ api, cluster }: ClusterWork): Promise<boolean> {
  const nodes = await schedulableNodes(api, { ...cluster.nodeSelector, [nodeChangesLabel]: "true" });
  return nodes.length > 0;
}
