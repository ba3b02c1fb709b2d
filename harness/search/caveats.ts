import { distinctCaveats } from "../results/caveat-keys.ts";
import type { SearchCaveat } from "../results/caveats-search.ts";
import type { JudgedStep, SearchObjective } from "../results/goals.ts";
import { boundsOf } from "./bounds.ts";

/**
 * Reservations about what a search came to. `confirmed` is its answer. "kept" and "missed" are of the goals; a step that the
 * generator spoiled contradicts nothing.
 */
export function searchCaveats(
  objective: SearchObjective,
  steps: readonly JudgedStep[],
  confirmed: number | null,
): SearchCaveat[] {
  return [
    ...(confirmed === null ? withoutAnswer(objective, steps) : notPrecise(objective, steps, confirmed)),
    ...contradictions(steps),
    ...generatorLimit(steps),
  ];
}

function withoutAnswer(objective: SearchObjective, steps: readonly JudgedStep[]): SearchCaveat[] {
  const { kept } = boundsOf(steps);
  if (kept !== null) return [{ code: "search-not-confirmed", keptPerSecond: kept, steps: objective.steps }];
  const lowestPerSecond = Math.min(...steps.map(({ ratePerSecond }) => ratePerSecond));
  const outOfSteps = steps.length >= objective.steps - 1;
  return [{ code: "search-found-nothing", lowestPerSecond, steps: objective.steps, outOfSteps }];
}

/** The search ran out of steps before its bounds were as near as asked. */
function notPrecise(
  { steps: most, toPerSecond, precision }: SearchObjective,
  steps: readonly JudgedStep[],
  answer: number,
): SearchCaveat[] {
  const { missed } = boundsOf(steps);
  if (missed === null) {
    return answer >= toPerSecond ? [] : [{ code: "search-open-above", keptPerSecond: answer, steps: most }];
  }
  if (missed - answer <= precision * answer) return [];
  return [{ code: "search-not-precise", keptPerSecond: answer, missedPerSecond: missed, precision, steps: most }];
}

/** A rate that was missed although it, or a higher one, was kept: more load should never be easier. */
function contradictions(steps: readonly JudgedStep[]): SearchCaveat[] {
  const missed = steps.filter(({ kept, generatorBound }) => !kept && !generatorBound);
  const caveats = missed.flatMap(({ ratePerSecond }): SearchCaveat[] => {
    const above = steps.filter((one) => one.kept && one.ratePerSecond >= ratePerSecond);
    if (above.length === 0) return [];
    const keptPerSecond = Math.max(...above.map((one) => one.ratePerSecond));
    return [{ code: "search-contradicts-itself", missedPerSecond: ratePerSecond, keptPerSecond }];
  });
  return distinctCaveats(caveats);
}

function generatorLimit(steps: readonly JudgedStep[]): SearchCaveat[] {
  const bound = steps.filter(({ kept, generatorBound }) => !kept && generatorBound);
  if (bound.length === 0) return [];
  const missedPerSecond = Math.min(...bound.map(({ ratePerSecond }) => ratePerSecond));
  return [{ code: "search-generator-bound", missedPerSecond }];
}
