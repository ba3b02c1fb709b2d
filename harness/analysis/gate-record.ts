import type { Direction, MeasureName } from "../core/measures.ts";
import type { Finding } from "../diagnose/finding.ts";
import type { RaisedCaveat } from "../results/caveats.ts";
import type { Goal } from "../results/goals.ts";
import type { ProfileRecord, RunRecord } from "../results/run.ts";
import type { TrialRecord } from "../results/trial.ts";
import type { Comparison, MeasureSummary } from "./analysis.ts";
import type { Difference } from "./differences.ts";
import type { CheckReason, GateReason, Obstacle } from "./reason.ts";

/** A run as it was read. */
export interface StoredSide {
  run: RunRecord;
  trials: TrialRecord[];
  /** What could not be read, a sentence each. */
  unreadable: string[];
}

/** A stored run, and which of its profiles is meant. */
export interface GateSide extends StoredSide {
  profile: string;
}

/**
 * What a judged measure comes to at the gate. held: there is no ratio and none is needed, as both arms got through the
 * whole load. undecided: neither a difference nor "same" can be shown.
 */
export type GateResult = "better" | "same" | "held" | "worse" | "undecided";

/** A judged measure of the candidate over the baseline. */
export interface GateComparison extends Omit<Comparison, "reason"> {
  /** The measure's name. */
  measure: MeasureName;
  /** Whether higher or lower is better. */
  direction: Direction;
  /** Fraction. */
  tolerance: number;
  /** Over the trials of the baseline; null where none has it. */
  baseline: MeasureSummary | null;
  /** Over the trials of the candidate. */
  candidate: MeasureSummary | null;
  /** What it comes to: held where there is no ratio and none is needed, undecided where nothing can be shown. */
  result: GateResult;
  /** Why it is undecided; with a result that has no ratio, what it rests on. */
  reason: GateReason | null;
}

/**
 * Something every trial answers with yes or no (or more or less), compared whatever is judged: exact sign test over the blocks
 * that differ, permutation test between two runs.
 */
export interface GateCheck {
  /** What was asked. */
  question: CheckQuestion;
  /** Trials that did not, of those whose answer is known. */
  baseline: { failed: number; trials: number };
  /** The candidate's. */
  candidate: { failed: number; trials: number };
  /** Adjusted with the judged measures; null where too few blocks differ for any p below the level: then it is not tested. */
  p: number | null;
  /** held: the candidate was worse nowhere. undecided: it was worse somewhere, or its answer is not known, and no test tells. */
  result: "worse" | "better" | "held" | "undecided";
  /** Why it is undecided, or what it rests on. */
  reason: CheckReason | null;
}

/** Whether the service stood the load (did not break, was not degraded), or kept a goal: the suite's own, or a condition's. */
export type CheckQuestion = { kind: "outcome" } | { kind: "goal"; condition: string | null; goal: Goal };

/** One side of the gate. */
export interface GateArm {
  /** The run's id. */
  runId: string;
  /** When that run began. */
  startedAt: string;
  /** The profile and all that it sets. */
  profile: ProfileRecord;
  /** Valid trials that are compared, one for each block. */
  measured: number;
  /** Planned blocks without a valid trial, those without any record counted in. */
  lost: number;
  /** What its trials show of a bottleneck. */
  findings: Finding[];
}

/** pass: exit 0. regression: 1. inconclusive: 5. */
export type GateDecision = "pass" | "regression" | "inconclusive";

/** What the gate decides and on what: the JSON report. */
export interface Gate {
  /** Form of this file. */
  schemaVersion: number;
  /** pass: exit 0. regression: 1. inconclusive: 5. */
  decision: GateDecision;
  /** The suite's name. */
  suite: string;
  /** paired: blocks of one run that hold both. unpaired: two runs. */
  pairing: "paired" | "unpaired";
  /** Blocks that hold both; null for two runs. */
  blocks: number | null;
  /** The side that is compared with. */
  baseline: GateArm;
  /** The side that is judged. */
  candidate: GateArm;
  /** Each judged measure. */
  comparisons: GateComparison[];
  /** [] where the run searched for a rate: a search goes on until goals are missed. */
  checks: GateCheck[];
  /** [] within one run. */
  differences: Difference[];
  /** Why there is no decision whatever the numbers say. */
  obstacles: Obstacle[];
  /** Caveats. */
  caveats: RaisedCaveat[];
}
