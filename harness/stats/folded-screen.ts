import { mean, sampleVariance } from "simple-statistics";
import { mirrored } from "../core/plackett-burman.ts";
import { studentQuantile } from "./student.ts";

/** A run of a two-level design and what came of it, as a logarithm. */
export interface ScreenRun {
  levels: readonly boolean[];
  log: number;
}

/** A column's effect: the logarithm of high over low, averaged over all other columns' levels. */
export interface ColumnEffect {
  log: number;
  low: number;
  high: number;
}

/** Runs of a design and of its fold-over, pair by pair: `row` and its mirror. */
export interface FoldedPair {
  levels: readonly boolean[];
  log: number;
  mirrorLog: number;
}

/** All runs of the pairs. */
export function runsOf(pairs: readonly FoldedPair[]): ScreenRun[] {
  return pairs.flatMap(({ levels, log, mirrorLog }) => [
    { levels, log },
    { levels: mirrored(levels), log: mirrorLog },
  ]);
}

/**
 * Main effects of every column from the differences within the pairs: what two factors do together is the same in a run and its mirror and
 * drops out, and so does a drift that is slower than a pair.
 */
export function mainEffectsOf(pairs: readonly FoldedPair[]): number[] {
  const columns = pairs[0]?.levels.length ?? 0;
  return Array.from({ length: columns }, (_, column) =>
    mean(pairs.map(({ levels, log, mirrorLog }) => (levels[column] ? 1 : -1) * (log - mirrorLog))),
  );
}

/** With the 95% interval that the noise of a run gives. */
export function withInterval(log: number, { deviation, degrees }: RunNoise, runs: number): ColumnEffect {
  const reach = (studentQuantile(0.975, degrees) * 2 * deviation) / Math.sqrt(runs);
  return { log, low: log - reach, high: log + reach };
}

/** Standard deviation of one run's logarithm, and how well it is known. */
export interface RunNoise {
  deviation: number;
  degrees: number;
}

/** Runs grouped by the levels of a few columns: what is left within the groups is noise, if no other column does anything. */
export function cellsOf(runs: readonly ScreenRun[], columns: readonly number[]): Map<string, number[]> {
  const cells = new Map<string, number[]>();
  for (const { levels, log } of runs) {
    const cell = columns.map((column) => (levels[column] ? "+" : "-")).join("");
    cells.set(cell, [...(cells.get(cell) ?? []), log]);
  }
  return cells;
}

/** Sum of squares within cells, and its degrees of freedom. */
export function withinCells(cells: Iterable<number[]>): { squares: number; degrees: number } {
  return [...cells].reduce(
    ({ squares, degrees }, values) => ({
      squares: squares + (values.length < 2 ? 0 : sampleVariance(values) * (values.length - 1)),
      degrees: degrees + values.length - 1,
    }),
    { squares: 0, degrees: 0 },
  );
}

/** The noise of a run as the cells show it. */
export function noiseOf(cells: Iterable<number[]>): RunNoise {
  const { squares, degrees } = withinCells(cells);
  return { deviation: Math.sqrt(squares / Math.max(1, degrees)), degrees: Math.max(1, degrees) };
}
