import type { RunRecord, ScheduledTrial } from "../results/run.ts";
import type { TrialRecord } from "../results/trial.ts";

/**
 * What the baseline served before its wall, the most of the run's trials up to now; null where it met none, or not in each, for the baseline
 * itself, and where rates differ from trial to trial.
 */
export function baselineWall(
  run: Pick<RunRecord, "experiment" | "baseline">,
  { profile }: Pick<ScheduledTrial, "profile">,
  before: readonly TrialRecord[],
): number | null {
  if (run.experiment.kind !== "fixed" || profile === run.baseline) return null;
  const trials = before.filter((trial) => trial.valid && trial.profile === run.baseline);
  if (trials.length === 0 || trials.some(({ outcome }) => outcome !== "broke")) return null;
  return trials.reduce((most, { measures }) => Math.max(most, measures.requestsBeforeWall ?? 0), 0);
}
