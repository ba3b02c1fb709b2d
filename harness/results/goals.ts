import * as z from "zod";
import { measureNames } from "../core/measures.ts";
import { searchCaveatShape } from "./caveats-search.ts";
import { latencySummaryShape } from "./latency.ts";
import { byRole } from "./samples.ts";
import { stopReasonShape } from "./stop-reason.ts";

export const goalShape = z.object({
  measure: z.enum(measureNames),
  comparison: z.enum(["<=", ">="]),
  limit: z.number(),
});

/** What a service must keep: a measure and its limit, in the measure's own unit (ms, requests a second, a fraction). */
export type Goal = z.infer<typeof goalShape>;

export const goalResultShape = goalShape.extend({ value: z.number().nullable(), kept: z.boolean().nullable() });

/** A goal and what was measured; `kept` is null where the measure could not be had. */
export type GoalResult = z.infer<typeof goalResultShape>;

export const searchObjectiveShape = z.object({
  kind: z.literal("sustainable-rate"),
  /** The first rate tried; it doubles from there until a goal is missed. */
  fromPerSecond: z.number(),
  /** No higher rate is tried. */
  toPerSecond: z.number(),
  /** The search ends once the highest kept and the lowest missed rate are closer than this fraction. */
  precision: z.number(),
  /** How long each rate is held, ms, after a ramp of `rampMs`. */
  holdingMs: z.number(),
  rampMs: z.number(),
  /** Most trials of one search, confirmation included. */
  steps: z.number(),
});

/** The search for the highest rate that keeps the goals; rates in requests a second. */
export type SearchObjective = z.infer<typeof searchObjectiveShape>;

export const searchStepShape = z.object({
  ratePerSecond: z.number(),
  phase: z.enum(["ramp", "bisect", "confirm"]),
});

/** One trial of a search. ramp: the rate doubles; bisect: between kept and missed; confirm: the answer is tried once more. */
export type SearchStep = z.infer<typeof searchStepShape>;

const missedShape = z.discriminatedUnion("code", [
  /** `fault` null: an unknown one. */
  z.object({ code: z.literal("broke"), fault: z.string().nullable() }),
  /** By another criterion than the time; `stop` null where the load has no end. */
  z.object({
    code: z.literal("saturated"),
    shortWindows: z.number(),
    windows: z.number(),
    unansweredUsers: z.number().nullable(),
  }),
  z.object({ code: z.literal("cut-short"), stop: stopReasonShape.nullable() }),
  /** `servedPerSecond` null: could not be measured. */
  z.object({ code: z.literal("not-served"), servedPerSecond: z.number().nullable(), askedPerSecond: z.number() }),
  /** `value` null: could not be measured. */
  z.object({ code: z.literal("goal"), ...goalShape.shape, value: z.number().nullable() }),
]);

/** What a step of a search missed, or what could not be known of it. */
export type Missed = z.infer<typeof missedShape>;

const judgedStepShape = searchStepShape.extend({
  sequence: z.number(),
  kept: z.boolean(),
  /** [] where all was kept. */
  missed: z.array(missedShape),
  /** True where the step was missed and the generator may be why: then it says nothing about the service. */
  generatorBound: z.boolean(),
});

/** A step that was run, and whether it kept the goals at the rate that was asked. */
export type JudgedStep = z.infer<typeof judgedStepShape>;

export const searchRecordShape = z.object({
  /** Every valid step in the order it was run. */
  steps: z.array(judgedStepShape),
  /** Highest confirmed rate; null where none was (see caveats). */
  sustainableRatePerSecond: z.number().nullable(),
  /** True where nothing was missed up to the bound, or the generator was the limit: ">=". */
  lowerBound: z.boolean(),
  /** Rates kept above one that was missed, a confirmation that failed, too few steps. */
  caveats: z.array(searchCaveatShape),
});

/** What a search came to; written with the trial that ended it. */
export type SearchRecord = z.infer<typeof searchRecordShape>;

const conditionActionShape = z.discriminatedUnion("kind", [
  /** SIGKILL; started again after `restartAfterMs` (null = stays dead). `replica` counts from 1, of a target with several. */
  z.object({
    kind: z.literal("kill"),
    part: z.string(),
    replica: z.number(),
    atMs: z.number(),
    restartAfterMs: z.number().nullable(),
  }),
  /** SIGSTOP, then SIGCONT after `lastingMs`. */
  z.object({
    kind: z.literal("pause"),
    part: z.string(),
    replica: z.number(),
    atMs: z.number(),
    lastingMs: z.number(),
  }),
  /** An upstream answers `addedMs` later, for `lastingMs`. */
  z.object({
    kind: z.literal("latency"),
    part: z.string(),
    atMs: z.number(),
    lastingMs: z.number(),
    addedMs: z.number(),
  }),
]);

/** Something done to a part during a condition; times in ms from the condition's start. */
export type ConditionAction = z.infer<typeof conditionActionShape>;

export const conditionShape = z.object({
  name: z.string(),
  perSecond: z.number(),
  lastingMs: z.number(),
  actions: z.array(conditionActionShape),
  goals: z.array(goalShape),
});

/** A phase of the load under which the service is judged: normal, peak, failure. */
export type Condition = z.infer<typeof conditionShape>;

const meanAndPeak = byRole(z.object({ mean: z.number(), peak: z.number() }).nullable());

export const conditionResultShape = z.object({
  name: z.string(),
  /** Seconds since the load's first request. */
  fromSeconds: z.number(),
  toSeconds: z.number(),
  askedPerSecond: z.number(),
  requests: z.number(),
  successes: z.number(),
  sustainedPerSecond: z.number().nullable(),
  faultRatio: z.number().nullable(),
  latencyMs: latencySummaryShape.nullable(),
  /**
   * Cores and resident memory by role: mean, and highest second of the cores or highest look of the memory. With several copies of
   * the target `target` is all of them together, and target-1, target-2 ... are the copies.
   */
  cpuCores: meanAndPeak,
  memoryBytes: meanAndPeak,
  /** From the last action's undoing (a restart, the end of a pause) until requests succeed again as before; null without actions, or never. */
  recoverySeconds: z.number().nullable(),
  goals: z.array(goalResultShape),
});

/** What one trial measured under one condition. */
export type ConditionResult = z.infer<typeof conditionResultShape>;
