import { randomBytes } from "node:crypto";
import type { V1EphemeralContainer } from "@kubernetes/client-node";
import type { Scope } from "../../../core/scope.ts";
import type { SamplerMessage, SamplerSettings } from "../../../pods/messages.ts";
import type { Cluster } from "../../../suite/cluster.ts";
import type { ClusterApi } from "../api/cluster-api.ts";
import type { Pod } from "../api/kinds.ts";
import { openLog } from "../api/log.ts";
import { asUserOf, mainContainer, programAsArgument } from "../observe/look-container.ts";
import { dryRunContainer, podText, putContainer } from "../observe/put-container.ts";
import { followLines, type LineFollow } from "../runners/follow-lines.ts";
import type { FollowSampler } from "../runners/follow-samplers.ts";
import { rightsHint } from "./find-installed.ts";

/**
 * Samplers in pods that are not the run's. Each is a container that can't be taken out of its pod again, so one serves all trials that begin while it
 * runs: it ends by itself, whatever becomes of the harness.
 */
export interface Guests {
  /** The sampler of a pod that goes on for so many seconds at least, for one trial's observer. Rejects as putContainer does. */
  of(pod: Pod, wanted: GuestWanted, signal: AbortSignal): Promise<FollowSampler>;
}

/** What a trial wants of a pod's sampler. */
export interface GuestWanted {
  /** As which the pod is known in this trial. */
  role: string;
  keys: string[];
  listenPort: number | null;
  seconds: number;
}

export interface GuestTools {
  /** Of the pods' own namespace. */
  api: ClusterApi;
  cluster: Cluster;
  /** The sampler's bundled program. */
  text: string;
}

/** So long runs each at least: a pod gets one record in that time at most. */
const leastSeconds = 600;

interface Guest {
  endsMs: number;
  listeners: Set<Parameters<FollowSampler>[0]>;
  follow: LineFollow;
}

/** None yet; their logs are followed until the scope is over. */
export function openGuests(tools: GuestTools, scope: Scope): Guests {
  const guests = new Map<string, Guest>();
  return {
    async of(pod, wanted, signal) {
      const uid = pod.metadata?.uid ?? "";
      const known = guests.get(uid);
      // One that fell silent was ended by somebody.
      const serves = known !== undefined && known.follow.trouble() === null;
      const isEnough = serves && known.endsMs > performance.now() + wanted.seconds * 1000;
      const guest = isEnough ? known : await placeGuest(tools, pod, wanted, scope, signal);
      guests.set(uid, guest);
      return (onMessage) => listenTo(guest, wanted.role, onMessage);
    },
  };
}

/** Whether the cluster lets one in, by the server's own check: nothing is made. Rejects as putContainer does. */
export async function checkGuest(tools: GuestTools, pod: Pod): Promise<void> {
  const settings = settingsOf(tools, pod, { role: "target", keys: [], listenPort: null, seconds: leastSeconds });
  await dryRunContainer({ api: tools.api, pod, container: guestContainer(tools, pod, settings), hints });
}

async function placeGuest(
  tools: GuestTools,
  pod: Pod,
  wanted: GuestWanted,
  scope: Scope,
  signal: AbortSignal,
): Promise<Guest> {
  const { api, cluster } = tools;
  const seconds = Math.max(leastSeconds, Math.ceil(wanted.seconds));
  const container = guestContainer(tools, pod, settingsOf(tools, pod, { ...wanted, seconds }));
  const endsMs = performance.now() + seconds * 1000;
  await putContainer({ api, pod, container, startMs: cluster.timeouts.startMs, hints, signal });
  const listeners: Guest["listeners"] = new Set();
  const follow = followLines<SamplerMessage>({
    openLog: (request) => openLog(api, request),
    pod: pod.metadata?.name ?? "",
    container: container.name,
    whose: `the log of the sampler in ${podText(pod)}`,
    onMessage: (message, at) => {
      for (const listener of listeners) listener(message, at);
    },
  });
  scope.defer(`the log of the sampler in ${podText(pod)}`, follow.stop);
  return { endsMs, listeners, follow };
}

/** What it says from now on, under the role that the pod has in this trial; what got lost before is not this trial's. */
function listenTo({ listeners, follow }: Guest, role: string, onMessage: Parameters<FollowSampler>[0]): LineFollow {
  const lostBefore = follow.losses().length;
  const listener: typeof onMessage = (message, at) => {
    const seen = asRole(message, role);
    if (seen !== null) onMessage(seen, at);
  };
  listeners.add(listener);
  return {
    losses: () => follow.losses().slice(lostBefore),
    trouble: follow.trouble,
    stop: () => void listeners.delete(listener),
  };
}

/** The first pod's node is the target's, as its others are not watched in a trial of the run's own pods either. */
function asRole(message: SamplerMessage, role: string): SamplerMessage | null {
  if (message.kind !== "sample") return message;
  if (message.sample.kind === "node") return role === "target" ? message : null;
  return { ...message, sample: { ...message.sample, role } };
}

function settingsOf(
  { cluster }: GuestTools,
  pod: Pod,
  { role, keys, listenPort, seconds }: GuestWanted,
): SamplerSettings {
  const sharesProcesses = pod.spec?.shareProcessNamespace === true;
  const looks = cluster.observeNode ? "pod" : "pod-and-node";
  return { role, keys, listenPort, looks, guest: { seconds, sharesProcesses } };
}

function guestContainer({ cluster, text }: GuestTools, pod: Pod, settings: SamplerSettings): V1EphemeralContainer {
  const target = mainContainer(pod);
  return {
    name: `tunebench-sampler-${randomBytes(3).toString("hex")}`,
    targetContainerName: target,
    ...programAsArgument({ cluster, text, env: { TUNEBENCH_SAMPLER: JSON.stringify(settings) } }),
    securityContext: asUserOf(pod, target),
  };
}

const hints = {
  rights: `${rightsHint} (patch pods/ephemeralcontainers)`,
  refused:
    "a target that takes no container can't be watched: give its manifest in place of external, and the run makes pods of its own",
};
