import type { Condition, Goal, SearchObjective } from "./goals.ts";

/** What trials are for: one fixed load, the highest rate that keeps the goals, or a load of conditions that have goals of their own. */
export type Experiment =
  | { kind: "fixed"; goals: Goal[] }
  | { kind: "search"; objective: SearchObjective; goals: Goal[] }
  | { kind: "conditions"; conditions: Condition[] };

/** What each trial (a search's step) must keep; [] where there are none, or conditions have their own. */
export function goalsOf(experiment: Experiment): Goal[] {
  return experiment.kind === "conditions" ? [] : experiment.goals;
}

/** Stretches of the load in their order; [] where the load is one. */
export function conditionsOf(experiment: Experiment): Condition[] {
  return experiment.kind === "conditions" ? experiment.conditions : [];
}
