import * as z from "zod";

export const perIterationShape = z.object({
  requests: z.number(),
  /** New connections that the target opens; null where its counters were not seen. */
  connections: z.number().nullable(),
  /** How long it takes on average, ms, and how much of that is the script's own: sleep, and what it computes. */
  lastedMs: z.number(),
  ownMs: z.number(),
});

/** What one iteration of a load's script comes to. A rate is one of iterations. */
export type PerIteration = z.infer<typeof perIterationShape>;

/** The same, as an earlier run measured it. */
export interface MeasuredIteration extends PerIteration {
  run: string;
}
