import * as z from "zod";

/** A base-2 exponential histogram: see core/histogram.ts. */
export const histogramShape = z.object({
  scale: z.number(),
  /** Values counted as zero (or below what the recorder tells from zero). */
  zeroCount: z.number(),
  /** Index of the first entry of `counts`. */
  offset: z.number(),
  counts: z.array(z.number()),
  count: z.number(),
  sum: z.number(),
  min: z.number(),
  max: z.number(),
});

/** One distribution of positive values (here: latencies in ms). count, sum, min and max are exact. */
export type Histogram = z.infer<typeof histogramShape>;
