import { endpointText } from "../core/endpoint.ts";
import { counterRises, rises, spanEnds } from "../detect/deltas.ts";
import { spread } from "../detect/spread.ts";
import { largest, sum } from "../detect/windows.ts";
import type { Observed } from "../diagnose/observed.ts";
import type { AcceptQueueEvidence, Evidence, PortEvidence } from "../results/evidence.ts";
import type { LiveSample, LiveSteering } from "../results/live-samples.ts";
import type { ConntrackCounts, NodeSample, Sample } from "../results/samples.ts";
import type { Limit } from "./observation.ts";
import { destinationName } from "./port-limits.ts";
import { acceptQueuesSeen } from "./queue-limits.ts";
import type { ObservationInput, Seen } from "./seen.ts";
import { samplesOf } from "./series.ts";
import { numberOf, portsWithin } from "./values.ts";

/** All of the time looked at. */
const whole = { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY };

/** Nothing at all. */
const unseen: Observed = {
  ...{ seconds: 0, place: "live", settings: [], load: null, generator: null, ports: null, cliff: null },
  ...{ acceptQueues: null, counters: null, conntrack: null, cpus: null, receiveWork: null, netRxSoftirqs: null },
  ...{ interrupts: null, steering: null, cpuCores: null, cpusAllowed: {}, throttling: null, demand: null },
  ...{ connections: null, sources: null, processes: null, transfers: null, unixQueues: null },
  ...{ neighbourTableFulls: null, softnet: null, logged: null, repeatedLines: null },
};

/** What rules are told of one namespace: all that a load would add is null. `limits`: its own, with ports as they count. */
export function observedLive(seen: Seen, limits: readonly Limit[]): Observed {
  const samples = ofTrial(seen.samples);
  const counters = counterRises(samples, "target", whole);
  const cpu = spanEnds(samplesOf(seen.samples, "roleCpu"), whole);
  const group = spanEnds(samplesOf(seen.samples, "group"), whole);
  const between = (first: number | null | undefined, last: number | null | undefined) =>
    first == null || last == null ? null : last - first;
  return {
    ...unseen,
    seconds: secondsOf(seen.samples),
    settings: seen.settings.map(({ key, value }) => ({
      ...{ role: "target", key, effective: value, asked: null, before: value, after: value, origin: "recorded" },
    })),
    ports: portsEvidence(seen, limits),
    conntrack: conntrackEvidence(samplesOf(seen.samples, "tracking")),
    acceptQueues: counters === null ? null : queueEvidence(seen, counters),
    counters: counters === null ? null : { target: counters },
    cpuCores: cpu === null ? null : { target: (cpu.last.cpuMs - cpu.first.cpuMs) / (cpu.last.atMs - cpu.first.atMs) },
    cpusAllowed: seen.cpusAllowed === null ? {} : { target: Array.from({ length: seen.cpusAllowed }, (_, cpu) => cpu) },
    throttling:
      group === null
        ? null
        : {
            throttledMs: { target: between(group.first.throttledMs, group.last.throttledMs) },
            throttledPeriods: { target: between(group.first.throttledPeriods, group.last.throttledPeriods) },
          },
    processes:
      group === null ? null : { target: processOf(seen, between(group.first.cpuPeriods, group.last.cpuPeriods)) },
  };
}

/** What rules are told of the machine beneath. */
export function observedOfNode({ node, steering }: Pick<ObservationInput, "node" | "steering">): Observed {
  const looks: NodeSample[] = samplesOf(node, "node");
  const bounds = spanEnds(looks, whole);
  if (bounds === null) return unseen;
  const { first, last } = bounds;
  const ms = last.atMs - first.atMs;
  const risen = (
    field: "softnetProcessed" | "netRxSoftirqs" | "networkInterrupts" | "softnetDropped" | "softnetTimeSqueeze",
  ) => rises(first[field], last[field]);
  const shares = (field: "cpuBusyMs" | "cpuSoftirqMs") =>
    rises(first[field], last[field]).map((own) => Math.min(1, own / ms));
  return {
    ...unseen,
    seconds: ms / 1000,
    conntrack: conntrackEvidence(looks),
    cpus: { cpuBusy: shares("cpuBusyMs"), cpuSoftirq: shares("cpuSoftirqMs"), otherCpu: null },
    receiveWork: spread(risen("softnetProcessed")),
    netRxSoftirqs: spread(risen("netRxSoftirqs")),
    interrupts: spread(risen("networkInterrupts")),
    steering: steering === null ? null : steeringEvidence(steering),
    softnet: {
      dropped: sum(risen("softnetDropped")),
      squeezed: sum(risen("softnetTimeSqueeze")),
      processed: sum(risen("softnetProcessed")),
    },
  };
}

function conntrackEvidence(looks: readonly ConntrackCounts[]): Evidence["conntrack"] {
  const counts = looks.flatMap(({ conntrackCount }) => conntrackCount ?? []);
  const [first, last] = [looks[0], looks.at(-1)];
  if (counts.length === 0 || first === undefined || last === undefined || last.conntrackMax === null) return null;
  return {
    peak: largest(counts),
    max: last.conntrackMax,
    drops: (last.conntrackDrops ?? 0) - (first.conntrackDrops ?? 0),
    insertFailed: (last.conntrackInsertFailed ?? 0) - (first.conntrackInsertFailed ?? 0),
  };
}

function steeringEvidence({ rpsCpus, irqs, tuners }: LiveSteering): Evidence["steering"] {
  return { irqs, irqbalanceRunning: tuners?.includes("irqbalance") ?? null, rpsCpus: { target: rpsCpus } };
}

function portsEvidence(seen: Seen, limits: readonly Limit[]): PortEvidence[] | null {
  const ports = portsWithin(seen);
  const last = samplesOf(seen.samples, "table").at(-1);
  if (ports === null || last === undefined) return null;
  const nearest = limits.filter(({ limit }) => limit === "ports").toSorted((a, b) => b.used - a.used)[0];
  const to = last.destinations.find((one) => nearest?.subject === destinationName(seen, one, last.destinations));
  if (nearest === undefined || to === undefined) return null;
  return [
    {
      role: "target",
      ...ports,
      destination: { address: to.address, port: to.port, name: seen.names[endpointText(to.address, to.port)] ?? null },
      peakInUse: nearest.used,
      peakTimeWait: nearest.detail.kind === "ports" ? nearest.detail.timeWait - nearest.detail.reusable : 0,
    },
  ];
}

/** Overflows are the namespace's: they are told of the queue that came nearest to its limit. */
function queueEvidence(seen: Seen, counters: Record<string, number>): AcceptQueueEvidence[] | null {
  const [nearest] = acceptQueuesSeen(seen);
  if (nearest === undefined) return null;
  const looks = samplesOf(seen.samples, "table").length;
  return [
    {
      ...{ role: "target", port: nearest.port, effectiveLimit: nearest.of, peakQueued: nearest.peak, looks },
      somaxconn: numberOf(seen, "net.core.somaxconn"),
      leastQueued: null,
      overflows: counters.ListenOverflows ?? 0,
      drops: counters.ListenDrops ?? 0,
    },
  ];
}

function processOf(seen: Seen, cpuPeriods: number | null): NonNullable<Observed["processes"]>[string] {
  const groups = samplesOf(seen.samples, "group");
  const last = samplesOf(seen.samples, "process").at(-1);
  const memory = groups.flatMap(({ memoryBytes }) => memoryBytes ?? []);
  const [before, after] = [groups[0]?.oomKills ?? null, groups.at(-1)?.oomKills ?? null];
  return {
    runDelayCores: null,
    openFiles: last?.openFiles ?? null,
    openFilesLimit: last?.openFilesLimit ?? null,
    groupMemoryPeakBytes: memory.length === 0 ? null : largest(memory),
    groupMemoryLimitBytes: groups.at(-1)?.memoryLimitBytes ?? null,
    oomKills: before === null || after === null ? null : after - before,
    cpuPeriods,
  };
}

/** From the first look to the last. */
export function secondsOf(samples: readonly LiveSample[]): number {
  const times = samples.map(({ atMs }) => atMs);
  return times.length === 0
    ? 0
    : (times.reduce((a, b) => Math.max(a, b)) - times.reduce((a, b) => Math.min(a, b))) / 1000;
}

/** Those of the kinds that a trial has, too. */
function ofTrial(samples: readonly LiveSample[]): Sample[] {
  return samples.filter(
    (sample) =>
      sample.kind !== "table" && sample.kind !== "group" && sample.kind !== "datagrams" && sample.kind !== "tracking",
  );
}
