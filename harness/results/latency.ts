import * as z from "zod";

/** Percentiles from the merged histogram, ms. */
export const latencySummaryShape = z.object({
  p50: z.number(),
  p90: z.number(),
  p99: z.number(),
  max: z.number(),
  count: z.number(),
  /** Width of a bucket over its value (0.09 = 9%). */
  resolutionRatio: z.number(),
});

/** Percentiles from the merged histogram, ms. */
export type LatencySummary = z.infer<typeof latencySummaryShape>;

/** Latency of a phase without a wall that begins at the ramp's end. */
export const healthyLatencyShape = latencySummaryShape.extend({
  /** How long the phase is. */
  seconds: z.number(),
  /** Of its requests, 0 to 1. */
  failedShare: z.number(),
});

/** Latency of a phase without a wall that begins at the ramp's end. */
export type HealthyLatency = z.infer<typeof healthyLatencyShape>;
