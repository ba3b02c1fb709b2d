import { mean } from "simple-statistics";
import { type Bound, commonBound, type PairRatio } from "./pairs.ts";
import { signFlipInterval, signFlipP } from "./sign-flip.ts";

/** Candidate over baseline from n blocks. */
export interface RatioEstimate {
  /** Geometric mean of the blocks' ratios; null where no pair carries one or where bounds point both ways. */
  ratio: number | null;
  /** Interval at the confidence asked (95%); an end that a bound leaves open is null, both are where too few pairs give none (fewer than 6 at 95%). */
  low: number | null;
  high: number | null;
  bound: Bound;
  /** Two-sided p of the sign-flip test, not adjusted; null for fewer than two pairs. */
  p: number | null;
  n: number;
}

/**
 * Estimates a ratio from its pairs. Bounds are used only conservatively. A pair that says "at least 5" enters as 5: its
 * true ratio can only be farther from 1. One that says "at least 0.8" does not say which side won and enters the test
 * as no evidence (0). The test stays exact: both arms of a block have the same stop bounds, so that swapping them
 * under "no difference" flips the sign of what enters. Of the interval, only the end that bounds leave standing is given.
 */
export function estimateRatio(pairs: PairRatio[], confidence = 0.95): RatioEstimate {
  const bound = commonBound(pairs);
  const p = pairs.length < 2 ? null : signFlipP(pairs.map(evidenceOf));
  const open = { ratio: null, low: null, high: null, bound: null, p, n: pairs.length };
  if (pairs.length === 0 || bound === "both") return open;
  const logs = pairs.map(({ log }) => log);
  const interval = signFlipInterval(logs, confidence);
  return {
    ratio: Math.exp(mean(logs)),
    low: interval === null || bound === "atMost" ? null : Math.exp(interval.low),
    high: interval === null || bound === "atLeast" ? null : Math.exp(interval.high),
    bound,
    p,
    n: pairs.length,
  };
}

/** What a pair says about the direction: its log ratio, or 0 where a bound leaves the direction open. */
function evidenceOf({ log, bound }: PairRatio): number {
  if (bound === "atLeast") return Math.max(0, log);
  if (bound === "atMost") return Math.min(0, log);
  return log;
}
