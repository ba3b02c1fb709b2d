import type { EnoughNote, RunRecord } from "../results/run.ts";
import type { TrialRecord } from "../results/trial.ts";

/**
 * What a run asks about its own results while it goes on. Handed in by the command: the analysis comes after the results, and
 * a run knows nothing of it. Both are pure functions of the records, so that a resumed run gets the same answers.
 */
export interface Judge {
  /** At one of the run's looks: why it may end here (all decided, or what is open can't be); null = go on. */
  enough(run: RunRecord, trials: TrialRecord[]): EnoughNote | null;
  /** The profile to recheck; null where none is better than the baseline. */
  winner(run: RunRecord, trials: TrialRecord[]): string | null;
}
