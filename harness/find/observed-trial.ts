import type { MeasureName, Value } from "../core/measures.ts";
import type { Finding } from "../diagnose/finding.ts";
import type { FindTrial } from "../results/find.ts";
import type { GoalResult } from "../results/goals.ts";
import type { KeptUp } from "../results/kept-up.ts";
import type { TrialOutcome } from "../results/trial.ts";

/** What a find looks at of a stored trial. */
export interface ObservedTrial extends FindTrial {
  sequence: number;
  block: number;
  /** What is not valid is no measurement: it is run again. */
  valid: boolean;
  outcome: TrialOutcome;
  kept: KeptUp | null;
  goals: GoalResult[];
  /** With what they are worth: a bound where censored. */
  measures: Partial<Record<MeasureName, Value>>;
  /** The first is the most telling one. */
  findings: Finding[];
  /** Load and what is around it. */
  seconds: number;
}
