import type { Finding } from "../diagnose/finding.ts";
import type { Doubt } from "../results/trial.ts";

/** Names of measures that are judged or shown, in the order of the tables. */
export const measureNames = [
  "requestsBeforeWall",
  "timeToWallSeconds",
  "scanCliffSeconds",
  "sustainedPerSecond",
  "latencyMs.p50",
  "latencyMs.p90",
  "latencyMs.p99",
  "latencyMs.max",
  "timeWaitPeak",
  "portUsePeakRatio",
  "connectionsPerSecond",
  "interruptMaxShare",
  "softirqMaxShare",
] as const;
export type MeasureName = (typeof measureNames)[number];

export type Verdict = "better" | "worse" | "same" | "inconclusive";

/** A profile's measure over its valid trials. `censored` of `n` values are lower bounds (">="). */
export interface MeasureSummary {
  median: number;
  low: number;
  high: number;
  n: number;
  censored: number;
}

/** Profile over baseline, paired within blocks. ratio null where both sides are censored in every pair. */
export interface Comparison {
  ratio: number | null;
  /** 95% interval; null where too few blocks give one. */
  low: number | null;
  high: number | null;
  /** True where the ratio is only a lower (or upper) bound because one side was censored. */
  bound: "atLeast" | "atMost" | null;
  /** Adjusted (Holm) two-sided p; null where no test could be made. */
  p: number | null;
  n: number;
  verdict: Verdict;
  /** Why inconclusive, and how many blocks would do. */
  reason: string | null;
}

export interface ProfileAnalysis {
  name: string;
  sysctls: Record<string, Record<string, string>>;
  trials: number;
  invalid: number;
  broke: number;
  degraded: number;
  censored: number;
  refused: number;
  failed: number;
  measures: Partial<Record<MeasureName, MeasureSummary>>;
  /** Median CPU cores by role. */
  cpuCores: Record<string, number>;
  versusBaseline: Partial<Record<MeasureName, Comparison>>;
  findings: Finding[];
  doubts: Doubt[];
}

/** A factor's effect on one measure: its high level over its low one, averaged over the other factors. */
export interface MainEffect {
  factor: string;
  /** "0 -> 1" */
  levels: string;
  measure: MeasureName;
  ratio: number | null;
  low: number | null;
  high: number | null;
  n: number;
  sentence: string;
}

/** analysis.json */
export interface Analysis {
  schemaVersion: number;
  runId: string;
  suite: string;
  /** The first thing a reader sees: one or two sentences, also when nothing broke. */
  verdict: string;
  baseline: string;
  blocks: number;
  /** Blocks from which a verdict on a ratio is possible here. */
  blocksNeeded: number;
  profiles: ProfileAnalysis[];
  mainEffects: MainEffect[];
  /** Spread of a measure over the blocks of one profile (coefficient of variation), the largest of the profiles; null with one block. */
  noise: Partial<Record<MeasureName, number | null>>;
  doubts: Doubt[];
}
