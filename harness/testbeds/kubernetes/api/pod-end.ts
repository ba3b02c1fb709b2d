import { constants } from "node:os";
import type { V1ContainerStatus } from "@kubernetes/client-node";
import type { Pod, Wire } from "./kinds.ts";

/** How a container ended. */
export interface PodEnd {
  exitCode: number | null;
  /** By the usual sign, an exit code of 128 and the signal's number: 137 = SIGKILL. */
  signal: string | null;
  /** The cluster's word for it: "Completed", "Error", "OOMKilled", "Evicted", "DeadlineExceeded", "Deleted" ... */
  reason: string;
  /** What it says beside that; "" where nothing. Untrusted text. */
  words: string;
  node: string | null;
  /** Whether the cluster, or somebody, took the pod away while the program would have gone on. */
  takenAway: boolean;
}

export type ContainerStatus = Wire<V1ContainerStatus>;

/** What the pod says of how a container ended; null while it has not, or may be started again. */
export function podEndOf(pod: Pod, container: string): PodEnd | null {
  const status = pod.status ?? {};
  const node = pod.spec?.nodeName ?? null;
  const ended = containerStatuses(pod).find(({ name }) => name === container)?.state?.terminated;
  const over = status.phase === "Failed" || status.phase === "Succeeded";
  const disturbance = disturbanceOf(pod);
  const takenAway = disturbance !== null;
  if (ended === undefined || (!over && pod.spec?.restartPolicy === "Always")) {
    if (!over) return null;
    return { exitCode: null, signal: null, reason: reasonOf(pod), words: status.message ?? "", node, takenAway };
  }
  const { reason, words } = disturbance ?? { reason: ended.reason ?? "Error", words: ended.message ?? "" };
  return { ...signalOf(ended.exitCode), reason, words, node, takenAway };
}

const deleted = { reason: "Deleted", words: "it was deleted" };

/** What ended the pod beside its own programs; null where nothing did. */
function disturbanceOf(pod: Pod): { reason: string; words: string } | null {
  const { metadata, status } = pod;
  const disruption = disruptionOf(pod);
  const reason = status?.reason ?? disruption?.reason;
  if (reason !== undefined) return { reason, words: status?.message ?? disruption?.message ?? "" };
  return metadata?.deletionTimestamp === undefined ? null : deleted;
}

/** Of a pod that is gone from the API before its container's end was seen. */
export function endOfGone(pod: Pod, container: string): PodEnd {
  const node = pod.spec?.nodeName ?? null;
  const disturbance = disturbanceOf(pod) ?? deleted;
  return podEndOf(pod, container) ?? { exitCode: null, signal: null, ...disturbance, node, takenAway: true };
}

/** Init containers first. */
export function containerStatuses(pod: Pod): ContainerStatus[] {
  return [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
}

/**
 * Why the cluster itself ends the pod: "EvictionByEvictionAPI", "PreemptionByScheduler", "DeletionByTaintManager" ...
 */
export function disruptionOf(pod: Pod): { reason: string; message: string } | null {
  const condition = pod.status?.conditions?.find(
    ({ type, status }) => type === "DisruptionTarget" && status === "True",
  );
  return condition === undefined ? null : { reason: condition.reason ?? "", message: condition.message ?? "" };
}

function reasonOf(pod: Pod): string {
  return pod.status?.reason ?? disruptionOf(pod)?.reason ?? pod.status?.phase ?? "";
}

/** An exit code of 128 and a signal's number is the signal. */
export function signalOf(exitCode: number): { exitCode: number | null; signal: string | null } {
  const named = Object.entries(constants.signals).find(([, number]) => number === exitCode - 128);
  return named === undefined || exitCode <= 128 ? { exitCode, signal: null } : { exitCode: null, signal: named[0] };
}
