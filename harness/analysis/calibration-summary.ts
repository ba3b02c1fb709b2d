import type { Calibration, RunRecord } from "../results/run.ts";
import { blocksThatWouldDo, minimumDetectable, noiseFloor, reachableTolerance } from "../stats/detectable.ts";
import type { CalibratedMeasure, CalibrationSummary } from "./analysis.ts";
import type { FamilyDesign } from "./noise.ts";

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
