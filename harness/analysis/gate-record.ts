import type { Finding } from "../diagnose/finding.ts";
import type { Direction } from "../results/judged-measures.ts";
import type { MeasureName } from "../results/measure-names.ts";
import type { ProfileRecord, RunRecord } from "../results/run.ts";
import type { Doubt } from "../results/trial.ts";
import type { Comparison, MeasureSummary } from "./analysis.ts";
import type { Difference } from "./differences.ts";

/**
 * What a judged measure comes to at the gate. held: there is no ratio and none is needed, as both arms got through the
 * whole load. undecided: neither a difference nor "same" can be shown.
 */
export type GateResult = "better" | "same" | "held" | "worse" | "undecided";

/** A judged measure of the candidate over the baseline. */
export interface GateComparison extends Comparison {
  measure: MeasureName;
  direction: Direction;
  /** Fraction. */
  tolerance: number;
  baseline: MeasureSummary | null;
  candidate: MeasureSummary | null;
  result: GateResult;
}

/** One side of the gate. */
export interface GateArm {
  runId: string;
  startedAt: string;
  profile: ProfileRecord;
  /** Valid trials that are compared, one for each block. */
  measured: number;
  /** Blocks without a valid trial. */
  lost: number;
  /** What its trials show of a bottleneck. */
  findings: Finding[];
}

/** pass: exit 0. regression: 1. inconclusive: 5. */
export type GateDecision = "pass" | "regression" | "inconclusive";

/** What the gate decides and on what: the JSON report. */
export interface Gate {
  schemaVersion: number;
  decision: GateDecision;
  /** The first thing a reader sees. */
  sentence: string;
  suite: string;
  /** paired: blocks of one run that hold both. unpaired: two runs. */
  pairing: "paired" | "unpaired";
  /** Blocks that hold both; null for two runs. */
  blocks: number | null;
  baseline: GateArm;
  candidate: GateArm;
  comparisons: GateComparison[];
  /** [] within one run. */
  differences: Difference[];
  /** Why there is no decision whatever the numbers say. */
  obstacles: string[];
  doubts: Doubt[];
}

/** Two runs, profile by profile; it decides nothing. */
export interface RunsComparison {
  schemaVersion: number;
  sentence: string;
  baseline: Pick<RunRecord, "id" | "suite" | "startedAt">;
  candidate: Pick<RunRecord, "id" | "suite" | "startedAt">;
  /** Of the profiles that both have. */
  profiles: { profile: string; comparisons: GateComparison[] }[];
  onlyInBaseline: string[];
  onlyInCandidate: string[];
  differences: Difference[];
  doubts: Doubt[];
}
