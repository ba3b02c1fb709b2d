import type { Value } from "../core/measures.ts";

/** How a ratio is to be read: as it stands (null), or as a bound because one side was censored. */
export type Bound = "atLeast" | "atMost" | null;

/** Natural logarithm of candidate over baseline within one block. */
export interface PairRatio {
  log: number;
  bound: Bound;
}

/**
 * The ratio of one block's pair. null where the pair carries no ratio: both sides are lower bounds, or a side is not
 * positive (a ratio needs both).
 */
export function pairRatio(candidate: Value, baseline: Value): PairRatio | null {
  if (candidate.censored && baseline.censored) return null;
  if (!(candidate.value > 0) || !(baseline.value > 0)) return null;
  const log = Math.log(candidate.value / baseline.value);
  if (candidate.censored) return { log, bound: "atLeast" };
  return { log, bound: baseline.censored ? "atMost" : null };
}

/** The bound of several ratios taken together; "both" where some are lower and some are upper bounds. */
export function commonBound(pairs: PairRatio[]): Bound | "both" {
  const atLeast = pairs.some((pair) => pair.bound === "atLeast");
  const atMost = pairs.some((pair) => pair.bound === "atMost");
  if (atLeast && atMost) return "both";
  if (atLeast) return "atLeast";
  return atMost ? "atMost" : null;
}
