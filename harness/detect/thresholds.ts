import { mergeHistograms, quantile } from "../core/histogram.ts";
import type { Threshold, ThresholdResult } from "../results/script.ts";
import type { ThresholdSeries } from "../results/threshold-series.ts";
import type { Window } from "../results/window.ts";
import { coveredSeconds, sum } from "./windows.ts";

/**
 * A script's thresholds over the load's windows, in their order. One without a point is open (null), as a goal whose measure could not be had.
 * A percentile is as fine as the buckets that k6 sends (4 to 9% wide).
 */
export function judgeThresholds(thresholds: readonly Threshold[], windows: readonly Window[]): ThresholdResult[] {
  return thresholds.map((threshold, place) => {
    const value = measured(
      threshold,
      windows.flatMap((window) => window.thresholds[place] ?? []),
      coveredSeconds(windows),
    );
    return { ...threshold, value, kept: value === null ? null : isKept(threshold, value) };
  });
}

function measured({ metric, aggregation }: Threshold, series: ThresholdSeries[], seconds: number): number | null {
  const points = sum(series.map((one) => one.points));
  const hits = sum(series.map((one) => one.hits));
  if (metric === "http_req_failed" || metric === "checks") return points === 0 ? null : hits / points;
  if (metric === "http_reqs" || metric === "iterations") {
    if (aggregation === "count") return hits;
    return seconds === 0 ? null : hits / seconds;
  }
  const [first, ...others] = series.flatMap(({ histogramMs }) => histogramMs ?? []);
  if (first === undefined) return null;
  const all = others.reduce(mergeHistograms, first);
  if (aggregation === "avg") return all.sum / all.count;
  if (aggregation === "min" || aggregation === "max" || aggregation === "count") return all[aggregation];
  const percentile = aggregation === "med" ? 50 : Number(/\d+(\.\d+)?/.exec(aggregation)?.[0]);
  return quantile(all, percentile / 100);
}

function isKept({ comparison, limit }: Threshold, value: number): boolean {
  switch (comparison) {
    case "<":
      return value < limit;
    case "<=":
      return value <= limit;
    case ">":
      return value > limit;
    case ">=":
      return value >= limit;
    case "==":
      return value === limit;
    case "!=":
      return value !== limit;
  }
}
