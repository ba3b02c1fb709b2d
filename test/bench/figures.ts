import { median } from "simple-statistics";
import { layOutTable } from "../../harness/report/text-table.ts";

/** Something measured several times in one run. */
export interface Figure {
  what: string;
  unit: "ratio" | "ms" | "s" | "%" | "MB" | "/s" | "s CPU";
  values: number[];
  /** How many were measured, where one value stands for all of them. */
  n?: number;
  /** null = reported only. */
  goal: { atLeast: number } | { atMost: number } | null;
}

/** One of the benchmarks that `npm run bench` knows. Ends what it started and removes what it wrote. */
export interface Benchmark {
  name: string;
  /** What is measured, in a sentence. */
  about: string;
  run(options: BenchOptions): Promise<Figure[]>;
}

/** What may be asked of a benchmark that has series of its own; the others have no use for it. */
export interface BenchOptions {
  /** `--runs N`: of the longest series. */
  runs?: number;
  /** `--keep DIR`: what was measured stays there. */
  keep?: string;
  /** `--from DIR`: nothing is measured, what was kept there is taken. */
  from?: string;
}

/** The figure of each pair's quotient: drift of the machine touches both of a pair. */
export function ratioFigure(what: string, ours: number[], theirs: number[], goal: Figure["goal"]): Figure {
  return { what, unit: "ratio", values: ours.map((value, pair) => value / (theirs[pair] ?? Number.NaN)), goal };
}

/** Lines of at most 80 columns: median, lowest and highest, n, and the goal. */
export function figureTable(figures: Figure[]): string[] {
  const titles = ["measured", "median", "lowest", "highest", "n", "goal"];
  const columns = titles.map((title, place) => ({
    title,
    align: place === 0 ? ("left" as const) : ("right" as const),
    dropOrder: null,
  }));
  return layOutTable(columns, figures.map(rowOf), 80).lines;
}

function rowOf({ what, unit, values, n = values.length, goal }: Figure): string[] {
  const numbers = [median(values), Math.min(...values), Math.max(...values)].map(shown);
  const named = unit === "ratio" ? what : `${what}, ${unit}`;
  return [named, ...numbers, String(n), formatGoal(goal, median(values))];
}

function formatGoal(goal: Figure["goal"], middle: number): string {
  if (goal === null) return "-";
  if ("atLeast" in goal) return `>= ${goal.atLeast} ${middle >= goal.atLeast ? "met" : "MISSED"}`;
  return `<= ${goal.atMost} ${middle <= goal.atMost ? "met" : "MISSED"}`;
}

function shown(value: number): string {
  if (Math.abs(value) >= 100) return value.toFixed(0);
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 3);
}
