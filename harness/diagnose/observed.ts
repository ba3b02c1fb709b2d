import type { AcceptQueueEvidence, Evidence, PortEvidence } from "../results/evidence.ts";
import type { GeneratorHealth, SysctlReading, TrialRecord } from "../results/trial.ts";
import { peaksOf } from "./port-use.ts";
import type { Site } from "./remedy.ts";

/**
 * What rules read. null is what was not looked at, or could not be: a rule that needs it has nothing to say then, which is not the
 * same as that all is well. A look at a live service has no load and no generator.
 */
export interface Observed {
  /** How long was looked at, in seconds: of a trial the load. */
  seconds: number;
  place: Site;
  settings: SysctlReading[];
  load: LoadSeen | null;
  generator: GeneratorHealth | null;
  /** Of each role whose table of connections was read. */
  ports: PortEvidence[] | null;
  cliff: Evidence["cliff"];
  acceptQueues: AcceptQueueEvidence[] | null;
  /** How far the kernel's counters rose, by role. */
  counters: Evidence["counters"] | null;
  conntrack: Evidence["conntrack"];
  /** Of the machine. */
  cpus: Pick<Evidence, "cpuBusy" | "cpuSoftirq" | "otherCpu"> | null;
  /** Which CPU did the receive work. */
  receiveWork: Evidence["softnetProcessed"];
  netRxSoftirqs: Evidence["netRxSoftirqs"];
  interrupts: Evidence["interrupts"];
  steering: Evidence["steering"] | null;
  /** By role: cores used, and the CPUs that it may use (null: all). */
  cpuCores: TrialRecord["measures"]["cpuCores"] | null;
  cpusAllowed: Evidence["cpusAllowed"];
  throttling: Pick<Evidence, "throttledMs" | "throttledPeriods"> | null;
  /** What was asked and what came of it. */
  demand: Evidence["demand"];
  /** Open connections of the target and the upstreams by destination, and ports by local address. */
  connections: Evidence["connections"] | null;
  sources: Evidence["sources"] | null;
  processes: Evidence["processes"] | null;
  transfers: Evidence["transfers"] | null;
  unixQueues: Evidence["unixQueues"] | null;
  neighbourTableFulls: Evidence["neighbourTableFulls"];
  softnet: { dropped: number; squeezed: number; processed: number } | null;
  /** What the parts' logs say. */
  logged: Evidence["logged"] | null;
  repeatedLines: Evidence["repeatedLines"] | null;
}

/** What a load came to. */
type LoadSeen = Pick<
  TrialRecord,
  "requests" | "successes" | "outcome" | "kept" | "stoppedBy" | "fault" | "faults" | "measures" | "load" | "lastWords"
>;

/** Something that may not have been observed. */
export type Need = {
  [Field in keyof Observed]: null extends Observed[Field] ? Field : never;
}[keyof Observed];

/** What was observed, where at least this was. */
export type ObservedWith<Needed extends Need> = Observed & {
  [Field in Needed]: NonNullable<Observed[Field]>;
};

/** Whether all of it was observed. */
export function has<Needed extends Need>(seen: Observed, needs: readonly Needed[]): seen is ObservedWith<Needed> {
  return needs.every((need) => seen[need] !== null);
}

/** Asked and served as the trial's own outcome has them: one page tells one rate. */
function demandOf({ kept, evidence: { demand } }: TrialRecord): Evidence["demand"] {
  if (demand === null || kept === null) return demand;
  return { ...demand, askedPerSecond: kept.askedPerSecond, servedPerSecond: kept.servedPerSecond };
}

/** What a trial's record shows. */
export function observedIn(trial: TrialRecord): Observed {
  const { evidence, measures } = trial;
  return {
    seconds: trial.loadSeconds,
    place: trial.platform === null ? "here" : "cluster",
    settings: trial.sysctls,
    load: trial,
    generator: trial.generator,
    ports: unlessEmpty(evidence.ports.map((ports) => peaksOf(trial, ports))),
    cliff: evidence.cliff,
    acceptQueues: unlessEmpty(evidence.acceptQueues),
    counters: evidence.counters,
    conntrack: evidence.conntrack,
    cpus: evidence.cpuBusy.length === 0 ? null : evidence,
    receiveWork: evidence.softnetProcessed,
    netRxSoftirqs: evidence.netRxSoftirqs,
    interrupts: evidence.interrupts,
    steering: evidence.steering,
    cpuCores: measures.cpuCores,
    cpusAllowed: evidence.cpusAllowed,
    throttling: evidence,
    demand: demandOf(trial),
    connections: unlessEmpty(evidence.connections),
    sources: unlessEmpty(evidence.sources),
    processes: evidence.processes,
    transfers: evidence.transfers,
    unixQueues: unlessEmpty(evidence.unixQueues),
    neighbourTableFulls: evidence.neighbourTableFulls,
    softnet: softnetOf(evidence),
    logged: evidence.logged,
    repeatedLines: evidence.repeatedLines,
  };
}

function softnetOf({ softnetDropped, softnetTimeSqueeze, softnetProcessed }: Evidence): Observed["softnet"] {
  if (softnetDropped === null || softnetProcessed === null) return null;
  return { dropped: softnetDropped, squeezed: softnetTimeSqueeze ?? 0, processed: softnetProcessed.total };
}

function unlessEmpty<T>(list: T[]): T[] | null {
  return list.length === 0 ? null : list;
}
