import * as z from "zod";
import { measureNames } from "../core/measures.ts";
import { otherCpuShape } from "./caveats-trial.ts";
import { invalidReasonShape } from "./invalid-reason.ts";

const measure = z.enum(measureNames);

/** Why trials were invalid, each reason once; null where none was recorded. */
const reasons = z.array(z.object({ profile: z.string(), reason: invalidReasonShape.nullable() }));

/** What a run's records say against what is concluded from them. */
export const analysisCaveatShapes = [
  /** Fewer than a comparison needs; 0: no valid trial. */
  z.object({ code: z.literal("too-few-blocks"), blocks: z.number(), neededBlocks: z.number() }),
  /** `ended` null: it is not ended, or was killed. `of`: what is counted, a search being several trials. */
  z.object({
    code: z.literal("run-not-complete"),
    ended: z.enum(["done", "interrupted", "failed"]).nullable(),
    of: z.enum(["trials", "searches"]),
    stored: z.number(),
    planned: z.number(),
  }),
  z.object({ code: z.literal("invalid-trials"), invalid: z.number(), trials: z.number(), reasons }),
  z.object({ code: z.literal("invalid-steps"), invalid: z.number(), reasons }),
  /** The first of them stands for all; `otherCpu` null where it was not measured. */
  z.object({
    code: z.literal("repeated-trials"),
    trials: z.number(),
    first: z.object({ profile: z.string(), block: z.number(), otherCpu: otherCpuShape.nullable() }),
  }),
  z.object({
    code: z.literal("small-calibration"),
    calibration: z.string(),
    measures: z.array(measure),
    pairs: z.number(),
    neededPairs: z.number(),
  }),
  /** Fractions. `calibration` null: the noise is that of the run's own blocks. */
  z.object({
    code: z.literal("tolerance-below-noise"),
    measure,
    tolerance: z.number(),
    reachableTolerance: z.number(),
    blocks: z.number(),
    calibration: z.string().nullable(),
    pairs: z.number(),
  }),
  /**
   * The median latency is the same, and the spread is not: of the ratio of a higher quantile to the median, profile over baseline, within
   * blocks.
   */
  z.object({
    code: z.literal("spread-changed"),
    profile: z.string(),
    measure: z.enum(["latencyMs.p90", "latencyMs.p99"]),
    ratio: z.number(),
    low: z.number(),
    high: z.number(),
    blocks: z.number(),
  }),
  /** Two runs were made one after the other. */
  z.object({ code: z.literal("sequential-arms") }),
  z.object({ code: z.literal("unreadable-trial"), words: z.string() }),
  /** Records without the checksum that tunebench writes: `files` by their way from the run's folder. */
  z.object({ code: z.literal("unsealed-records"), files: z.array(z.string()) }),
  /** Found at the run's end: on disk they were not what had been written. */
  z.object({ code: z.literal("records-changed"), files: z.array(z.string()) }),
  z.object({
    code: z.literal("missing-trials"),
    places: z.array(z.object({ block: z.number(), profile: z.string() })),
  }),
] as const;

/** What a run's records say against what is concluded from them. */
export type AnalysisCaveat = z.infer<(typeof analysisCaveatShapes)[number]>;
