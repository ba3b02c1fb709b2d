import type { Analysis } from "../analysis/analysis.ts";
import type { TrialEvent } from "../results/events.ts";
import type { RunRecord } from "../results/run.ts";
import type { Sample } from "../results/samples.ts";
import type { TrialRecord } from "../results/trial.ts";
import type { Window } from "../results/window.ts";

/** What a report is made of. All of it comes from a run's folder, so every report can be made again. */
export interface ReportInput {
  run: RunRecord;
  analysis: Analysis;
  /** All trials, valid or not, in the run's order. */
  trials: TrialRecord[];
  /** One trial of each profile with its time series (chooseTrials says which); profiles without one have no charts. */
  series: TrialSeries[];
}

/** A trial with what was seen over time. */
export interface TrialSeries {
  trial: TrialRecord;
  windows: Window[];
  samples: Sample[];
  events: TrialEvent[];
}
