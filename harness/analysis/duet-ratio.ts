import { mean } from "simple-statistics";
import type { MeasureName } from "../core/measures.ts";
import type { Duet } from "../results/duet.ts";

/** Windows that both arms have with fewer requests that succeeded in either say little of a median. */
const leastRequests = 10;

/**
 * Logarithm of candidate over base of a duet's latency quantile: of each pair of windows, in which both met the same noise, and of these the mean
 * without the lowest and the highest quarter. null of other measures, and where no window has both.
 */
export function duetLogRatio(candidate: Duet | null, base: Duet | null, measure: MeasureName): number | null {
  const key = ({ "latencyMs.p50": "p50Ms", "latencyMs.p90": "p90Ms" } as const)[measure as string];
  if (key === undefined || candidate === null || base === null) return null;
  const logs = candidate.windows.flatMap((window, index) => {
    const other = base.windows[index];
    if (other === undefined) return [];
    const [over, under] = [window[key], other[key]];
    const few = [window, other].some(({ requests, failed }) => requests - failed < leastRequests);
    return few || over === null || under === null || over <= 0 || under <= 0 ? [] : [Math.log(over / under)];
  });
  return logs.length === 0 ? null : middleMean(logs);
}

/** Mean of the middle half. */
function middleMean(values: number[]): number {
  const cut = Math.floor(values.length / 4);
  return mean(values.toSorted((a, b) => a - b).slice(cut, values.length - cut));
}
