import { median } from "simple-statistics";
import type { RunRecord } from "../results/run.ts";
import type { Threshold, ThresholdResult } from "../results/script.ts";
import type { TrialRecord } from "../results/trial.ts";

/** What became of a threshold of the script over some trials. */
export interface ThresholdSummary extends Threshold {
  /** Trials in which it was kept, and missed; the others had no point for it. */
  kept: number;
  missed: number;
  /** The median of what was measured; null where nothing was. */
  value: number | null;
  /** What it is of; null where the script alone knows, or nothing was measured. */
  unit: ThresholdResult["unit"];
}

/** The script's thresholds, in its order. */
export function thresholdSummaries(run: RunRecord, trials: TrialRecord[]): ThresholdSummary[] {
  return (run.script?.thresholds ?? []).map((threshold, place) => {
    const own = trials.flatMap(({ thresholds }) => thresholds[place] ?? []);
    const count = (kept: boolean) => own.filter((one) => one.kept === kept).length;
    const values = own.flatMap(({ value }) => value ?? []);
    return {
      ...threshold,
      kept: count(true),
      missed: count(false),
      value: values.length === 0 ? null : median(values),
      unit: own.find(({ unit }) => unit !== null)?.unit ?? null,
    };
  });
}
