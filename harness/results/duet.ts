import * as z from "zod";

const duetWindowShape = z.object({
  /** On the trial's clock, ms; the other arm has the same stretch. */
  startMs: z.number(),
  endMs: z.number(),
  requests: z.number(),
  failed: z.number(),
  /** Of successful requests, ms; null where none succeeded. */
  p50Ms: z.number().nullable(),
  p90Ms: z.number().nullable(),
});

export const duetShape = z.object({
  /** 1: its part was started first, and had the first half of the target's CPUs. The next block has it the other way round. */
  place: z.union([z.literal(1), z.literal(2)]),
  /** `sequence` of the trial that ran at the same time. */
  beside: z.number(),
  /** Windows from the ramp's end to the stop, in their order; [] where nothing was measured. */
  windows: z.array(duetWindowShape),
});

/** One arm of a duet: two profiles that ran at the same time, each with every other request or so of one load. */
export type Duet = z.infer<typeof duetShape>;
