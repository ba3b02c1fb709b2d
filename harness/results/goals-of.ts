import type { Experiment } from "./experiment.ts";
import type { Condition, Goal } from "./goals.ts";

/** What an experiment asks of its trials: apart from its shape, which a suite needs nothing of. */

/** What each trial (a search's step) must keep; [] where there are none, or conditions have their own. */
export function goalsOf(experiment: Experiment): Goal[] {
  return experiment.kind === "conditions" ? [] : experiment.goals;
}

/** Phases of the load in their order; [] where the load is one. */
export function conditionsOf(experiment: Experiment): Condition[] {
  return experiment.kind === "conditions" ? experiment.conditions : [];
}
