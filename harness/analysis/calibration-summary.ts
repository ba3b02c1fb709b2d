import type { MeasureName } from "../results/measure-names.ts";
import type { Calibration, RunRecord } from "../results/run.ts";
import { minimumDetectable, noiseFloor, reachableTolerance } from "../stats/detectable.ts";
import type { CalibratedMeasure, CalibrationSummary, Comparison } from "./analysis.ts";
import type { Story } from "./effects.ts";
import { measureWords } from "./measure-values.ts";
import { blocksForTolerance, type FamilyDesign } from "./noise.ts";
import { countedBlocks, listWords, percentWords, ratioWords } from "./text.ts";

/** Sizes of runs that a calibration tells of. */
const sizes = [6, 8, 10, 12, 20];

/** Fewer pairs than this know their deviation to a quarter at best. */
const leastPairs = 10;

/** What the judged measures' noise lets a run of so many blocks tell, for a suite's measures and tolerances. */
export function calibrationSummary(
  run: RunRecord,
  calibration: Calibration,
  { family, looks }: FamilyDesign,
): CalibrationSummary {
  const measures = run.judged.flatMap(({ name, tolerance }): CalibratedMeasure[] => {
    const noise = calibration.measures[name];
    if (noise === undefined) return [];
    const request = { comparisons: family, looks, deviation: noise.logRatioDeviation };
    const rows = sizes.map((blocks) => ({
      blocks,
      noiseFloor: noiseFloor(request.deviation, blocks),
      minimumDetectable: minimumDetectable({ ...request, blocks, tolerance }),
      sameWithin: reachableTolerance({ ...request, blocks }),
    }));
    const needed = blocksForTolerance(request, tolerance);
    return [{ measure: name, ...noise, tolerance, rows, blocksForTolerance: needed }];
  });
  return { blocks: calibration.blocks, measures };
}

/** The verdict of a calibration: how much luck looks like an effect, what can be found, and whether the two arms were alike at all. */
export function calibrationVerdict({ run, profiles }: Story, { blocks, measures }: CalibrationSummary): string {
  const missing = run.judged
    .map(({ name }) => name)
    .filter((name) => measures.every(({ measure }) => measure !== name));
  return [
    `The baseline against itself in ${countedBlocks(blocks)}.`,
    ...measures.map(measureSentence),
    ...(missing.length === 0
      ? []
      : [`No block gives a ratio of ${listWords(missing.map((name) => measureWords[name]))}.`]),
    ...profiles.flatMap(({ versusBaseline }) => differences(versusBaseline)),
    ...(measures.some(({ pairs }) => pairs < leastPairs)
      ? [`From fewer than ${leastPairs} pairs the noise itself is known to a quarter at best.`]
      : []),
  ].join(" ");
}

function measureSentence({
  measure,
  tolerance,
  rows,
  logRatioDeviation,
  blocksForTolerance,
}: CalibratedMeasure): string {
  const luck = percentWords(noiseFloor(logRatioDeviation, 1));
  const row = rows.find(({ minimumDetectable }) => minimumDetectable !== null);
  const found =
    row?.minimumDetectable == null
      ? ""
      : `; ${row.blocks} blocks find a change of ${percentWords(row.minimumDetectable)}`;
  const needed =
    blocksForTolerance === null
      ? "is out of reach with a hundred blocks"
      : `can be called the same from ${blocksForTolerance} blocks on`;
  return `In ${measureWords[measure]} one block differs by up to ${luck} by luck${found}; within the tolerance of ${percentWords(tolerance)} it ${needed}.`;
}

/** "Different" between identical arms is wrong by construction. */
function differences(comparisons: Partial<Record<MeasureName, Comparison>>): string[] {
  const called = Object.entries(comparisons) as [MeasureName, Comparison][];
  return called
    .filter(([, { verdict }]) => verdict === "better" || verdict === "worse")
    .map(
      ([measure, { ratio, p }]) =>
        `The two arms differ in ${measureWords[measure]}${ratio === null ? "" : ` (${ratioWords(ratio)}, p ${p?.toFixed(3) ?? "unknown"})`} though they are the same: ` +
        "one calibration in 20 may show that by luck; if another one does too, what runs before a trial changes the next one.",
    );
}
