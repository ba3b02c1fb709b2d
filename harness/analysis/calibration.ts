import { rootMeanSquare } from "simple-statistics";
import { type MeasureName, measureNames } from "../core/measures.ts";
import type { Calibration, MeasureNoise, RunRecord } from "../results/run.ts";
import type { TrialRecord } from "../results/trial.ts";
import { blockPairs, isRatio } from "./block-pairs.ts";
import { blocksMeasured, type TrialSet, trialSets } from "./trial-sets.ts";

/**
 * How much the baseline differs from itself, from a run of kind "calibration": of every measure that the blocks have a
 * ratio of, not the judged ones only, so that a suite that judges another later needs no new one. The deviation is
 * taken from 1, which is the truth here: whatever else makes two identical arms differ is noise too.
 */
export function calibrationOf(run: RunRecord, trials: TrialRecord[]): Calibration {
  const sets = trialSets(run, trials);
  const baseline = sets.find(({ profile }) => profile === run.baseline);
  const others = sets.filter((set) => set !== baseline);
  const noises = measureNames.flatMap((name) => {
    const noise = baseline === undefined ? null : noiseOf(others, baseline, name);
    return noise === null ? [] : [[name, noise] as const];
  });
  const at = run.ended?.at ?? run.startedAt;
  return { runId: run.id, at, blocks: blocksMeasured(sets), measures: Object.fromEntries(noises) };
}

/** null with fewer than two ratios. Bounds hide how much the arms differ: they are left out. */
function noiseOf(others: TrialSet[], baseline: TrialSet, measure: MeasureName): MeasureNoise | null {
  const results = others.flatMap((set) => [...blockPairs(set, baseline, measure).values()]);
  const logs = results.filter(isRatio).flatMap(({ log, bound }) => (bound === null ? [log] : []));
  return logs.length < 2 ? null : { logRatioDeviation: rootMeanSquare(logs), pairs: logs.length };
}
