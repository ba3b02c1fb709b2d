import type { InvalidReason } from "../results/invalid-reason.ts";
import type { RunRecord, ScheduledTrial } from "../results/run.ts";
import { schemaVersion } from "../results/schema-version.ts";
import { noScriptCounts } from "../results/script-counts.ts";
import type { TrialPlatform, TrialRecord } from "../results/trial.ts";
import type { PartFailure } from "../testbeds/failures.ts";

/** Characters of a part's last line that a reason quotes; lastWords has it whole. */
const longestQuote = 200;

/** Which trial a record is of. */
export interface TrialIdentity {
  run: RunRecord;
  planned: ScheduledTrial;
  startedAt: Date;
}

/** The record of a trial in which a part died or was never ready, so that no load was driven. */
export function failedTrial(identity: TrialIdentity, failure: PartFailure): TrialRecord {
  const lastWords = { [failure.role]: failure.lastLines };
  return { ...head(identity), ...invalid(reasonOf(failure)), ...withoutLoad, lastWords };
}

/** The record of a trial that came to another node than its block's: what differs between profiles could be the nodes. */
export function movedTrial(identity: TrialIdentity, platform: TrialPlatform, blockNode: string): TrialRecord {
  return { ...head(identity), ...invalid({ code: "moved", node: platform.node, blockNode }), ...withoutLoad, platform };
}

/** What failed, what to do about it, and the part's own last word. */
function reasonOf({ role, summary, hint, lastLines }: PartFailure): InvalidReason {
  const lastLine = lastLines.findLast((line) => line.trim() !== "")?.slice(0, longestQuote) ?? null;
  return { code: "part-not-ready", role, words: summary, hint, lastLine };
}

const nothingMeasured: TrialRecord["measures"] = {
  requestsBeforeWall: null,
  timeToWallSeconds: null,
  scanCliffSeconds: null,
  sustainableRatePerSecond: null,
  faultRatio: null,
  sustainedPerSecond: null,
  latencyMs: null,
  latencyFirstMs: [],
  latencyAfterCliffMs: null,
  timeWaitPeak: null,
  portUsePeakRatio: null,
  connectionsPerSecond: null,
  interruptMaxShare: null,
  softirqMaxShare: null,
  cpuCores: {},
  memoryPeakBytes: {},
  cpuMsPerRequest: null,
};

const nothingSeen: TrialRecord["evidence"] = {
  ports: [],
  acceptQueues: [],
  timeWaits: {},
  counters: {},
  interrupts: null,
  netRxSoftirqs: null,
  softnetProcessed: null,
  softnetDropped: null,
  softnetTimeSqueeze: null,
  cliff: null,
  cpuBusy: [],
  cpuSoftirq: [],
  otherCpu: null,
  conntrack: null,
  throttledMs: {},
  throttledPeriods: {},
  cpusAllowed: {},
  demand: null,
  connections: [],
  sources: [],
  processes: {},
  transfers: {},
  unixQueues: [],
  neighbourTableFulls: null,
  logged: [],
  repeatedLines: {},
  steering: { rpsCpus: {}, irqs: [], irqbalanceRunning: null },
};

const noLoad: TrialRecord["load"] = {
  firstRequestMs: null,
  rampEndMs: 0,
  stopDecidedMs: null,
  idleMs: null,
  preAllocatedVirtualUsers: 0,
  exports: { received: 0, failed: 0 },
  generator: { exitCode: null, signal: null },
  runners: [],
  startSkewMs: null,
};

const withoutLoad = {
  stoppedBy: null,
  platform: null,
  fault: null,
  requests: 0,
  successes: 0,
  faults: [],
  iterations: 0,
  script: noScriptCounts,
  kept: null,
  measures: nothingMeasured,
  perIteration: null,
  goals: [],
  thresholds: [],
  conditions: [],
  search: null,
  duet: null,
  evidence: nothingSeen,
  generator: { bound: false, signs: [], droppedIterations: 0, maxVirtualUsers: 0, cpuCores: null },
  sysctls: [],
  references: {},
  load: noLoad,
  samplers: [],
  loadSeconds: 0,
  overheadSeconds: 0,
  lastWords: {},
  caveats: [],
} satisfies Partial<TrialRecord>;

/** What all records of trials begin with. */
export function head({ run, planned, startedAt }: TrialIdentity) {
  return { schemaVersion, runId: run.id, ...planned, startedAt: startedAt.toISOString() };
}

/** What makes a record one that must not be read as a measurement. */
export function invalid(invalidReason: InvalidReason) {
  return { valid: false, invalidReason, outcome: "failed" } as const;
}
