import type { V1EphemeralContainer } from "@kubernetes/client-node";
import { CapabilityError } from "../../../core/errors.ts";
import type { ClusterApi } from "../api/cluster-api.ts";
import type { Pod } from "../api/kinds.ts";
import { ApiRefusal, isForbiddenByRbac } from "../api/refusal.ts";
import { watchObjects } from "../api/watch.ts";

/** A container that is put into a pod that runs. */
export interface GuestRequest {
  api: ClusterApi;
  pod: Pod;
  container: V1EphemeralContainer;
  startMs: number;
  /** What is to be done where the account may not make it, and where the pod takes none. */
  hints: { rights: string; refused: string };
  signal: AbortSignal;
}

/**
 * Puts one more container into a pod and waits until it runs; its record stays as long as the pod. Throws CapabilityError where the account may not,
 * or the pod takes none, with what to do.
 */
export async function putContainer(request: GuestRequest): Promise<void> {
  await add(request);
  await untilRuns(request);
}

/** As putContainer, of a container that is only checked by the server. */
export async function dryRunContainer(request: Omit<GuestRequest, "startMs" | "signal">): Promise<void> {
  await add(request, { dryRun: true });
}

/** The right that is missing is named, and what else would do. */
async function add(
  { api, pod, container, hints }: Omit<GuestRequest, "startMs" | "signal">,
  options: { dryRun?: boolean } = {},
): Promise<void> {
  try {
    await api.addEphemeralContainer(pod.metadata?.name ?? "", container, options);
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error;
    const lacksRight = isForbiddenByRbac({ code: error.code, message: error.words });
    throw new CapabilityError(`can't look into pod ${podText(pod)}: ${error.words}`, {
      hint: lacksRight ? hints.rights : hints.refused,
      cause: error,
    });
  }
}

/** Until the container runs; one that can't be, because of its image above all, is told at once. */
async function untilRuns({ api, pod, container: { name }, startMs, signal }: GuestRequest): Promise<void> {
  const done = new AbortController();
  const over = AbortSignal.any([signal, done.signal]);
  const result = Promise.withResolvers<void>();
  let last = "it has not been begun";
  const take = (now: Pod, gone: boolean) => {
    const found = stateOf(now, name);
    if (gone || now.metadata?.deletionTimestamp !== undefined) result.reject(failed(pod, "the pod was deleted", null));
    else if (found.state === "runs") result.resolve();
    else if (found.state === "failed") result.reject(failed(pod, found.words, imageHint));
    else last = found.words;
  };
  const timer = setTimeout(
    () => result.reject(failed(pod, `its container did not run within ${startMs / 1000} s: ${last}`, imageHint)),
    startMs,
  );
  const watched = watchObjects(api, "Pod", { fields: `metadata.name=${pod.metadata?.name}` }, take, over);
  watched.catch((error: unknown) => result.reject(error));
  signal.addEventListener("abort", () => result.reject(signal.reason), { signal: done.signal });
  try {
    await result.promise;
  } finally {
    clearTimeout(timer);
    done.abort();
  }
}

const imageHint =
  "the container runs `images.node` of the cluster file (--cluster NAME): one that the pod's node can have";

type GuestState = { state: "runs" } | { state: "waits" | "failed"; words: string };

const hopeless = [
  "ErrImageNeverPull",
  "InvalidImageName",
  "CreateContainerConfigError",
  "CreateContainerError",
  "RunContainerError",
];

/** Of one of our containers in a pod. */
function stateOf(pod: Pod, name: string): GuestState {
  const state = pod.status?.ephemeralContainerStatuses?.find((one) => one.name === name)?.state;
  if (state?.running !== undefined) return { state: "runs" };
  const { terminated, waiting } = state ?? {};
  if (terminated !== undefined) {
    return {
      state: "failed",
      words: `its container ended with ${terminated.exitCode}: ${terminated.message ?? terminated.reason ?? ""}`,
    };
  }
  const words = waiting === undefined ? "the kubelet has not begun it" : `${waiting.reason}: ${waiting.message ?? ""}`;
  return { state: hopeless.includes(waiting?.reason ?? "") ? "failed" : "waits", words };
}

function failed(pod: Pod, words: string, hint: string | null): CapabilityError {
  return new CapabilityError(`can't look into pod ${podText(pod)}: ${words}`, hint === null ? {} : { hint });
}

/** "shop/web-7d9f" */
export function podText({ metadata }: Pod): string {
  return `${metadata?.namespace}/${metadata?.name}`;
}
