import type { Caveat } from "../results/caveats.ts";
import type { JudgedMeasure, RunRecord } from "../results/run.ts";
import { reachableTolerance } from "../stats/detectable.ts";
import type { Comparisons } from "./compare.ts";
import { calibratedDeviation, deviationOf, leastNoisePairs, ownBlocks } from "./noise.ts";

/** What speaks against the noise that stands beside verdicts, and what the noise says against the tolerances. */
export function noiseCaveats(run: RunRecord, comparisons: Comparisons): Caveat[] {
  return [...smallCalibration(run), ...run.judged.flatMap((measure) => belowNoise(run, comparisons, measure))];
}

/** A calibration that is left aside since it is too small to be believed. */
function smallCalibration({ calibration, judged }: RunRecord): Caveat[] {
  const small = judged.flatMap(({ name }) => {
    const pairs = calibration?.measures[name]?.pairs ?? leastNoisePairs;
    return pairs < leastNoisePairs ? [{ name, pairs }] : [];
  });
  if (calibration === null || small.length === 0) return [];
  const measures = small.map(({ name }) => name);
  const pairs = Math.max(...small.map((one) => one.pairs));
  return [{ code: "small-calibration", calibration: calibration.runId, measures, pairs, neededPairs: leastNoisePairs }];
}

/**
 * A judged measure whose tolerance asks for more than the noise allows: identical profiles would be called the same in fewer
 * than 80 of 100 such runs. Says what could be had; how many blocks would do is the open comparison's own reason. Where the
 * noise is not known, or the blocks are too few for any verdict (which is another caveat), nothing is said.
 */
function belowNoise(
  run: RunRecord,
  { byProfile, drafts, blocksNeeded, design }: Comparisons,
  { name, tolerance }: JudgedMeasure,
): Caveat[] {
  const own = drafts.filter(({ measure, obstacle }) => measure.name === name && obstacle === null);
  const open = own.filter(({ profile }) => byProfile.get(profile)?.[name]?.verdict === "inconclusive");
  // Without a calibration the blocks' noise is that of two profiles: where these could be told apart it is no matter.
  const known = (calibratedDeviation(run, name) === null ? open : own).flatMap(
    (draft) => deviationOf(run, draft) ?? [],
  );
  const widest = known.toSorted((a, b) => b.deviation - a.deviation)[0];
  const blocks = Math.max(0, ...own.map(({ estimate }) => estimate.n));
  if (widest === undefined || blocks < blocksNeeded) return [];
  const { deviation, source, pairs } = widest;
  const reachable = reachableTolerance({ deviation, blocks, comparisons: design.family, looks: design.looks });
  if (reachable === null || reachable <= tolerance) return [];
  const calibration = source === ownBlocks ? null : source;
  const noise = { measure: name, tolerance, reachableTolerance: reachable };
  return [{ code: "tolerance-below-noise", ...noise, blocks, calibration, pairs }];
}
