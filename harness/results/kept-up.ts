import * as z from "zod";

export const keptUpShape = z.object({
  /** What the schedule asks for, and what succeeded, requests a second. */
  askedPerSecond: z.number(),
  servedPerSecond: z.number(),
  /** Windows of the phase, and those of them in which iterations were dropped or virtual users stayed without an answer. */
  windows: z.number(),
  shortWindows: z.number(),
  droppedIterations: z.number(),
  /** Virtual users that at the load's stop had waited in vain for longer than any answer took; null where it can't be told. */
  unansweredUsers: z.number().nullable(),
});

/**
 * How far a service kept up with the rate that was asked, whatever the trial's outcome: after the ramp, up to the fault or the stop, in the
 * phase of one rate (bursts, conditions) in which it kept up least.
 */
export type KeptUp = z.infer<typeof keptUpShape>;
