import type { CalibratedMeasure, CalibrationSummary, Comparison, ProfileAnalysis } from "../../analysis/analysis.ts";
import { leastNoisePairs } from "../../analysis/noise.ts";
import { type MeasureName, measureOf } from "../../core/measures.ts";
import { formatP, formatRatio } from "../../core/numbers.ts";
import { formatChosen, formatPercent } from "../../core/units.ts";
import { counted, listWords } from "../../core/words.ts";
import type { RunRecord } from "../../results/run.ts";
import { noiseFloor } from "../../stats/detectable.ts";

/** With fewer pairs than this it is said how well the deviation itself is known. */
const fewPairs = 10;

/** The verdict of a calibration: how much luck looks like an effect, what can be found, and whether the two arms were alike at all. */
export function calibrationVerdict(
  run: RunRecord,
  profiles: ProfileAnalysis[],
  { blocks, measures }: CalibrationSummary,
): { headline: string; why: string[] } {
  const missing = run.judged
    .map(({ name }) => name)
    .filter((name) => measures.every(({ measure }) => measure !== name));
  const why = [
    ...measures.map(measureSentence),
    ...(missing.length === 0
      ? []
      : [`No block gives a ratio of ${listWords(missing.map((name) => measureOf(name).label))}.`]),
    ...profiles.flatMap(({ versusBaseline }) => differences(versusBaseline)),
    ...fewPairsWords(measures),
  ];
  return { headline: `The baseline against itself in ${counted(blocks, "block")}.`, why };
}

/** The standard error of a deviation from n normal values of known mean is 1 / sqrt(2 n) of it, nearly. */
function fewPairsWords(measures: CalibratedMeasure[]): string[] {
  const pairs = Math.min(...measures.map((one) => one.pairs));
  if (pairs >= fewPairs) return [];
  const error = `From ${pairs} pairs the noise itself is known to about ${formatPercent(1 / Math.sqrt(2 * pairs))}`;
  return [`${error}${pairs < leastNoisePairs ? `; runs take it from no fewer than ${leastNoisePairs}` : ""}.`];
}

function measureSentence(one: CalibratedMeasure): string {
  const { measure, tolerance, rows, logRatioDeviation, pairs, blocksForTolerance } = one;
  const luck = formatPercent(noiseFloor({ deviation: logRatioDeviation, degrees: pairs }, 1));
  const row = rows.find(({ minimumDetectable }) => minimumDetectable !== null);
  const found =
    row?.minimumDetectable == null
      ? ""
      : `; ${row.blocks} blocks find a change of ${formatPercent(row.minimumDetectable)}`;
  const needed =
    blocksForTolerance === null
      ? "is out of reach with a hundred blocks"
      : `can be called the same from ${blocksForTolerance} blocks on`;
  return `In ${measureOf(measure).label} one block differs by up to ${luck} by luck${found}; within the tolerance of ${formatChosen(tolerance, "fraction")} it ${needed}.`;
}

/** "Different" between identical arms is wrong by construction. */
function differences(comparisons: Partial<Record<MeasureName, Comparison>>): string[] {
  const called = Object.entries(comparisons) as [MeasureName, Comparison][];
  return called
    .filter(([, { verdict }]) => verdict === "better" || verdict === "worse")
    .map(
      ([measure, { ratio, p }]) =>
        `The two arms differ in ${measureOf(measure).label}${ratio === null ? "" : ` (${formatRatio(ratio)}, ${p === null ? "p unknown" : formatP(p)})`} though they are the same: ` +
        "one calibration in 20 may show that by luck; if another one does too, what runs before a trial changes the next one.",
    );
}
