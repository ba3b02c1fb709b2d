import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { LookSettings } from "../../../pods/messages.ts";
import type { Cluster } from "../../../suite/cluster.ts";
import type { ClusterApi } from "../api/cluster-api.ts";
import type { Pod } from "../api/kinds.ts";
import { lookContainer, lookPrefix, lookSettings } from "./look-container.ts";
import { podText, putContainer } from "./put-container.ts";

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
      `waiting ${Math.ceil(restMs / 1000)} s: pod ${podText(pod)} was looked at just now, and one record a minute is the most it gets`,
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
    const settings = lookSettings(container);
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
  const container = lookContainer({ cluster, text, settings }, pod, name);
  await putContainer({ api, pod, container, startMs: cluster.timeouts.startMs, hints, signal });
  return name;
}

const hints = {
  rights:
    "clusters/rbac-observe.yaml grants what is missing (patch pods/ephemeralcontainers), and no more; kubectl auth can-i patch pods --subresource ephemeralcontainers asks for it",
  refused: "a cluster file with `observeNode: true` looks from the pod's node instead (--cluster NAME)",
};
