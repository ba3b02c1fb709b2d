import { type Measured, measureNumber } from "../core/measures.ts";
import type { Goal, GoalResult } from "../results/goals.ts";

/**
 * Goals against what was measured, in their order. A measure that could not be had leaves it open whether its goal was kept
 * (null). Each measure is taken by its own definition (Measures): latency up to the first wall, the share of failures over all.
 */
export function judgeGoals(goals: readonly Goal[], measured: Measured): GoalResult[] {
  return goals.map((goal) => {
    const value = measureNumber(measured, goal.measure);
    return { ...goal, value, kept: value === null ? null : isKept(goal, value) };
  });
}

/** A value at the limit keeps the goal. */
function isKept({ comparison, limit }: Goal, value: number): boolean {
  return comparison === "<=" ? value <= limit : value >= limit;
}
