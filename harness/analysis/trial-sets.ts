import { leastDisturbed } from "../results/disturbance.ts";
import type { RunRecord, ScheduledTrial } from "../results/run.ts";
import type { TrialRecord } from "../results/trial.ts";

/** A profile's trials; `measured` are those that can be read as a measurement, at most one for each block. */
export interface TrialSet {
  profile: string;
  all: TrialRecord[];
  measured: Map<number, TrialRecord>;
}

/** Blocks that were measured: the most that any profile has. A run that was cut off has fewer than planned. */
export function blocksMeasured(sets: TrialSet[]): number {
  return Math.max(0, ...sets.map(({ measured }) => measured.size));
}

/**
 * In the run's order of profiles. Of a block that was run again, the valid trial that others disturbed least counts. Rechecks and the steps of a
 * search are kept apart: a winner's fresh blocks would count twice what picked it.
 */
export function trialSets(
  run: RunRecord,
  trials: TrialRecord[],
  purpose: ScheduledTrial["purpose"] = "compare",
): TrialSet[] {
  const own = trials.filter((trial) => trial.purpose === purpose).toSorted((a, b) => a.sequence - b.sequence);
  return run.profiles.map(({ name }) => {
    const all = own.filter((trial) => trial.profile === name);
    const counted = all.filter((trial) => isMeasurement(trial) && hasOtherArm(trial, own));
    return { profile: name, all, measured: countedByBlock(counted) };
  });
}

/** Measurements that don't count, since another of the same block was disturbed less. */
export function leftOut({ all, measured }: TrialSet): TrialRecord[] {
  return all.filter((trial) => isMeasurement(trial) && measured.get(trial.block) !== trial);
}

/** One arm of a duet without the other, which a run that was killed may leave, says nothing. */
function hasOtherArm({ duet }: TrialRecord, trials: readonly TrialRecord[]): boolean {
  return duet === null || trials.some((other) => other.sequence === duet.beside && isMeasurement(other));
}

function isMeasurement({ valid, outcome }: TrialRecord): boolean {
  return valid && outcome !== "failed";
}

function countedByBlock(trials: TrialRecord[]): Map<number, TrialRecord> {
  const counted = new Map<number, TrialRecord>();
  for (const { block } of trials) {
    const trial = leastDisturbed(trials.filter((one) => one.block === block));
    if (trial !== undefined) counted.set(block, trial);
  }
  return counted;
}
