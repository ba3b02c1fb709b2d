import * as z from "zod";
import { findShape } from "./find.ts";
import { type Condition, conditionShape, type Goal, goalShape, searchObjectiveShape } from "./goals.ts";

const goals = z.array(goalShape);

export const experimentShape = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("fixed"), goals }),
  z.object({ kind: z.literal("search"), objective: searchObjectiveShape, goals }),
  z.object({ kind: z.literal("conditions"), conditions: z.array(conditionShape) }),
  findShape,
]);

/** What trials are for: one fixed load, the highest rate that keeps the goals, a load of conditions that have goals of their own, or to find what helps. */
export type Experiment = z.infer<typeof experimentShape>;

/** What each trial (a search's step) must keep; [] where there are none, or conditions have their own. */
export function goalsOf(experiment: Experiment): Goal[] {
  return experiment.kind === "conditions" ? [] : experiment.goals;
}

/** Phases of the load in their order; [] where the load is one. */
export function conditionsOf(experiment: Experiment): Condition[] {
  return experiment.kind === "conditions" ? experiment.conditions : [];
}
