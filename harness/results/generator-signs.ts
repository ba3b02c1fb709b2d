import * as z from "zod";

/** By what is told that the generator was the limit, as records hold it. */
export const generatorSignShape = z.discriminatedUnion("kind", [
  /** All users were taken, and so many of them waited for the target, on average over the windows in which iterations were dropped. */
  z.object({
    kind: z.literal("iterations-dropped"),
    iterations: z.number(),
    waitingVirtualUsers: z.number(),
    virtualUsers: z.number(),
  }),
  /** All users were taken although each answer came as quickly as the first: they are too few for the rate. */
  z.object({
    kind: z.literal("few-users"),
    iterations: z.number(),
    latencyMs: z.number(),
    virtualUsers: z.number(),
  }),
  /** Iterations take as long as this by the script's own doing (sleep): the users are too few for the rate, whatever the target does. */
  z.object({
    kind: z.literal("users-held-by-script"),
    iterations: z.number(),
    iterationMs: z.number(),
    ownMs: z.number(),
    virtualUsers: z.number(),
    neededVirtualUsers: z.number(),
  }),
  z.object({ kind: z.literal("cores-used"), usedCores: z.number(), cores: z.number() }),
  /** Share of the time in which its container's limit held it back, 0 to 1. */
  z.object({ kind: z.literal("cpu-limited"), timeShare: z.number() }),
  z.object({ kind: z.literal("own-failures"), fault: z.string(), requests: z.number() }),
]);

/** By what is told that the generator was the limit. */
export type GeneratorSign = z.infer<typeof generatorSignShape>;
