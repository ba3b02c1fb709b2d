import * as z from "zod";

/** What ends a trial's load and what counts as a fault; part of a run's record, so that analysis can read it again. */

export const faultSignatureShape = z.object({
  kind: z.string(),
  match: z.string(),
  in: z.enum(["body", "log", "check"]),
});

/** Text by which a fault is known: in a response's body, in the target's output, or in the name of a check that failed. Case is ignored. */
export type FaultSignature = z.infer<typeof faultSignatureShape>;

export const stopCriteriaShape = z.object({
  /** Share of requests that failed by this kind (null = any fault) in each of `windows` consecutive windows. */
  fault: z.object({ kind: z.string().nullable(), ratio: z.number(), windows: z.number() }).nullable(),
  requests: z.number().nullable(),
  afterMs: z.number(),
  /** A percentile above a ceiling in each of `windows` consecutive windows. */
  latency: z.object({ quantile: z.enum(["p50", "p90", "p99"]), aboveMs: z.number(), windows: z.number() }).nullable(),
  /** Stop once the scan cliff has lasted `windows` windows; null = go on to the hard wall. */
  cliff: z.object({ windows: z.number() }).nullable(),
  /** Stop once it has not kept up with the rate asked in `windows` consecutive windows; null = go on. */
  saturated: z.object({ windows: z.number() }).nullable(),
  /** Stop a profile past twice what the baseline served before its wall, once its ports in use were level for `windows` consecutive windows; absent = go on. */
  decided: z.object({ windows: z.number() }).optional(),
});

/** When a trial's load ends. All that are set are watched; the first to come decides. */
export type StopCriteria = z.infer<typeof stopCriteriaShape>;
