import { formatChosen, formatRate } from "../core/units.ts";
import type { JudgedStep, SearchObjective } from "../results/goals.ts";
import { boundsOf } from "./bounds.ts";

/**
 * Reservations about what a search came to, a sentence each. `confirmed` is its answer. "kept" and "missed" are of the goals;
 * a step that the generator spoiled contradicts nothing.
 */
export function searchDoubts(
  objective: SearchObjective,
  steps: readonly JudgedStep[],
  confirmed: number | null,
): string[] {
  return [
    ...(confirmed === null ? withoutAnswer(objective, steps) : notPrecise(objective, steps, confirmed)),
    ...contradictions(steps),
    ...generatorLimit(steps),
  ];
}

function withoutAnswer(objective: SearchObjective, steps: readonly JudgedStep[]): string[] {
  const { kept } = boundsOf(steps);
  if (kept !== null) {
    return [`${formatRate(kept)} was kept, but none of the ${objective.steps} steps was left to confirm it`];
  }
  const lowest = Math.min(...steps.map(({ ratePerSecond }) => ratePerSecond));
  const why =
    steps.length >= objective.steps - 1 ? `: the ${objective.steps} steps did not allow to try lower ones` : "";
  return [`no rate could be found that is kept twice, down to ${formatRate(lowest)}${why}`];
}

/** The search ran out of steps before its bounds were as near as asked. */
function notPrecise(
  { steps: most, toPerSecond, precision }: SearchObjective,
  steps: readonly JudgedStep[],
  answer: number,
) {
  const { missed } = boundsOf(steps);
  if (missed === null) {
    if (answer >= toPerSecond) return [];
    return [`the ${most} steps were over before a rate was missed: the service may do more than ${formatRate(answer)}`];
  }
  if (missed - answer <= precision * answer) return [];
  const asked = formatChosen(precision, "fraction");
  return [
    `the ${most} steps were over with ${formatRate(answer)} kept and ${formatRate(missed)} missed, further apart than the ${asked} asked for`,
  ];
}

/** A rate that was missed although it, or a higher one, was kept: more load should never be easier. */
function contradictions(steps: readonly JudgedStep[]): string[] {
  const missed = steps.filter(({ kept, generatorBound }) => !kept && !generatorBound);
  const sentences = missed.flatMap(({ ratePerSecond }) => {
    const above = steps.filter((one) => one.kept && one.ratePerSecond >= ratePerSecond);
    if (above.length === 0) return [];
    const highest = Math.max(...above.map((one) => one.ratePerSecond));
    return highest === ratePerSecond
      ? `${formatRate(ratePerSecond)} was kept in one trial and missed in another`
      : `${formatRate(ratePerSecond)} was missed although ${formatRate(highest)} was kept`;
  });
  return [...new Set(sentences)];
}

function generatorLimit(steps: readonly JudgedStep[]): string[] {
  const bound = steps.filter(({ kept, generatorBound }) => !kept && generatorBound);
  if (bound.length === 0) return [];
  const lowest = Math.min(...bound.map(({ ratePerSecond }) => ratePerSecond));
  return [`at ${formatRate(lowest)} the generator was the limit: what the service can do there is not known`];
}
