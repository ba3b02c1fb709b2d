import { blocksNeeded } from "./significance.ts";

/** Each look costs power at the end: with three the blocks that a clear difference needs are seen early enough. */
const mostLooks = 3;

/** What looks are made from: the fewest and most blocks of a suite, and how many comparisons are judged. */
export interface LooksRequest {
  min: number;
  max: number;
  /** Profiles other than the baseline, times judged measures. */
  comparisons: number;
}

/**
 * Numbers of blocks after which it is looked whether a run may end, fixed before it: rising, the last is `max`. [] = it is
 * judged once, at its end, since nothing is asked (min = max), nothing compared, or `max` is too small for two looks.
 *
 * Looking after every block raises false alarms: 15.5% instead of 5% from 6 to 14 blocks. Here the level is split evenly
 * over the looks (Bonferroni): at each one, p is multiplied by their number before it is held against the level, and so
 * are the intervals wider. No look comes before the exact test can get below its share, 2 / 2^n <= 0.05 / looks / comparisons.
 */
export function looksFor({ min, max, comparisons }: LooksRequest): number[] {
  if (min >= max || comparisons === 0) return [];
  for (let looks = mostLooks; looks >= 2; looks--) {
    const first = Math.max(min, blocksNeeded(comparisons * looks));
    if (max - first >= looks - 1) return spread(first, max, looks);
  }
  return [];
}

/** `count` whole numbers from first to last, evenly between. */
function spread(first: number, last: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => Math.round(first + ((last - first) * i) / (count - 1)));
}
