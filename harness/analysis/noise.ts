import { sampleStandardDeviation } from "simple-statistics";
import type { RunRecord } from "../results/run.ts";
import { minimumDetectable, type NoiseRequest, noiseFloor, reachableTolerance } from "../stats/detectable.ts";
import type { PairRatio } from "../stats/pairs.ts";
import type { Noise } from "./analysis.ts";
import type { PairedDraft } from "./compare.ts";

/** Where nothing is known of the noise. */
export const noNoise: Noise = { noiseFloor: null, minimumDetectable: null, noiseSource: null };

/** Noise from the run itself stands for a calibration from this many blocks on. */
const leastOwnBlocks = 6;

export const ownBlocks = "own blocks";

/** How the family is judged that a comparison belongs to. */
export interface FamilyDesign {
  /** Comparisons that carry a ratio. */
  family: number;
  looks: number;
}

/** What stands beside a verdict, for as many blocks as the comparison has. */
export function noiseBeside(run: RunRecord, draft: PairedDraft, { family, looks }: FamilyDesign): Noise {
  const known = deviationOf(run, draft);
  const blocks = draft.estimate.n;
  if (known === null || blocks === 0) return noNoise;
  const { tolerance } = draft.measure;
  return {
    noiseFloor: noiseFloor(known.deviation, blocks),
    minimumDetectable: minimumDetectable({ ...known, blocks, comparisons: family, looks, tolerance }),
    noiseSource: known.source,
  };
}

/** Deviation of a block's log ratio without any difference: as calibrated, else of the comparison's own blocks. */
export function deviationOf(
  run: RunRecord,
  { measure, pairs }: Pick<PairedDraft, "measure" | "pairs">,
): { deviation: number; source: string } | null {
  const calibrated = run.calibration?.measures[measure.name];
  if (run.calibration !== null && calibrated !== undefined) {
    return { deviation: calibrated.logRatioDeviation, source: run.calibration.runId };
  }
  const deviation = ownDeviation(pairs);
  return deviation === null ? null : { deviation, source: ownBlocks };
}

/** null where there are few blocks, or where a bound hides how much they differ. */
function ownDeviation(pairs: PairRatio[]): number | null {
  if (pairs.length < leastOwnBlocks || pairs.some(({ bound }) => bound !== null)) return null;
  return sampleStandardDeviation(pairs.map(({ log }) => log));
}

/** Beyond this many blocks "more blocks" is no advice any more. */
const mostBlocks = 100;

/** Fewest blocks with which identical profiles are called the same within the tolerance; null where a hundred are too few. */
export function blocksForTolerance(request: Omit<NoiseRequest, "blocks">, tolerance: number): number | null {
  const reached = (blocks: number) => (reachableTolerance({ ...request, blocks }) ?? Infinity) <= tolerance;
  if (!reached(mostBlocks)) return null;
  let [few, many] = [0, mostBlocks];
  while (many - few > 1) {
    const middle = Math.floor((few + many) / 2);
    if (reached(middle)) many = middle;
    else few = middle;
  }
  return many;
}
