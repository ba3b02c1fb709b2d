import { formatChosen, formatQuantity, type Unit } from "./units.ts";

/** Which way is better. */
export type Direction = "higher" | "lower";

/** A measured value; where `censored` it is a lower bound: the true value is at least this. */
export interface Value {
  value: number;
  censored: boolean;
}

/** Percentiles of a latency, ms. */
type Percentiles = Record<"p50" | "p90" | "p99" | "max", number>;

type MeasuredNumber =
  | "requestsBeforeWall"
  | "timeToWallSeconds"
  | "scanCliffSeconds"
  | "sustainableRatePerSecond"
  | "sustainedPerSecond"
  | "faultRatio"
  | "timeWaitPeak"
  | "portUsePeakRatio"
  | "connectionsPerSecond"
  | "interruptMaxShare"
  | "softirqMaxShare"
  | "cpuMsPerRequest";

/**
 * What measures are read from: all of a trial, or what a part of it has. What is not there could not be had. Told without the records'
 * types: a record holds names of measures, and these are the registry's keys.
 */
export type Measured = Partial<Record<MeasuredNumber, number | null>> & { latencyMs?: Percentiles | null };

/** How far a trial's number of a measure can be believed. */
type Standing = "exact" | "lower bound" | "unknown";

/** What of a trial decides it. */
interface Judged {
  outcome: string;
  fault: { side: string } | null;
  generator: { bound: boolean };
  search: { lowerBound: boolean } | null;
}

/** All that is known of a measure; its key in the registry is its name in suites and records. */
export interface Measure {
  /** In tables, and in sentences after "the": "1.30x the p99 latency". */
  label: string;
  /** At a column's head. */
  short: string;
  unit: Unit;
  family: "latency" | "wall" | "throughput" | "share" | "count";
  /** Which way is better, where a suite does not say. */
  better: Direction;
  /** How many requests it must stand on to be compared; 1 where any will do. */
  minRequests: number;
  /**
   * Judged unless the suite names its own: how far, how fast, how slow at worst. Times the profiles they are the Holm family, so plan
   * counts the blocks by them and analysis tests them; all others are shown as medians. More of them would cost every verdict
   * more blocks.
   */
  judgedByDefault: boolean;
  /** Taken while all is well, so that each condition has it by itself. */
  inConditions: boolean;
  /** Read from a histogram, so that it is as coarse as the buckets are. */
  fromBuckets: boolean;
  /** Its plain number; null or undefined where it was not measured. */
  read: (measured: Measured) => number | null | undefined;
  /** What a trial's number of it is worth. */
  standing: (trial: Judged) => Standing;
}

/** What holds of a measure that says nothing else. */
const unlessSaid = {
  minRequests: 1,
  judgedByDefault: false,
  inConditions: false,
  fromBuckets: false,
  standing: (): Standing => "exact",
};

/** In the order of the tables. A measure that is added here can be judged and be given a goal, and is reported. */
const registry = {
  requestsBeforeWall: {
    ...wall("requests before the wall", "before wall", "count"),
    judgedByDefault: true,
    read: (measured) => measured.requestsBeforeWall,
    standing: untilTheWall,
  },
  timeToWallSeconds: {
    ...wall("time to the wall", "wall at", "s"),
    read: (measured) => measured.timeToWallSeconds,
    standing: untilTheWall,
  },
  scanCliffSeconds: {
    ...wall("time to the scan cliff", "cliff at", "s"),
    read: (measured) => measured.scanCliffSeconds,
  },
  sustainableRatePerSecond: {
    ...throughput("sustainable rate", "sustainable", "higher"),
    read: (measured) => measured.sustainableRatePerSecond,
    standing: ({ search }) => (search?.lowerBound ? "lower bound" : "exact"),
  },
  sustainedPerSecond: {
    ...throughput("throughput", "throughput", "higher"),
    judgedByDefault: true,
    inConditions: true,
    read: (measured) => measured.sustainedPerSecond,
  },
  faultRatio: { ...share("failed requests", "failed"), inConditions: true, read: (measured) => measured.faultRatio },
  "latencyMs.p50": { ...quantile("p50", 20), label: "median latency" },
  "latencyMs.p90": quantile("p90", 100),
  "latencyMs.p99": { ...quantile("p99", 1000), judgedByDefault: true },
  "latencyMs.max": { ...latency("max"), label: "maximum latency" },
  timeWaitPeak: {
    ...unlessSaid,
    label: "TIME_WAIT peak",
    short: "TIME_WAIT",
    unit: "count",
    family: "count",
    better: "lower",
    read: (measured) => measured.timeWaitPeak,
  },
  portUsePeakRatio: { ...share("port use peak", "port use"), read: (measured) => measured.portUsePeakRatio },
  connectionsPerSecond: {
    ...throughput("new connections per second", "connections", "lower"),
    read: (measured) => measured.connectionsPerSecond,
  },
  interruptMaxShare: {
    ...share("busiest CPU's share of interrupts", "interrupts"),
    read: (measured) => measured.interruptMaxShare,
  },
  softirqMaxShare: {
    ...share("busiest CPU's share of NET_RX softirqs", "softirqs"),
    read: (measured) => measured.softirqMaxShare,
  },
  cpuMsPerRequest: {
    ...unlessSaid,
    label: "CPU time a request",
    short: "CPU/request",
    unit: "ms",
    family: "count",
    better: "lower",
    read: (measured) => measured.cpuMsPerRequest,
  },
} satisfies Record<string, Measure>;

/** Name of a measure. */
export type MeasureName = keyof typeof registry;

export const measureNames = Object.keys(registry).filter(isMeasureName);

export const judgedByDefault = measureNames.filter((name) => registry[name].judgedByDefault);

export function measureOf(name: MeasureName): Measure {
  return registry[name];
}

export function isMeasureName(name: string): name is MeasureName {
  return Object.hasOwn(registry, name);
}

/** A measure's plain number, in its own unit; null where it was not measured. */
export function measureNumber(measured: Measured, name: MeasureName): number | null {
  return measureOf(name).read(measured) ?? null;
}

/** A trial's value of a measure, with how far it can be believed; null where it was not measured, or is not known. */
export function measuredValue(trial: Judged & { measures: Measured }, name: MeasureName): Value | null {
  const [value, standing] = [measureNumber(trial.measures, name), measureOf(name).standing(trial)];
  return value === null || standing === "unknown" ? null : { value, censored: standing === "lower bound" };
}

/** A measured value with its unit. */
export function formatMeasure(name: MeasureName, value: number): string {
  return formatQuantity(value, measureOf(name).unit);
}

interface Limit {
  measure: MeasureName;
  comparison: "<=" | ">=";
  limit: number;
}

/** "p99 latency <= 50 ms" */
export function formatGoal(goal: Limit): string {
  return `${measureOf(goal.measure).label} ${formatLimit(goal)}`;
}

/** "<= 50 ms" */
export function formatLimit({ measure, comparison, limit }: Limit): string {
  return `${comparison} ${formatChosen(limit, measureOf(measure).unit)}`;
}

function wall(label: string, short: string, unit: Unit) {
  return { ...unlessSaid, label, short, unit, family: "wall", better: "higher" } as const;
}

/** A wall that the target met is one, however hard the generator found it to get there; without one, or with the generator's own, it may lie anywhere beyond. */
function untilTheWall({ outcome, fault }: Judged): Standing {
  return outcome !== "broke" || fault?.side === "generator" ? "lower bound" : "exact";
}

/** Of a generator that was the limit a lower bound. */
function throughput(label: string, short: string, better: Direction) {
  const standing = ({ generator }: Judged): Standing => (generator.bound ? "lower bound" : "exact");
  return { ...unlessSaid, label, short, unit: "1/s", family: "throughput", better, standing } as const;
}

function share(label: string, short: string) {
  return { ...unlessSaid, label, short, unit: "fraction", family: "share", better: "lower" } as const;
}

/** `minRequests`: from which it stands on ten slower ones. The maximum of any number is what it is. */
function quantile(name: keyof Percentiles, minRequests: number) {
  return { ...latency(name), minRequests, fromBuckets: true };
}

/** Not known where the generator was the limit: it may be the generator's own. Of a service that did not keep up the virtual users set it: a bound. */
function latency(name: keyof Percentiles) {
  return {
    ...unlessSaid,
    label: `${name} latency`,
    short: name,
    unit: "ms",
    family: "latency",
    better: "lower",
    inConditions: true,
    read: ({ latencyMs }: Measured) => latencyMs?.[name],
    standing: ({ generator, outcome }: Judged): Standing =>
      generator.bound ? "unknown" : outcome === "saturated" ? "lower bound" : "exact",
  } as const;
}
