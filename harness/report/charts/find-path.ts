import type { MeasureName } from "../../core/measures.ts";
import type { TrialOutcome } from "../../results/trial.ts";

/** The steps of a find as they are drawn: down the page, each with what its trials came to on one scale. */
export interface FindPathChart {
  measure: MeasureName;
  steps: { title: string; trials: FindPathTrial[] }[];
}

export interface FindPathTrial {
  value: number;
  /** held: the value is a bound. */
  outcome: TrialOutcome;
  /** What was tried, or what that is held against. */
  isBase: boolean;
}
