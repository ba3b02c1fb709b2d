import { conditionResults } from "../detect/conditions.ts";
import { judgeGoals } from "../detect/goals.ts";
import { summarizeTrial } from "../detect/summarize.ts";
import { firstRequestMs } from "../detect/windows.ts";
import { eventsOf } from "../results/events.ts";
import { goalsOf } from "../results/experiment.ts";
import type { InvalidReason } from "../results/invalid-reason.ts";
import type { RunRecord, ScheduledTrial } from "../results/run.ts";
import { schemaVersion } from "../results/schema-version.ts";
import type { Refusal, TrialPlatform, TrialRecord } from "../results/trial.ts";
import { rampEndMs } from "../suite/rate.ts";
import type { PartFailure } from "../testbeds/part-failure.ts";
import { type Driven, trialInput } from "./trial-input.ts";

/** Characters of a part's last line that a reason quotes; lastWords has it whole. */
const longestQuote = 200;

/** Which trial a record is of. */
export interface TrialIdentity {
  run: RunRecord;
  planned: ScheduledTrial;
  startedAt: Date;
}

/** The record of a trial whose load was driven to an end. `overheadSeconds` is set by whoever sees the whole trial. */
export function measuredTrial(identity: TrialIdentity, driven: Driven): TrialRecord {
  const { drive, recording, stage, suite } = driven;
  const input = trialInput(driven);
  const generatorFailure = generatorFailureOf(driven);
  const summary = summarizeTrial(input);
  return {
    ...head(identity),
    ...summary,
    ...(generatorFailure === null ? {} : invalid(generatorFailure)),
    stoppedBy: drive.stop,
    refusal: null,
    platform: stage.platform(),
    goals: judgeGoals(goalsOf(suite.experiment), summary.measures),
    conditions: conditionResults(input),
    search: null,
    sysctls: input.sysctls,
    load: {
      firstRequestMs: firstRequestMs(recording.windows),
      rampEndMs: rampEndMs(suite.load.rate),
      stopDecidedMs: drive.stopDecidedMs,
      idleMs: drive.idleMs,
      preAllocatedVirtualUsers: suite.load.virtualUsers,
      exports: drive.exports,
      k6: { exitCode: drive.k6.exitCode, signal: drive.k6.signal },
      runners: drive.k6.runners,
      startSkewMs: drive.startSkewMs,
    },
    samplers: drive.samplers,
    loadSeconds: drive.idleMs / 1000,
    overheadSeconds: 0,
    lastWords: generatorFailure === null ? driven.deaths : { ...driven.deaths, generator: drive.k6.lastLines },
  };
}

/** Why what k6 did is no load at all; null where it did as told. Its numbers would describe something else. */
function generatorFailureOf({ drive: { stop }, recording }: Driven): InvalidReason | null {
  const thrown = eventsOf(recording.events, "script-error")[0];
  if (thrown !== undefined) return { code: "script-threw", words: thrown.words };
  return stop.criterion === "generator-died" ? { code: "generator-died", death: stop.death } : null;
}

/** The record of a trial in which a part died or was never ready, so that no load was driven. */
export function failedTrial(identity: TrialIdentity, failure: PartFailure): TrialRecord {
  const lastWords = { [failure.role]: failure.lastLines };
  return { ...head(identity), ...invalid(reasonOf(failure)), ...withoutLoad, lastWords };
}

/** The record of a trial whose profile the platform would not take: an answer, without load. */
export function refusedTrial(identity: TrialIdentity, refusal: Refusal): TrialRecord {
  const answered = { valid: true, invalidReason: null, outcome: "refused" } as const;
  return { ...head(identity), ...answered, ...withoutLoad, refusal };
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

function head({ run, planned, startedAt }: TrialIdentity) {
  return { schemaVersion, runId: run.id, ...planned, startedAt: startedAt.toISOString() };
}

function invalid(invalidReason: InvalidReason) {
  return { valid: false, invalidReason, outcome: "failed" } as const;
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
};

const nothingSeen: TrialRecord["evidence"] = {
  ports: [],
  acceptQueues: [],
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
  k6: { exitCode: null, signal: null },
  runners: [],
  startSkewMs: null,
};

const withoutLoad = {
  stoppedBy: null,
  refusal: null,
  platform: null,
  fault: null,
  requests: 0,
  successes: 0,
  faults: [],
  measures: nothingMeasured,
  goals: [],
  conditions: [],
  search: null,
  evidence: nothingSeen,
  generator: { bound: false, signs: [], droppedIterations: 0, maxVirtualUsers: 0, cpuCores: null },
  sysctls: [],
  load: noLoad,
  samplers: [],
  loadSeconds: 0,
  overheadSeconds: 0,
  lastWords: {},
  doubts: [],
} satisfies Partial<TrialRecord>;
