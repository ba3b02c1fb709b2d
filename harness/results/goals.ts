import type { MeasureName } from "../core/measures.ts";
import type { SearchCaveat } from "./caveats-search.ts";
import type { Role } from "./samples.ts";
import type { LatencySummary } from "./trial.ts";

/** What a service must keep: a measure and its limit, in the measure's own unit (ms, requests a second, a fraction). */
export interface Goal {
  measure: MeasureName;
  comparison: "<=" | ">=";
  limit: number;
}

/** A goal and what was measured; `kept` is null where the measure could not be had. */
export interface GoalResult extends Goal {
  value: number | null;
  kept: boolean | null;
}

/** The search for the highest rate that keeps the goals; rates in requests a second. */
export interface SearchObjective {
  kind: "sustainable-rate";
  /** The first rate tried; it doubles from there until a goal is missed. */
  fromPerSecond: number;
  /** No higher rate is tried. */
  toPerSecond: number;
  /** The search ends once the highest kept and the lowest missed rate are closer than this fraction. */
  precision: number;
  /** How long each rate is held, ms, after a ramp of `rampMs`. */
  holdingMs: number;
  rampMs: number;
  /** Most trials of one search, confirmation included. */
  steps: number;
}

/** One trial of a search. ramp: the rate doubles; bisect: between kept and missed; confirm: the answer is tried once more. */
export interface SearchStep {
  ratePerSecond: number;
  phase: "ramp" | "bisect" | "confirm";
}

/** A step that was run, and whether it kept the goals at the rate that was asked. */
export interface JudgedStep extends SearchStep {
  sequence: number;
  kept: boolean;
  /** What was missed, or could not be known: a sentence each; [] where all was kept. */
  missed: string[];
  /** True where the step was missed and the generator may be why: then it says nothing about the service. */
  generatorBound: boolean;
}

/** What a search came to; written with the trial that ended it. */
export interface SearchRecord {
  /** Every valid step in the order it was run. */
  steps: JudgedStep[];
  /** Highest confirmed rate; null where none was (see doubts). */
  sustainableRatePerSecond: number | null;
  /** True where nothing was missed up to the bound, or the generator was the limit: ">=". */
  lowerBound: boolean;
  /** Rates kept above one that was missed, a confirmation that failed, too few steps. */
  doubts: SearchCaveat[];
}

/** Something done to a part during a condition; times in ms from the condition's start. */
export type ConditionAction =
  /** SIGKILL; started again after `restartAfterMs` (null = stays dead). `replica` counts from 1, of a target with several. */
  | { kind: "kill"; part: string; replica: number; atMs: number; restartAfterMs: number | null }
  /** SIGSTOP, then SIGCONT after `lastingMs`. */
  | { kind: "pause"; part: string; replica: number; atMs: number; lastingMs: number }
  /** An upstream answers `addedMs` later, for `lastingMs`. */
  | { kind: "latency"; part: string; atMs: number; lastingMs: number; addedMs: number };

/** A stretch of the load under which the service is judged: normal, peak, failure. */
export interface Condition {
  name: string;
  perSecond: number;
  lastingMs: number;
  actions: ConditionAction[];
  goals: Goal[];
}

/** What one trial measured under one condition. */
export interface ConditionResult {
  name: string;
  /** Seconds since the load's first request. */
  fromSeconds: number;
  toSeconds: number;
  askedPerSecond: number;
  requests: number;
  successes: number;
  sustainedPerSecond: number | null;
  faultRatio: number | null;
  latencyMs: LatencySummary | null;
  /**
   * Cores and resident memory by role: mean, and highest second of the cores or highest look of the memory. With several copies of
   * the target `target` is all of them together, and target-1, target-2 ... are the copies.
   */
  cpuCores: Record<Role, { mean: number; peak: number } | null>;
  memoryBytes: Record<Role, { mean: number; peak: number } | null>;
  /** From the last action's undoing (a restart, the end of a pause) until requests succeed again as before; null without actions, or never. */
  recoverySeconds: number | null;
  goals: GoalResult[];
}
