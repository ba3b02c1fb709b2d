import * as z from "zod";
import { caveatShape } from "./caveats.ts";
import { duetShape } from "./duet.ts";
import { evidenceShape } from "./evidence.ts";
import { generatorSignShape } from "./generator-signs.ts";
import { conditionResultShape, goalResultShape, searchRecordShape } from "./goals.ts";
import { invalidReasonShape } from "./invalid-reason.ts";
import { keptUpShape } from "./kept-up.ts";
import { healthyLatencyShape, latencySummaryShape } from "./latency.ts";
import { perIterationShape } from "./per-iteration.ts";
import { scheduledTrialShape } from "./run.ts";
import { byRole, samplerCostShape } from "./samples.ts";
import { thresholdResultShape } from "./script.ts";
import { scriptCountsShape } from "./script-counts.ts";
import { programEnd, stopReasonShape } from "./stop-reason.ts";
import { faultCountShape, sideShape } from "./window.ts";

const outcomeShape = z.enum(["failed", "broke", "degraded", "saturated", "held"]);

/**
 * How a trial ended: the first that applies. failed: the trial itself did not work. broke: the declared fault came. degraded: the
 * scan cliff or a latency ceiling was crossed. saturated: it did not keep up with the rate that was asked, while the generator was well (see
 * KeptUp). held: nothing of that up to the stop, which is a lower bound.
 */
export type TrialOutcome = z.infer<typeof outcomeShape>;

const faultRecordShape = z.object({
  kind: z.string(),
  side: sideShape,
  /** Start of the first window that has it, seconds since the load's first request. */
  firstSeconds: z.number(),
  /** How it was seen: in the response body, by a check of the script's, in a part's log, in the generator's own dial, in no answer at all, or inferred from port use alone. */
  seenIn: z.enum(["body", "check", "log", "dial", "status", "silence", "inferred"]),
  inferred: z.boolean(),
});

/** The first fault that counts. */
export type FaultRecord = z.infer<typeof faultRecordShape>;

const measuresShape = z.object({
  /** Successes before the first fault; where nothing broke, all successes. */
  requestsBeforeWall: z.number().nullable(),
  timeToWallSeconds: z.number().nullable(),
  /** When throughput or latency broke with half the port range in use. */
  scanCliffSeconds: z.number().nullable(),
  /** Highest rate that kept the goals, of a search's last trial; null in any other. Whether it is a bound: see search. */
  sustainableRatePerSecond: z.number().nullable(),
  /** Failed over all requests, from the first one to the stop. */
  faultRatio: z.number().nullable(),
  /** Successes a second from the ramp's end to the stop. */
  sustainedPerSecond: z.number().nullable(),
  /** Ramp's end to the cliff, the fault or the stop, whichever is first. */
  latencyMs: healthyLatencyShape.nullable(),
  /** The first 1, 2, 4, 8 ... s of that time, as far as it lasts: what two trials are compared on of which one met its wall earlier. */
  latencyFirstMs: z.array(healthyLatencyShape),
  /** After the cliff; `lowerBound` where iterations were dropped, so that it is set by the generator's virtual users. */
  latencyAfterCliffMs: latencySummaryShape.extend({ lowerBound: z.boolean() }).nullable(),
  timeWaitPeak: z.number().nullable(),
  /** Ports in use to the busiest destination over the usable ones, 0 to 1. */
  portUsePeakRatio: z.number().nullable(),
  connectionsPerSecond: z.number().nullable(),
  interruptMaxShare: z.number().nullable(),
  softirqMaxShare: z.number().nullable(),
  /** Cores used on average from ramp's end to stop, by role; 1 = one core. */
  cpuCores: byRole(z.number().nullable()),
  /** Resident memory of a role's processes at its peak, bytes. */
  memoryPeakBytes: byRole(z.number().nullable()),
  /** CPU time of the target, its copies together, over the requests of the same time: ramp's end to stop; ms. */
  cpuMsPerRequest: z.number().nullable(),
});

/**
 * What was measured; null where it could not be (with a caveat that says why), never 0. Seconds count from the load's first request.
 * Of a load in conditions, rate, latency and failures are those of the conditions without actions, together. Of several copies
 * of the target, ports and TIME_WAITs are those of the busiest, new connections those of all.
 */
export type Measures = z.infer<typeof measuresShape>;

const sysctlReadingShape = z.object({
  role: z.string(),
  key: z.string(),
  /** What was asked: by the profile, or by the harness (pinned: memory-dependent defaults). null = only recorded. */
  asked: z.string().nullable(),
  before: z.string().nullable(),
  effective: z.string().nullable(),
  after: z.string().nullable(),
  origin: z.enum(["profile", "pinned", "recorded"]),
});

/** One setting's way into a role's namespace. null: could not be read. */
export type SysctlReading = z.infer<typeof sysctlReadingShape>;

const generatorHealthShape = z.object({
  bound: z.boolean(),
  signs: z.array(generatorSignShape),
  droppedIterations: z.number(),
  maxVirtualUsers: z.number(),
  cpuCores: z.number().nullable(),
});

/** Whether the generator was the limit: where there is a sign of it. A bound trial is censored for capacity and missing for latency. */
export type GeneratorHealth = z.infer<typeof generatorHealthShape>;

/** One of the k6 pods that share a load. */
const runnerShape = z.object({
  /** 0-based. */
  runner: z.number(),
  node: z.string().nullable(),
  ...programEnd,
  /** As it sent them, and as they came here. */
  exports: z.object({ sent: z.number(), received: z.number() }),
});

const loadShape = z.object({
  firstRequestMs: z.number().nullable(),
  rampEndMs: z.number(),
  stopDecidedMs: z.number().nullable(),
  /** Instant at which the generator's process was gone. */
  idleMs: z.number().nullable(),
  preAllocatedVirtualUsers: z.number(),
  exports: z.object({ received: z.number(), failed: z.number() }),
  /** Of several runners the worst end. */
  generator: z.object(programEnd),
  /** Pods that shared the load; [] where the generator is one program of this machine. */
  runners: z.array(runnerShape),
  /** Between the first and the last of several runners' first requests; null where that is not known. */
  startSkewMs: z.number().nullable(),
});

/** How the load was run. */
export type LoadRecord = z.infer<typeof loadShape>;

const platformShape = z.object({
  node: z.string(),
  instanceType: z.string().nullable(),
  kernel: z.string(),
  osImage: z.string(),
  containerRuntime: z.string(),
  kubelet: z.string(),
  route: z.string(),
  /** k6 pods, and the nodes they ran on; 0 and [] before the load. */
  runners: z.number(),
  runnerNodes: z.array(z.string()),
  /** Whether the node's own interrupts and connection tracking were watched, by a pod that sees its /proc. */
  nodeObserved: z.boolean(),
  /** What the node's kubelet gives every pod (defaultPodSysctls); null where it was not asked. */
  defaultPodSysctls: z.record(z.string(), z.string()).nullable(),
  /** The Service that the target is, installed already, and how many pods served; null where the run started its target. */
  installed: z.object({ service: z.string(), pods: z.number() }).nullable(),
});

/** Where a trial's target ran in a cluster, and how its settings got there. */
export type TrialPlatform = z.infer<typeof platformShape>;

export const trialShape = z.object({
  schemaVersion: z.number(),
  ...scheduledTrialShape.shape,
  runId: z.string(),
  startedAt: z.string(),
  valid: z.boolean(),
  /** Why it must not be read as a measurement; null where valid. */
  invalidReason: invalidReasonShape.nullable(),
  outcome: outcomeShape,
  stoppedBy: stopReasonShape.nullable(),
  /** null on this machine's namespaces. */
  platform: platformShape.nullable(),
  fault: faultRecordShape.nullable(),
  /** Totals over the trial. */
  requests: z.number(),
  successes: z.number(),
  faults: z.array(faultCountShape),
  /** Iterations of the script that came to their end. */
  iterations: z.number(),
  script: scriptCountsShape,
  /** null where no iteration ended between the ramp's end and the stop. */
  perIteration: perIterationShape.nullable(),
  /** null where no window lies between the ramp's end and the fault or the stop. */
  kept: keptUpShape.nullable(),
  measures: measuresShape,
  /** The suite's goals; [] where it has none. */
  goals: z.array(goalResultShape),
  /** The script's own thresholds, over the whole load. */
  thresholds: z.array(thresholdResultShape),
  /** In the suite's order; [] where it has none. */
  conditions: z.array(conditionResultShape),
  /** With the trial that ended a search; null in any other. */
  search: searchRecordShape.nullable(),
  /** Of a duet: what is compared with the other arm's, stretch by stretch; null in any other run. */
  duet: duetShape.nullable(),
  evidence: evidenceShape,
  generator: generatorHealthShape,
  sysctls: z.array(sysctlReadingShape),
  /** What the references of parts and load became (`target.address` -> "198.18.0.2:8080"); of the caller's environment nothing is shown. */
  references: z.record(z.string(), z.string()),
  load: loadShape,
  samplers: z.array(samplerCostShape),
  /** Wall-clock seconds of load and of everything around it. */
  loadSeconds: z.number(),
  overheadSeconds: z.number(),
  /** Last lines of each part that ended unasked; untrusted text. */
  lastWords: byRole(z.array(z.string())),
  caveats: z.array(caveatShape),
});

/** trial.json. `sequence` counts the trials as they were run. */
export type TrialRecord = z.infer<typeof trialShape>;
