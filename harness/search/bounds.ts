import type { JudgedStep } from "../results/goals.ts";

/** What a search knows: the answer lies from `kept` on and below `missed`, requests a second. */
export interface Bounds {
  /** Highest rate kept below every missed one; null where there is none. */
  kept: number | null;
  /** Lowest rate that was not kept; null where all were. */
  missed: number | null;
  /** Whether at that rate nothing but the generator is known to have been the limit. */
  missedByGenerator: boolean;
}

/**
 * The bounds after some steps. A rate once missed counts as missed, whatever was kept at it or above: where answers
 * contradict each other, the search believes the worse one.
 */
export function boundsOf(steps: readonly JudgedStep[]): Bounds {
  const notKept = steps.filter(({ kept }) => !kept);
  const missed = notKept.length === 0 ? null : Math.min(...notKept.map(({ ratePerSecond }) => ratePerSecond));
  const kept = steps.filter((one) => one.kept && (missed === null || one.ratePerSecond < missed));
  const lowest = notKept.filter(({ ratePerSecond }) => ratePerSecond === missed);
  return {
    kept: kept.length === 0 ? null : Math.max(...kept.map(({ ratePerSecond }) => ratePerSecond)),
    missed,
    missedByGenerator: lowest.length > 0 && lowest.every(({ generatorBound }) => generatorBound),
  };
}
