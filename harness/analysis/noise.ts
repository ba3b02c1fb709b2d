import { sampleStandardDeviation } from "simple-statistics";
import type { MeasureName } from "../core/measures.ts";
import type { JudgedMeasure, RunRecord } from "../results/run.ts";
import { type KnownDeviation, minimumDetectable, noiseFloor } from "../stats/detectable.ts";
import type { PairRatio } from "../stats/pairs.ts";
import type { RatioEstimate } from "../stats/ratio.ts";
import type { Noise } from "./analysis.ts";
import type { Reason } from "./reason.ts";

/** A draft with the blocks' ratios that it was made of. */
export interface PairedDraft extends Draft {
  pairs: PairRatio[];
}

/** A comparison before p is adjusted. */
export interface Draft {
  profile: string;
  measure: JudgedMeasure;
  estimate: RatioEstimate;
  /** Why no verdict may be given whatever the numbers say. */
  obstacle: Reason | null;
  /** A direction that is known though there is no ratio; a verdict where p bears it. */
  sure: "better" | "worse" | null;
}

/** Where nothing is known of the noise. */
export const noNoise: Noise = { noiseFloor: null, minimumDetectable: null, noiseSource: null, noisePairs: null };

/** Noise is taken from no fewer pairs, a calibration's or the run's own: five may well show half of it. */
export const leastNoisePairs = 6;

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
    noiseFloor: noiseFloor(known, blocks),
    minimumDetectable: minimumDetectable({ ...known, blocks, comparisons: family, looks, tolerance }),
    noiseSource: known.source,
    noisePairs: known.pairs,
  };
}

/** Deviation of a block's log ratio without any difference, and where it is from: a calibration's run id or `ownBlocks`. */
export interface SourcedDeviation extends KnownDeviation {
  source: string;
  pairs: number;
}

/** As calibrated, else of the comparison's own blocks; null where neither has enough pairs. */
export function deviationOf(
  run: RunRecord,
  { measure, pairs }: Pick<PairedDraft, "measure" | "pairs">,
): SourcedDeviation | null {
  return calibratedDeviation(run, measure.name) ?? ownDeviation(pairs);
}

/** Of the run's calibration; null where that has too few pairs of the measure. Its mean is known (1): each pair is a degree of freedom. */
export function calibratedDeviation({ calibration }: RunRecord, measure: MeasureName): SourcedDeviation | null {
  const noise = calibration?.measures[measure];
  if (calibration === null || noise === undefined || noise.pairs < leastNoisePairs) return null;
  const { logRatioDeviation: deviation, pairs } = noise;
  return { deviation, degrees: pairs, pairs, source: calibration.runId };
}

/** null where there are few blocks, or where a bound hides how much they differ. */
function ownDeviation(pairs: PairRatio[]): SourcedDeviation | null {
  if (pairs.length < leastNoisePairs || pairs.some(({ bound }) => bound !== null)) return null;
  const deviation = sampleStandardDeviation(pairs.map(({ log }) => log));
  return { deviation, degrees: pairs.length - 1, pairs: pairs.length, source: ownBlocks };
}
