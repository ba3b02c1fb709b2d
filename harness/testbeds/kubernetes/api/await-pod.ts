import type { ClusterApi } from "./cluster-api.ts";
import type { Pod } from "./kinds.ts";
import { isStarted } from "./lateness.ts";
import { observePod, type PodPatience } from "./observe-pod.ts";
import { endOfGone, type PodEnd, podEndOf } from "./pod-end.ts";
import { watchObjects } from "./watch.ts";

/** A pod that has its place. */
export interface PlacedPod {
  name: string;
  address: string;
  node: string;
  pod: Pod;
}

/**
 * Waits until all containers of a pod are started (and their startup probes passed), or it is over with success.
 * Rejects with PodFailure.
 */
export async function untilRunning(api: ClusterApi, podName: string, patience: PodPatience): Promise<PlacedPod> {
  return await observePod(api, podName, patience, (pod) =>
    pod.status?.phase === "Succeeded" || isStarted(pod) ? placed(pod) : null,
  );
}

/** Waits until a pod is ready. Rejects with PodFailure. */
export async function untilReady(api: ClusterApi, podName: string, patience: PodPatience): Promise<PlacedPod> {
  return await observePod(api, podName, patience, (pod) => (isReady(pod) ? placed(pod) : null));
}

/**
 * Waits until a container of a pod that runs once has ended with success. Rejects with PodFailure, for any other end
 * too.
 */
export async function untilEnded(
  api: ClusterApi,
  podName: string,
  container: string,
  patience: PodPatience,
): Promise<PodEnd> {
  return await observePod(api, podName, patience, (pod) => {
    const end = podEndOf(pod, container);
    return end?.exitCode === 0 ? end : null;
  });
}

/**
 * Resolves with how a container of a pod that was started ends: by itself, with its pod evicted, or deleted (before
 * this was called, too). null once the signal says that nobody waits for it. Rejects where the API is away for too
 * long.
 */
export async function watchEnd(
  api: ClusterApi,
  podName: string,
  container: string,
  signal: AbortSignal,
): Promise<PodEnd | null> {
  const done = new AbortController();
  let last: Pod | null = null;
  let end: PodEnd | null = null;
  const take = (found: PodEnd | null) => {
    end ??= found;
    if (end !== null) done.abort();
  };
  const onChange = (pod: Pod, gone: boolean) => {
    last = pod;
    take(gone ? endOfGone(pod, container) : podEndOf(pod, container));
  };
  const onListed = () => void (last === null && take(endOfGone({}, container)));
  const both = AbortSignal.any([signal, done.signal]);
  await watchObjects(api, "Pod", { fields: `metadata.name=${podName}` }, onChange, both, onListed);
  return end;
}

function placed(pod: Pod): PlacedPod {
  return {
    name: pod.metadata?.name ?? "",
    address: pod.status?.podIP ?? "",
    node: pod.spec?.nodeName ?? "",
    pod,
  };
}

function isReady(pod: Pod): boolean {
  return pod.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") === true;
}
