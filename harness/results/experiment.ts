import * as z from "zod";
import { findShape } from "./find.ts";
import { conditionShape, goalShape, searchObjectiveShape } from "./goals.ts";

const goals = z.array(goalShape);

export const experimentShape = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("fixed"), goals }),
  z.object({ kind: z.literal("search"), objective: searchObjectiveShape, goals }),
  z.object({ kind: z.literal("conditions"), conditions: z.array(conditionShape) }),
  findShape,
]);

/** What trials are for: one fixed load, the highest rate that keeps the goals, a load of conditions that have goals of their own, or to find what helps. */
export type Experiment = z.infer<typeof experimentShape>;
