import type { V1Pod } from "@kubernetes/client-node";
import { type PlacedPod, untilReady } from "./api/await-pod.ts";
import { createPod } from "./api/create-pod.ts";
import { type ClusterTrial, placeTarget } from "./cluster-trial.ts";
import { nodeObserverPod } from "./objects/node-observer.ts";

/** Makes a pod and waits until it is ready. Rejects with PodFailure. */
export async function runPod({ work, scope: { signal } }: ClusterTrial, pod: V1Pod, ownMs: number): Promise<PlacedPod> {
  signal.throwIfAborted();
  await createPod(work.api, pod);
  const patience = { timeouts: work.cluster.timeouts, ownMs, signal };
  return await untilReady(work.api, pod.metadata?.name ?? "", patience);
}

/** Beside what the part itself may take: the sampler's start, and the kubelet's own pace. */
export const startMs = 15_000;

/** The target has its place: further copies and the node's observer go there. */
export async function settle(trial: ClusterTrial, node: string): Promise<void> {
  const { work, objects, observer } = trial;
  await placeTarget(trial, node);
  trial.placed.resolve();
  if (!work.cluster.observeNode) return;
  const pod = nodeObserverPod(objects, node, { role: "node", keys: [], listenPort: null, looks: "node" });
  const { name } = await runPod(trial, pod, startMs);
  observer.add({ role: "node", pod: name });
}
