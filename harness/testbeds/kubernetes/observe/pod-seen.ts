import { endpointText } from "../../../core/endpoint.ts";
import { normalValue } from "../../../knowledge/keys.ts";
import type { LiveCaveat, Unseen, Why } from "../../../observe/observation.ts";
import type { Seen } from "../../../observe/seen.ts";
import { type Origins, originOf } from "../../../observe/setting-origin.ts";
import type { LiveSample } from "../../../results/live-samples.ts";
import type { Pod } from "../api/kinds.ts";
import type { AddressNames } from "./address-names.ts";
import type { Heard } from "./follow-look.ts";
import { isOnNodesNetwork, mainContainer } from "./look-container.ts";
import { type PodLimits, podLimits } from "./pod-limits.ts";
import { podText } from "./put-container.ts";

/** What was heard of one pod, from inside it and from its node; null where nobody looked from there. */
export interface PodHeard {
  pod: Pod;
  inside: Heard | null;
  onNode: Heard | null;
}

/** What is told of each: names of addresses, and which settings. */
export interface PodWanted {
  names: AddressNames;
  keys: readonly string[];
  /** Whether the node's own table of connections is shown as well. */
  showsNode: boolean;
}

/** One pod as the rules take it: what was seen from inside, and of its processes what the node shows better. Pure. */
export function seenOf({ pod, inside, onNode }: PodHeard, { names, keys, showsNode }: PodWanted): Seen {
  const all = samplesOf(inside, onNode, podLimits(pod, mainContainer(pod)));
  // From inside nobody can tell that the node's network is the node's.
  const samples = showsNode && isOnNodesNetwork(pod.spec) ? all.filter(({ kind }) => kind !== "tracking") : all;
  const settings = settingsOf(pod, inside).filter(({ key }) => keys.includes(key));
  const processes = onNode?.processes ?? inside?.processes ?? null;
  const unseen = unseenIn(samples, { hasSettings: settings.length > 0, isInside: inside !== null });
  return {
    subject: `pod ${podText(pod)}`,
    samples,
    settings,
    listenLimits: null,
    receiveBuffers: null,
    cpusAllowed: processes?.cpusAllowed ?? null,
    names: namesOf(samples, names),
    caveats: [...networkCaveats(pod), ...unseen, ...memoryCaveats(samples)],
  };
}

/** The network's from inside where somebody was there; the processes' from the node, which sees all of them. In the order of time. */
function samplesOf(inside: Heard | null, onNode: Heard | null, limits: PodLimits): LiveSample[] {
  const own = (inside?.samples ?? []).flatMap(asSeenInside);
  const nodes = (onNode?.samples ?? []).filter(({ kind }) => kind !== "node");
  const fromNode = inside === null ? nodes : nodes.filter(({ kind }) => isOfProcesses(kind));
  const hasNode = fromNode.some(({ kind }) => isOfProcesses(kind));
  const fromInside = hasNode ? own.filter((one) => !isOfProcesses(one.kind) || hasDescriptors(one)) : own;
  const all = [...fromInside, ...fromNode];
  const hasGroup = all.some((sample) => sample.kind === "group" && sample.memoryBytes !== null);
  const groups = hasGroup ? [] : all.flatMap((sample) => groupBySpec(sample, limits));
  const others = hasGroup ? all : all.filter(({ kind }) => kind !== "group");
  return [...others, ...groups].sort((a, b) => a.atMs - b.atMs);
}

function isOfProcesses(kind: LiveSample["kind"]): boolean {
  return kind === "process" || kind === "roleCpu" || kind === "group";
}

function hasDescriptors(sample: LiveSample): boolean {
  return sample.kind === "process" && sample.openFiles !== null;
}

/** A container beside the one that is looked at has cgroups of its own, which it takes for the other's: what they say is left out. */
function asSeenInside(sample: LiveSample): LiveSample[] {
  if (sample.kind === "group" || sample.kind === "node") return [];
  if (sample.kind === "roleCpu") return [{ ...sample, throttledPeriods: null, throttledMs: null }];
  if (sample.kind !== "process") return [sample];
  return [{ ...sample, groupMemoryBytes: null, groupMemoryLimitBytes: null, oomKills: null, cpuPeriods: null }];
}

/** Where no cgroup could be read: the spec's limits, and held against them what is resident. */
function groupBySpec(sample: LiveSample, { memoryBytes, cpuCores }: PodLimits): LiveSample[] {
  if (sample.kind !== "roleCpu") return [];
  const { atMs, role } = sample;
  const nothing = { oomKills: null, cpuPeriods: null, throttledPeriods: null, throttledMs: null };
  const limits = { memoryLimitBytes: memoryBytes, cpuLimitCores: cpuCores };
  return [{ kind: "group", atMs, role, memoryBytes: sample.memoryBytes, ...limits, ...nothing }];
}

function settingsOf(pod: Pod, inside: Heard | null): Seen["settings"] {
  const sysctls = Object.fromEntries(
    (pod.spec?.securityContext?.sysctls ?? []).map(({ name, value }) => [name, value]),
  );
  const origins: Origins = { kernel: inside?.kernel ?? "", spec: { of: "pod", sysctls }, files: null };
  return Object.entries(inside?.settings ?? {}).flatMap(([key, text]) => {
    if (text === null) return [];
    const value = normalValue(text);
    return [{ key, value, origin: originOf(key, value, origins) }];
  });
}

/** Of each destination that was seen, by address and port. */
function namesOf(samples: readonly LiveSample[], names: AddressNames): Record<string, string> {
  const destinations = samples.flatMap((sample) => (sample.kind === "table" ? sample.destinations : []));
  return Object.fromEntries(
    destinations.flatMap(({ address, port }) => {
      const name = names[address];
      return name === undefined ? [] : [[endpointText(address, port), name]];
    }),
  );
}

function networkCaveats(pod: Pod): LiveCaveat[] {
  return isOnNodesNetwork(pod.spec)
    ? [{ code: "host-network", pod: podText(pod), node: pod.spec?.nodeName ?? "" }]
    : [];
}

/** Limits by the spec count no periods: no cgroup was read. */
function memoryCaveats(samples: readonly LiveSample[]): LiveCaveat[] {
  const bySpec = samples.some((one) => one.kind === "group" && one.oomKills === null && one.memoryBytes !== null);
  return bySpec ? [{ code: "memory-resident" }] : [];
}

/** What could not be seen from where it was looked from. */
function unseenIn(
  samples: readonly LiveSample[],
  { hasSettings, isInside }: { hasSettings: boolean; isInside: boolean },
): LiveCaveat[] {
  const has = (matches: (sample: LiveSample) => boolean) => samples.some(matches);
  const missing: Unseen[] = [
    ...(hasSettings ? [] : (["settings"] as const)),
    ...(has(hasDescriptors) ? [] : (["descriptors"] as const)),
    ...(has(({ kind }) => kind === "roleCpu") ? [] : (["processes"] as const)),
    "listen-limits",
  ];
  const whyOf = (what: Unseen): Why => ({
    kind: !isInside && (what === "settings" || what === "listen-limits") ? "from-the-node" : "from-a-pod",
  });
  return missing.map((what) => ({ code: "not-readable", what, why: whyOf(what), place: null }));
}
