import { mean, sampleVariance } from "simple-statistics";
import { cellsOf, noiseOf, type RunNoise, type ScreenRun, withinCells } from "./folded-screen.ts";
import { studentQuantile } from "./student.ts";

/** What a screen points at, and the noise that is left beside it. */
export interface Suspects {
  /** Columns that together, high, do best; [] where none is worth a test. */
  columns: number[];
  noise: RunNoise;
}

/** Most suspects: each costs an arm of every fresh block. */
const mostSuspects = 4;

/** Confidence from which a column beside the suspects is one too. */
const besideConfidence = 0.995;

/**
 * The columns, none, one or two, whose levels explain the runs best by the extended Bayesian information criterion, which counts how many
 * models there were to choose from; then what else stands out of what they leave. Two columns are let do anything together: a
 * Plackett-Burman design holds every combination of any two equally often. What comes of it is a hypothesis, for fresh runs to test. Source: J. Chen and
 * Z. Chen, "Extended Bayesian information criteria for model selection with large model spaces", Biometrika 95 (2008).
 */
export function suspectsOf(runs: readonly ScreenRun[], factors: number, isKnownToWork: boolean): Suspects {
  const models = modelsOf(factors).filter(({ length }) => !isKnownToWork || length > 0);
  const scored = models.map((columns) => ({ columns, score: criterion(runs, columns, factors) }));
  const best = scored.reduce((least, next) => (next.score < least.score ? next : least));
  const noise = noiseOf(cellsOf(runs, best.columns).values());
  const helping = bestCell(runs, best.columns);
  const more = besides(runs, best.columns, factors, noise).slice(0, mostSuspects - helping.length);
  return { columns: [...helping, ...more], noise };
}

function modelsOf(factors: number): number[][] {
  const single = Array.from({ length: factors }, (_, column) => [column]);
  const pairs = single.flatMap(([one = 0]) => single.slice(one + 1).map(([other = 0]) => [one, other]));
  return [[], ...single, ...pairs];
}

function criterion(runs: readonly ScreenRun[], columns: readonly number[], factors: number): number {
  const cells = cellsOf(runs, columns);
  const squares = Math.max(withinCells(cells.values()).squares, Number.MIN_VALUE);
  const models = columns.length === 2 ? (factors * (factors - 1)) / 2 : factors ** columns.length;
  return runs.length * Math.log(squares / runs.length) + cells.size * Math.log(runs.length) + Math.log(models);
}

/** Those of the columns that are high where it goes best; both, where that is as good within the noise. */
function bestCell(runs: readonly ScreenRun[], columns: readonly number[]): number[] {
  const cells = [...cellsOf(runs, columns)].map(([cell, logs]) => ({ cell, logs, centre: mean(logs) }));
  const all = cells.find(({ cell }) => !cell.includes("-"));
  const best = cells.reduce((most, next) => (next.centre > most.centre ? next : most));
  const error = (logs: number[]) => (logs.length < 2 ? 0 : sampleVariance(logs) / logs.length);
  const isAsGood = all !== undefined && best.centre - all.centre <= Math.sqrt(error(all.logs) + error(best.logs));
  const { cell } = isAsGood ? all : best;
  return columns.filter((_, place) => cell[place] === "+");
}

/** Other columns with a main effect upwards in what the columns leave unexplained, the largest first. */
function besides(runs: readonly ScreenRun[], columns: readonly number[], factors: number, noise: RunNoise): number[] {
  const cells = cellsOf(runs, columns);
  const left = runs.map(({ levels, log }) => {
    const cell = columns.map((column) => (levels[column] ? "+" : "-")).join("");
    return { levels, log: log - mean(cells.get(cell) ?? [log]) };
  });
  const effect = (column: number) => mean(left.map(({ levels, log }) => (levels[column] ? 2 : -2) * log));
  const edge = (studentQuantile(besideConfidence, noise.degrees) * 2 * noise.deviation) / Math.sqrt(runs.length);
  const others = Array.from({ length: factors }, (_, column) => column).filter((column) => !columns.includes(column));
  return others
    .map((column) => ({ column, log: effect(column) }))
    .filter(({ log }) => log > edge)
    .toSorted((one, other) => other.log - one.log)
    .map(({ column }) => column);
}
