import type { MeasureName } from "../core/measures.ts";
import type { Calibration, RunRecord } from "../results/run.ts";
import { blocksThatWouldDo, minimumDetectable, noiseFloor, reachableTolerance } from "../stats/detectable.ts";
import type { FamilyDesign } from "./noise.ts";

/** A judged measure's noise between identical arms, and what runs of different sizes can tell in spite of it. */
export interface CalibratedMeasure {
  measure: MeasureName;
  /** As in MeasureNoise. */
  logRatioDeviation: number;
  pairs: number;
  tolerance: number;
  /** noiseFloor and minimumDetectable as in Noise; within `sameWithin` identical profiles are called the same in 80 of 100 runs. Null where the blocks are too few for a verdict. */
  rows: { blocks: number; noiseFloor: number; minimumDetectable: number | null; sameWithin: number | null }[];
  /** Fewest blocks with which the tolerance can be had in 80 of 100 runs; null where a hundred are too few. */
  blocksForTolerance: number | null;
}

/** What a calibration came to; of the judged measures that a block has a ratio of. */
export interface CalibrationSummary {
  blocks: number;
  measures: CalibratedMeasure[];
}

/** Sizes of runs that a calibration tells of. */
const sizes = [6, 8, 10, 12, 20];

/** What the judged measures' noise lets a run of so many blocks tell, for a suite's measures and tolerances. */
export function calibrationSummary(
  run: RunRecord,
  calibration: Calibration,
  { family, looks }: FamilyDesign,
): CalibrationSummary {
  const measures = run.judged.flatMap(({ name, tolerance }): CalibratedMeasure[] => {
    const noise = calibration.measures[name];
    if (noise === undefined) return [];
    const request = { comparisons: family, looks, deviation: noise.logRatioDeviation, degrees: noise.pairs };
    const rows = sizes.map((blocks) => ({
      blocks,
      noiseFloor: noiseFloor(request, blocks),
      minimumDetectable: minimumDetectable({ ...request, blocks, tolerance }),
      sameWithin: reachableTolerance({ ...request, blocks }),
    }));
    const needed = blocksThatWouldDo({ ...request, tolerance, logRatio: 0 });
    return [{ measure: name, ...noise, tolerance, rows, blocksForTolerance: needed }];
  });
  return { blocks: calibration.blocks, measures };
}
