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

/** Chance that any column beside the suspects is taken for one by luck. */
const besideLevel = 0.01;

/**
 * The columns, none, one or two, whose levels explain the runs best; then what else stands out of what they leave. Two columns are let do anything
 * together: a Plackett-Burman design holds every combination of any two equally often. Whether there is anything is asked by the extended
 * Bayesian criterion, which counts how many models there were to choose from; whether it is one column or two by Akaike's, which is generous:
 * what comes of it is a hypothesis, a column too many costs fresh runs, and one of a pair is worth nothing. Sources: J. Chen and Z. Chen, "Extended Bayesian
 * information criteria for model selection with large model spaces", Biometrika 95 (2008); H. Akaike, IEEE Trans. Autom. Control 19 (1974).
 */
export function suspectsOf(runs: readonly ScreenRun[], factors: number, isKnownToWork: boolean): Suspects {
  const best = bestModel(runs, factors, isKnownToWork);
  const noise = noiseOf(cellsOf(runs, best).values());
  const helping = bestCell(runs, best);
  const more = besides(runs, best, factors, noise).slice(0, mostSuspects - helping.length);
  return { columns: [...helping, ...more], noise };
}

function bestModel(runs: readonly ScreenRun[], factors: number, isKnownToWork: boolean): number[] {
  const least = (models: number[][]) =>
    models
      .map((columns) => ({ columns, score: misfit(runs, columns) }))
      .reduce((best, next) => (next.score < best.score ? next : best));
  const [none, single] = [misfit(runs, []), least(singles(factors))];
  const pair = factors < 2 ? single : least(pairsOf(factors));
  const perCell = Math.log(runs.length);
  const beats = ({ score }: { score: number }, cells: number, models: number) =>
    score + (cells - 1) * perCell + 2 * Math.log(models) < none;
  const isAny = beats(single, 2, factors) || beats(pair, 4, (factors * (factors - 1)) / 2);
  if (!isAny && !isKnownToWork) return [];
  return pair.score + 2 * 2 < single.score ? pair.columns : single.columns;
}

/** -2 times the logarithm of the likelihood, but for what is the same in all models. */
function misfit(runs: readonly ScreenRun[], columns: readonly number[]): number {
  const squares = Math.max(withinCells(cellsOf(runs, columns).values()).squares, Number.MIN_VALUE);
  return runs.length * Math.log(squares / runs.length);
}

function singles(factors: number): number[][] {
  return Array.from({ length: factors }, (_, column) => [column]);
}

function pairsOf(factors: number): number[][] {
  const all = singles(factors).flat();
  return all.flatMap((one) => all.slice(one + 1).map((other) => [one, other]));
}

/** Whether a dummy column's effect is further out than noise puts any of so many in 95 of 100 screens: something else changed results. */
export function dummiesStandOut(dummies: readonly number[], { deviation, degrees }: RunNoise, runs: number): boolean {
  const edge = (studentQuantile(1 - 0.025 / dummies.length, degrees) * 2 * deviation) / Math.sqrt(runs);
  return dummies.some((log) => Math.abs(log) > edge);
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
  const edge =
    (studentQuantile(1 - besideLevel / factors, noise.degrees) * 2 * noise.deviation) / Math.sqrt(runs.length);
  const others = Array.from({ length: factors }, (_, column) => column).filter((column) => !columns.includes(column));
  return others
    .map((column) => ({ column, log: effect(column) }))
    .filter(({ log }) => log > edge)
    .toSorted((one, other) => other.log - one.log)
    .map(({ column }) => column);
}
