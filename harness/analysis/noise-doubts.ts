import type { RunRecord } from "../results/run.ts";
import type { Doubt } from "../results/trial.ts";
import { reachableTolerance } from "../stats/detectable.ts";
import type { Comparisons } from "./compare.ts";
import { measureWords } from "./measure-values.ts";
import { blocksForTolerance, deviationOf, ownBlocks } from "./noise.ts";
import { countedBlocks, percentWords } from "./text.ts";

/**
 * Judged measures whose tolerance asks for more than the noise allows: identical profiles would be called the same in fewer
 * than 80 of 100 such runs. Says what could be had, and how many blocks would do. Where the noise is not known, or the
 * blocks are too few for any verdict (which is another doubt), nothing is said.
 */
export function noiseDoubts(run: RunRecord, { byProfile, drafts, blocksNeeded, design }: Comparisons): Doubt[] {
  return run.judged.flatMap(({ name, tolerance }) => {
    const own = drafts.filter(({ measure, obstacle }) => measure.name === name && obstacle === null);
    const open = own.filter(({ profile }) => byProfile.get(profile)?.[name]?.verdict === "inconclusive");
    // Without a calibration the blocks' noise is that of two profiles: where these could be told apart it is no matter.
    const known = (run.calibration?.measures[name] === undefined ? open : own).flatMap(
      (draft) => deviationOf(run, draft) ?? [],
    );
    const widest = known.toSorted((a, b) => b.deviation - a.deviation)[0];
    const blocks = Math.max(0, ...own.map(({ estimate }) => estimate.n));
    if (widest === undefined || blocks < blocksNeeded) return [];
    const request = { deviation: widest.deviation, comparisons: design.family, looks: design.looks };
    const reachable = reachableTolerance({ ...request, blocks });
    if (reachable === null || reachable <= tolerance) return [];
    const needed = blocksForTolerance(request, tolerance);
    const advice = needed === null ? "more than 100 blocks would be needed" : `about ${countedBlocks(needed)} would do`;
    const source = widest.source === ownBlocks ? "this run's own blocks" : `calibration ${widest.source}`;
    const message =
      `the tolerance of ${percentWords(tolerance)} for ${measureWords[name]} is below what the noise allows (by ${source}): with ` +
      `${countedBlocks(blocks)} identical profiles are called the same within ${percentWords(reachable)} only; ${advice}`;
    return [{ code: "tolerance-below-noise", message }];
  });
}
