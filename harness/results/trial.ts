import type { Caveat } from "./caveats.ts";
import type { Evidence } from "./evidence.ts";
import type { GeneratorSign } from "./generator-signs.ts";
import type { ConditionResult, GoalResult, SearchRecord } from "./goals.ts";
import type { ScheduledTrial } from "./run.ts";
import type { Role, SamplerCost } from "./samples.ts";
import type { FaultCount, Side } from "./window.ts";

/** Version of every record on disk: it goes up with each change of a record, and a reader refuses any other. */
export const schemaVersion = 4;

/**
 * How a trial ended. broke: the declared fault came. degraded: the scan cliff or a latency ceiling was crossed
 * but no fault came. censored: nothing broke up to the stop bound. refused: the platform would not take the profile.
 * failed: the trial itself did not work.
 */
export type Outcome = "broke" | "degraded" | "censored" | "refused" | "failed";

/** What ended the load. `atSeconds` is since the load's first request. */
export interface StopReason {
  criterion:
    | "fault"
    | "requests"
    | "after"
    | "latency"
    | "cliff"
    | "load-ended"
    | "target-died"
    | "upstream-died"
    /** What the trial ran on took a part, or a relay, away. */
    | "part-lost"
    | "generator-died";
  atSeconds: number;
  detail: string;
}

/** The first fault that counts. */
export interface FaultRecord {
  kind: string;
  side: Side;
  /** Start of the first window that has it, seconds since the load's first request. */
  firstSeconds: number;
  /** How it was seen: in the response body, in a part's log, in the generator's own dial, in no answer at all, or inferred from port use alone. */
  seenIn: "body" | "log" | "dial" | "status" | "silence" | "inferred";
  inferred: boolean;
}

/** Percentiles from the merged histogram, ms. `resolutionRatio` is the width of a bucket over its value (0.09 = 9%). */
export interface LatencySummary {
  p50: number;
  p90: number;
  p99: number;
  max: number;
  count: number;
  resolutionRatio: number;
}

/** Latency of a stretch without a wall that begins at the ramp's end: `seconds` long; `failedShare` of its requests failed (0 to 1). */
export interface HealthyLatency extends LatencySummary {
  seconds: number;
  failedShare: number;
}

/**
 * What was measured; null where it could not be (with a doubt that says why), never 0. Seconds count from the load's first request.
 * Of a load in conditions, rate, latency and failures are those of the conditions without actions, together. Of several copies
 * of the target, ports and TIME_WAITs are those of the busiest, new connections those of all.
 */
export interface Measures {
  /** Successes before the first fault; where nothing broke, all successes (the trial is then censored or degraded). */
  requestsBeforeWall: number | null;
  timeToWallSeconds: number | null;
  /** When throughput or latency broke with half the port range in use. */
  scanCliffSeconds: number | null;
  /** Highest rate that kept the goals, of a search's last trial; null in any other. Whether it is a bound: see search. */
  sustainableRatePerSecond: number | null;
  /** Failed over all requests, from the first one to the stop. */
  faultRatio: number | null;
  /** Successes a second from the ramp's end to the stop. */
  sustainedPerSecond: number | null;
  /** Ramp's end to the cliff, the fault or the stop, whichever is first. */
  latencyMs: HealthyLatency | null;
  /** The first 1, 2, 4, 8 ... s of that time, as far as it lasts: what two trials are compared on of which one met its wall earlier. */
  latencyFirstMs: HealthyLatency[];
  /** After the cliff; `lowerBound` where iterations were dropped, so that it is set by the generator's virtual users. */
  latencyAfterCliffMs: (LatencySummary & { lowerBound: boolean }) | null;
  timeWaitPeak: number | null;
  /** Ports in use to the busiest destination over the usable ones, 0 to 1. */
  portUsePeakRatio: number | null;
  connectionsPerSecond: number | null;
  interruptMaxShare: number | null;
  softirqMaxShare: number | null;
  /** Cores used on average from ramp's end to stop, by role; 1 = one core. */
  cpuCores: Record<Role, number | null>;
  /** Resident memory of a role's processes at its peak, bytes. */
  memoryPeakBytes: Record<Role, number | null>;
}

/** One setting's way into a role's namespace. null: could not be read. */
export interface SysctlReading {
  role: Role;
  key: string;
  /** What was asked: by the profile, or by the harness (pinned: memory-dependent defaults). null = only recorded. */
  asked: string | null;
  before: string | null;
  effective: string | null;
  after: string | null;
  origin: "profile" | "pinned" | "recorded";
}

/** Whether the generator was the limit: where there is a sign of it. A bound trial is censored for capacity and missing for latency. */
export interface GeneratorHealth {
  bound: boolean;
  signs: GeneratorSign[];
  droppedIterations: number;
  maxVirtualUsers: number;
  cpuCores: number | null;
}

/** How the load was run. */
export interface LoadRecord {
  firstRequestMs: number | null;
  rampEndMs: number;
  stopDecidedMs: number | null;
  /** Instant at which the generator's process was gone. */
  idleMs: number | null;
  preAllocatedVirtualUsers: number;
  exports: { received: number; failed: number };
  /** Of several runners the worst end. */
  k6: { exitCode: number | null; signal: string | null; meaning: string };
  /** Pods that shared the load; [] where k6 is one process of this machine. */
  runners: RunnerRecord[];
  /** Between the first and the last of several runners' first requests; null where that is not known. */
  startSkewMs: number | null;
}

/** One of the k6 pods that share a load. */
export interface RunnerRecord {
  /** 0-based. */
  runner: number;
  node: string | null;
  exitCode: number | null;
  meaning: string;
  /** As it sent them, and as they came here. */
  exports: { sent: number; received: number };
}

/** What the platform would not do for a profile: an answer where routes are compared. */
export interface Refusal {
  /** The route by which the profile was to reach the pod. */
  route: string;
  /** The platform's own words: an event's message, an admission's, a program's. Untrusted text. */
  words: string;
  /** Why, as a sentence. */
  reason: string;
  /** What to do instead. */
  remedy: string;
}

/** Where a trial's target ran in a cluster, and how its settings got there. */
export interface TrialPlatform {
  node: string;
  instanceType: string | null;
  kernel: string;
  osImage: string;
  containerRuntime: string;
  kubelet: string;
  route: string;
  /** k6 pods, and the nodes they ran on; 0 and [] before the load. */
  runners: number;
  runnerNodes: string[];
  /** Whether the node's own interrupts and connection tracking were watched, by a pod that sees its /proc. */
  nodeObserved: boolean;
}

/** trial.json. `sequence` counts the trials as they were run. */
export interface TrialRecord extends ScheduledTrial {
  schemaVersion: number;
  runId: string;
  startedAt: string;
  valid: boolean;
  /** Why it must not be read as a measurement; null where valid. */
  invalidReason: string | null;
  outcome: Outcome;
  stoppedBy: StopReason | null;
  /** Set where the outcome is `refused`. */
  refusal: Refusal | null;
  /** null on this machine's namespaces. */
  platform: TrialPlatform | null;
  fault: FaultRecord | null;
  /** Totals over the trial. */
  requests: number;
  successes: number;
  faults: FaultCount[];
  measures: Measures;
  /** The suite's goals; [] where it has none. */
  goals: GoalResult[];
  /** In the suite's order; [] where it has none. */
  conditions: ConditionResult[];
  /** With the trial that ended a search; null in any other. */
  search: SearchRecord | null;
  evidence: Evidence;
  generator: GeneratorHealth;
  sysctls: SysctlReading[];
  load: LoadRecord;
  samplers: SamplerCost[];
  /** Wall-clock seconds of load and of everything around it. */
  loadSeconds: number;
  overheadSeconds: number;
  /** Last lines of each part that ended unasked; untrusted text. */
  lastWords: Record<Role, string[]>;
  doubts: Caveat[];
}
