import * as z from "zod";

/** What speaks against the rate that a search came to. "kept" and "missed" are of the goals. */
export const searchCaveatShapes = [
  /** A rate was kept, and no step was left to confirm it. */
  z.object({ code: z.literal("search-not-confirmed"), keptPerSecond: z.number(), steps: z.number() }),
  z.object({
    code: z.literal("search-found-nothing"),
    lowestPerSecond: z.number(),
    steps: z.number(),
    outOfSteps: z.boolean(),
  }),
  /** The steps were over before a rate was missed. */
  z.object({ code: z.literal("search-open-above"), keptPerSecond: z.number(), steps: z.number() }),
  z.object({
    code: z.literal("search-not-precise"),
    keptPerSecond: z.number(),
    missedPerSecond: z.number(),
    precision: z.number(),
    steps: z.number(),
  }),
  /** More load should never be easier; of one rate the two are the same. */
  z.object({ code: z.literal("search-contradicts-itself"), missedPerSecond: z.number(), keptPerSecond: z.number() }),
  z.object({ code: z.literal("search-generator-bound"), missedPerSecond: z.number() }),
  z.object({ code: z.literal("search-disturbed"), disturbedSteps: z.number(), steps: z.number() }),
] as const;

/** One of them as a record holds it. */
export const searchCaveatShape = z.discriminatedUnion("code", searchCaveatShapes);

/** What speaks against the rate that a search came to. */
export type SearchCaveat = z.infer<(typeof searchCaveatShapes)[number]>;
