import type { MeasureName } from "../core/measures.ts";
import type { TrialRecord } from "../results/trial.ts";
import { boundsOf } from "../search/bounds.ts";
import type { RatioEstimate } from "../stats/ratio.ts";
import type { TrialSet } from "./trial-sets.ts";

/**
 * A search knows a rate only to the gap between what it kept and what it missed, and two searches that try the same rates
 * differ by nothing or by a whole step, in every block. So the interval of a ratio of such rates is widened by the gap on
 * both sides: more blocks do not make it narrower than the search looked. Estimates of other measures are as they were.
 */
export function widenedBySearch(
  estimate: RatioEstimate,
  measure: MeasureName,
  sets: (TrialSet | undefined)[],
): RatioEstimate {
  if (measure !== "sustainableRatePerSecond") return estimate;
  const trials = sets.flatMap((set) => [...(set?.measured.values() ?? [])]);
  const gap = Math.max(1, ...trials.map(gapOf));
  const { low, high } = estimate;
  return { ...estimate, low: low === null ? null : low / gap, high: high === null ? null : high * gap };
}

/** Lowest rate missed over the one found; 1 where none was missed: then the rate is a lower bound anyway. */
function gapOf({ search }: TrialRecord): number {
  const { missed } = boundsOf(search?.steps ?? []);
  const found = search?.sustainableRatePerSecond ?? null;
  return missed === null || found === null ? 1 : missed / found;
}
