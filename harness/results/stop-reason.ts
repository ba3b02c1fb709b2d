import * as z from "zod";

/** How a program ended; both null where no sign of its end was seen. */
export const programEnd = { exitCode: z.number().nullable(), signal: z.string().nullable() };

/** How a part was lost to the load. `words` say why what was done to it on purpose could not be undone: they may be a part's own. */
export const partDeathShape = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ended"), ...programEnd }),
  z.object({ kind: z.literal("not-undone"), words: z.string() }),
]);

/** How a part was lost to the load. */
export type PartDeath = z.infer<typeof partDeathShape>;

/** What made the load, where that is not k6. */
export const ofEngine = { engine: z.exactOptional(z.literal("locust")) };

/** The field that says what made the load: none where that is k6. */
export function engineField(engine: "k6" | "locust"): { engine?: "locust" } {
  return engine === "k6" ? {} : { engine };
}

/** How the generator was lost: it ended by itself, also with its schedule not over, nothing came from it for so long, or it did not end. */
export const generatorDeathShape = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ended"), ...ofEngine, ...programEnd }),
  /** As if its schedule were over, `seconds` after its start. */
  z.object({ kind: z.literal("ended-early"), ...ofEngine, seconds: z.number(), plannedSeconds: z.number() }),
  /** `seconds` after its start: its schedule, and all that its script may do before and after, were over by then. */
  z.object({ kind: z.literal("unending"), ...ofEngine, seconds: z.number() }),
  z.object({
    kind: z.literal("silent"),
    ...ofEngine,
    seconds: z.number(),
    /** Whether anything had come from it before. */
    begun: z.boolean(),
    /** What else may be the cause, in the testbed's words; null where nothing is known of. */
    trouble: z.string().nullable(),
  }),
]);

/** How the generator was lost. */
export type GeneratorDeath = z.infer<typeof generatorDeathShape>;

const atSeconds = z.number();

export const stopReasonShape = z.discriminatedUnion("criterion", [
  /** So large a share of the requests failed with `fault` (null: any) in each of so many windows. */
  z.object({
    criterion: z.literal("fault"),
    atSeconds,
    fault: z.string().nullable(),
    ratio: z.number(),
    windows: z.number(),
  }),
  z.object({ criterion: z.literal("requests"), atSeconds, requests: z.number() }),
  z.object({ criterion: z.literal("after"), atSeconds, afterMs: z.number() }),
  z.object({
    criterion: z.literal("latency"),
    atSeconds,
    quantile: z.enum(["p50", "p90", "p99"]),
    aboveMs: z.number(),
    windows: z.number(),
  }),
  /** Successes a second before and after it. */
  z.object({ criterion: z.literal("cliff"), atSeconds, beforePerSecond: z.number(), afterPerSecond: z.number() }),
  /** It did not keep up in each of so many windows. */
  z.object({ criterion: z.literal("saturated"), atSeconds, windows: z.number() }),
  /** It served twice as much as the baseline before its wall (`wallRequests`), and its ports in use were level in so many windows. */
  z.object({ criterion: z.literal("decided"), atSeconds, wallRequests: z.number(), windows: z.number() }),
  /** The generator's schedule was over. */
  z.object({ criterion: z.literal("load-ended"), ...ofEngine, atSeconds }),
  /** Its script threw in all but a few of its iterations. */
  z.object({ criterion: z.literal("script-threw"), atSeconds, thrown: z.number() }),
  z.object({
    criterion: z.enum(["target-died", "upstream-died"]),
    atSeconds,
    role: z.string(),
    death: partDeathShape,
  }),
  /** What the trial ran on took a part, or a relay, away: in the testbed's words. */
  z.object({ criterion: z.literal("part-lost"), atSeconds, words: z.string() }),
  z.object({ criterion: z.literal("generator-died"), atSeconds, death: generatorDeathShape }),
]);

/** What ended the load. `atSeconds` is since the load's first request. */
export type StopReason = z.infer<typeof stopReasonShape>;

/** By what a load is ended. */
export const stopCriterionShape = z.enum([
  "fault",
  "requests",
  "after",
  "latency",
  "cliff",
  "saturated",
  "decided",
  "load-ended",
  "script-threw",
  "target-died",
  "upstream-died",
  "part-lost",
  "generator-died",
]) satisfies z.ZodType<StopReason["criterion"]>;
