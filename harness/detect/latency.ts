import { bucketWidthRatio, mergeHistograms, quantile } from "../core/histogram.ts";
import type { Histogram } from "../results/histogram.ts";
import type { LatencySummary } from "../results/latency.ts";
import type { Window } from "../results/window.ts";

/** One histogram of all windows; null where none of them had a success. */
export function mergedLatency(windows: readonly Window[]): Histogram | null {
  const merged = windows
    .flatMap((window) => (window.latencyMs === null ? [] : [window.latencyMs]))
    .reduce<Histogram | null>((all, one) => (all === null ? one : mergeHistograms(all, one)), null);
  return merged === null || merged.count === 0 ? null : merged;
}

/** Percentiles of the windows' merged histogram; null where nothing succeeded. */
export function latencyOf(windows: readonly Window[]): LatencySummary | null {
  const merged = mergedLatency(windows);
  if (merged === null) return null;
  return {
    p50: quantile(merged, 0.5),
    p90: quantile(merged, 0.9),
    p99: quantile(merged, 0.99),
    max: merged.max,
    count: merged.count,
    resolutionRatio: bucketWidthRatio(merged),
  };
}
