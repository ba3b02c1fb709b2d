import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { V1EphemeralContainer } from "@kubernetes/client-node";
import { CapabilityError } from "../../../core/errors.ts";
import type { LookSettings } from "../../../pods/messages.ts";
import type { Cluster } from "../../../suite/cluster.ts";
import type { ClusterApi } from "../api/cluster-api.ts";
import type { Pod } from "../api/kinds.ts";
import { ApiRefusal, isForbiddenByRbac } from "../api/refusal.ts";
import { watchObjects } from "../api/watch.ts";
import { lookContainer, lookPrefix, settingsOf } from "./look-container.ts";

/** A container that looks cannot be taken out of its pod again: its record stays. So one serves whoever asks within a minute. */
const leastSeconds = 60;
/** For what comes after the last sample that is wanted. */
const marginSeconds = 5;

export interface LookRequest {
  api: ClusterApi;
  cluster: Cluster;
  pod: Pod;
  /** The bundled program. */
  text: string;
  keys: string[];
  seconds: number;
  signal: AbortSignal;
  /** Takes what is worth knowing while it is waited. */
  note: (words: string) => void;
}

/**
 * The name of a container of ours that looks at the pod for so long from now on: one that runs already, or a new one. Throws CapabilityError where
 * the account may not make one, or the pod takes none, with what to do.
 */
export async function placeLook(request: LookRequest): Promise<string> {
  const { api, pod, signal } = request;
  const nowMs = Date.now() + api.clockAheadMs();
  const looks = looksIn(pod);
  const fitting = looks.find((look) => fits(look, request, nowMs));
  if (fitting !== undefined) return fitting.name;
  const newest = Math.max(Number.NEGATIVE_INFINITY, ...looks.map(({ startedMs }) => startedMs));
  const restMs = newest + leastSeconds * 1000 - nowMs;
  if (restMs > 0) {
    request.note(
      `waiting ${Math.ceil(restMs / 1000)} s: pod ${nameOf(pod)} was looked at just now, and one record a minute is the most it gets`,
    );
    await wait(restMs, undefined, { signal });
  }
  return await addLook(request);
}

/** One of our containers in a pod, as its spec and its status have it. */
interface Look {
  name: string;
  settings: LookSettings;
  startedMs: number;
  runs: boolean;
}

function looksIn(pod: Pod): Look[] {
  const statuses = pod.status?.ephemeralContainerStatuses ?? [];
  return (pod.spec?.ephemeralContainers ?? []).flatMap((container) => {
    const settings = settingsOf(container);
    const state = statuses.find(({ name }) => name === container.name)?.state;
    const started = state?.running?.startedAt ?? state?.terminated?.startedAt;
    if (settings === null || started === undefined || started === null) return [];
    return [{ name: container.name, settings, startedMs: Date.parse(started), runs: state?.running !== undefined }];
  });
}

function fits({ settings, startedMs, runs }: Look, { keys, seconds }: LookRequest, nowMs: number): boolean {
  const leftSeconds = settings.seconds - (nowMs - startedMs) / 1000;
  return runs && leftSeconds > seconds + marginSeconds && keys.every((key) => settings.keys.includes(key));
}

async function addLook({ api, cluster, pod, text, keys, seconds, signal }: LookRequest): Promise<string> {
  const settings: LookSettings = {
    seconds: Math.max(leastSeconds, Math.ceil(seconds) + marginSeconds),
    keys,
    containerId: null,
    sharesProcesses: pod.spec?.shareProcessNamespace === true,
    portRange: null,
  };
  const name = `${lookPrefix}${randomBytes(3).toString("hex")}`;
  await add(api, pod, lookContainer({ cluster, text, settings }, pod, name));
  await untilRuns(api, pod, name, cluster.timeouts.startMs, signal);
  return name;
}

/** The right that is missing is named, and what else would do. */
async function add(api: ClusterApi, pod: Pod, container: V1EphemeralContainer): Promise<void> {
  try {
    await api.addEphemeralContainer(pod.metadata?.name ?? "", container);
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error;
    throw new CapabilityError(`can't look into pod ${nameOf(pod)}: ${error.words}`, {
      hint: hintOf(error),
      cause: error,
    });
  }
}

function hintOf(refusal: ApiRefusal): string {
  if (isForbiddenByRbac({ code: refusal.code, message: refusal.words })) {
    return "clusters/rbac-observe.yaml grants what is missing (patch pods/ephemeralcontainers), and no more; kubectl auth can-i patch pods --subresource ephemeralcontainers asks for it";
  }
  return "a cluster file with `observeNode: true` looks from the pod's node instead (--cluster NAME)";
}

/** Until the container runs; a look that can't be, because of its image above all, is told at once. */
async function untilRuns(api: ClusterApi, pod: Pod, name: string, startMs: number, signal: AbortSignal): Promise<void> {
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

type LookState = { state: "runs" } | { state: "waits" | "failed"; words: string };

const hopeless = [
  "ErrImageNeverPull",
  "InvalidImageName",
  "CreateContainerConfigError",
  "CreateContainerError",
  "RunContainerError",
];

/** Of one of our containers in a pod. */
function stateOf(pod: Pod, name: string): LookState {
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
  return new CapabilityError(`can't look into pod ${nameOf(pod)}: ${words}`, hint === null ? {} : { hint });
}

/** "shop/web-7d9f" */
export function nameOf({ metadata }: Pod): string {
  return `${metadata?.namespace}/${metadata?.name}`;
}
