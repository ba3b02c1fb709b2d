import type { RunRecord } from "../results/run.ts";
import type { TrialRecord } from "../results/trial.ts";

/** A profile's trials; `measured` are those that can be read as a measurement, at most one for each block. */
export interface TrialSet {
  profile: string;
  all: TrialRecord[];
  measured: Map<number, TrialRecord>;
}

/** In the run's order of profiles. Of a block that was run again, the last valid trial counts. */
export function trialSets(run: RunRecord, trials: TrialRecord[]): TrialSet[] {
  return run.profiles.map(({ name }) => {
    const all = trials.filter((trial) => trial.profile === name).toSorted((a, b) => a.sequence - b.sequence);
    const measured = all.filter(({ valid, outcome }) => valid && outcome !== "refused" && outcome !== "failed");
    return { profile: name, all, measured: new Map(measured.map((trial) => [trial.block, trial])) };
  });
}
