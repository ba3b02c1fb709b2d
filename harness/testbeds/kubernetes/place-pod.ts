import type { V1Pod } from "@kubernetes/client-node";
import { PartFailure } from "../failures.ts";
import { type PlacedPod, untilReady } from "./api/await-pod.ts";
import { createPod } from "./api/create-pod.ts";
import type { PodPatience } from "./api/observe-pod.ts";
import { PodFailure } from "./api/pod-failure.ts";
import { type ClusterTrial, placeTarget } from "./cluster-trial.ts";
import { nodeObserverPod } from "./objects/node-observer.ts";

/** Makes a pod and waits until it is ready. Rejects with PodFailure. */
export async function runPod(trial: ClusterTrial, pod: V1Pod, ownMs: number): Promise<PlacedPod> {
  const { api } = trial.work;
  trial.scope.signal.throwIfAborted();
  await createPod(api, pod);
  return await untilReady(api, pod.metadata?.name ?? "", patienceOf(trial, ownMs));
}

function patienceOf({ work, scope }: ClusterTrial, ownMs: number): PodPatience {
  return { timeouts: work.cluster.timeouts, ownMs, signal: scope.signal };
}

/** Beside what the part itself may take: the sampler's start, and the kubelet's own pace. */
export const startMs = 15_000;

/** The target has its place: further copies and the node's observer go there. */
export async function settle(trial: ClusterTrial, node: string): Promise<void> {
  const { work, objects, scope } = trial;
  await placeTarget(trial, node);
  trial.placed.resolve();
  if (!work.cluster.observeNode) return;
  const pod = nodeObserverPod(objects, node, { role: "node", keys: [], listenPort: null, looks: "node" });
  scope.signal.throwIfAborted();
  await createPod(work.api, pod);
  trial.nodeObserver = pod.metadata?.name ?? null;
}

/**
 * Waits until the node's observer looks, where the cluster file wants one: its pod starts beside what else comes before the load. Rejects
 * with PartFailure.
 */
export async function untilNodeObserved(trial: ClusterTrial): Promise<void> {
  const { nodeObserver, observer } = trial;
  if (nodeObserver === null) return;
  try {
    await untilReady(trial.work.api, nodeObserver, patienceOf(trial, startMs));
  } catch (error) {
    throw inWords("target", error);
  }
  observer.add({ role: "node", pod: nodeObserver });
}

/** A pod that failed, as the part that failed; any other error as it is. */
export function inWords(role: string, error: unknown): unknown {
  if (!(error instanceof PodFailure)) return error;
  const words = error.words === "" || error.lastLines.length > 0 ? "" : `: ${error.words}`;
  return new PartFailure(
    role,
    `(pod ${error.pod}): ${error.reason}${words}`,
    error.lastLines,
    error.remedy ?? undefined,
  );
}
