import { linearRegression } from "simple-statistics";
import { sum } from "../detect/windows.ts";
import type { Ending } from "../results/live-samples.ts";

/** Where the use of something goes. */
export interface Forecast {
  /** null: it does not fill. 0: it is full. */
  secondsToFull: number | null;
  /** Where it comes to rest below its limit; null: it does not, or is not known. */
  levelsOffAt: number | null;
}

/** What is in use, and what comes and goes. */
export interface Flow {
  used: number;
  of: number;
  /** TIME_WAITs made a second, each of which ends after a minute. */
  madePerSecond: number;
  /** Growth of what does not end by itself, a second. */
  heldPerSecond: number;
  /** What of `used` ends in each of the next 60 seconds. */
  ending: Ending;
}

/** At this share a limit is as good as reached: a look sees it between an end and the next beginning. */
const fullShare = 0.99;

/**
 * For a minute all is known but what is still to come: what is opened, at the rate of now, less what ends, second by second. After it, what was opened a minute
 * before ends as fast as it is opened, and only what is held grows. From opening alone a service that makes 280 TIME_WAITs a second would
 * fill 28,232 ports in 100 s; it levels off at 16,800.
 */
export function forecast({ used, of, madePerSecond, heldPerSecond, ending }: Flow): Forecast {
  if (used >= fullShare * of) return { secondsToFull: 0, levelsOffAt: null };
  const perSecond = madePerSecond + heldPerSecond;
  let level = used;
  for (const [second, ends] of ending.entries()) {
    const next = level + perSecond - ends;
    if (next >= of) return { secondsToFull: second + (of - level) / (next - level), levelsOffAt: null };
    level = next;
  }
  if (heldPerSecond > 0) return { secondsToFull: ending.length + (of - level) / heldPerSecond, levelsOffAt: null };
  return { secondsToFull: null, levelsOffAt: heldPerSecond === 0 ? Math.max(0, level) : null };
}

/** A value at a moment. */
export interface Point {
  atMs: number;
  value: number;
}

/** The trend must be so many times its own standard error, and reach over so many looks, to be one. */
const leastErrors = 4;
const leastPoints = 4;
/** One or two more may be gone again at the next look. */
const leastRise = 3;
/** With fewer looks: the difference over the value. */
const leastDifference = 0.01;

/** Growth a second of what is looked at now and then: null for a single look, 0 where it is no more than its own unrest. */
export function growth(points: readonly Point[]): number | null {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || last.atMs <= first.atMs) return null;
  const rise = last.value - first.value;
  if (Math.abs(rise) < leastRise) return 0;
  if (points.length < leastPoints) {
    const seconds = (last.atMs - first.atMs) / 1000;
    return Math.abs(rise) < leastDifference * Math.max(1, last.value) ? 0 : rise / seconds;
  }
  const pairs = points.map(({ atMs, value }) => [(atMs - first.atMs) / 1000, value]);
  const { m, b } = linearRegression(pairs);
  const meanX = sum(pairs.map(([x = 0]) => x)) / pairs.length;
  const spread = sum(pairs.map(([x = 0]) => (x - meanX) ** 2));
  const residual = sum(pairs.map(([x = 0, y = 0]) => (y - (m * x + b)) ** 2)) / (pairs.length - 2);
  const error = Math.sqrt(residual / spread);
  return Math.abs(m) >= leastErrors * error ? m : 0;
}

/** Of what grows by itself alone. */
export function fill(used: number, of: number, perSecond: number | null): number | null {
  if (used >= fullShare * of) return 0;
  return perSecond === null || perSecond <= 0 ? null : (of - used) / perSecond;
}
