import { quantile } from "../core/histogram.ts";
import type { Histogram } from "../results/histogram.ts";
import type { Threshold, ThresholdResult } from "../results/script.ts";
import { addMetrics, type ScriptMetric } from "../results/script-counts.ts";
import type { Window } from "../results/window.ts";
import { coveredSeconds } from "./windows.ts";

/**
 * A script's thresholds over the load's windows, in their order. One without a point is open (null), as a goal whose measure could not be had;
 * so is one that asks of a metric what it has not. A percentile is as fine as the buckets that k6 sends (4 to 9% wide).
 */
export function judgeThresholds(thresholds: readonly Threshold[], windows: readonly Window[]): ThresholdResult[] {
  return thresholds.map((threshold, place) => {
    const counts = windows.flatMap((window) => window.thresholds[place] ?? []);
    const [first, ...others] = counts;
    const all = first === undefined ? noneOf(threshold) : others.reduce(addMetrics, first);
    const { value, unit } = measured(threshold, all, coveredSeconds(windows));
    return { ...threshold, value, unit, kept: value === null ? null : isKept(threshold, value) };
  });
}

/** Of what is counted, no point is a count of 0. */
function noneOf({ metric, aggregation }: Threshold): ScriptMetric | null {
  const isCount = aggregation === "count" || metric === "http_reqs" || metric === "iterations";
  return isCount ? { kind: "counter", name: metric, sum: 0 } : null;
}

type Measured = Pick<ThresholdResult, "value" | "unit">;

const open: Measured = { value: null, unit: null };

function measured({ aggregation }: Threshold, all: ScriptMetric | null, seconds: number): Measured {
  switch (all?.kind) {
    case "counter":
      if (aggregation === "count") return { value: all.sum, unit: "count" };
      return aggregation === "rate" && seconds > 0 ? { value: all.sum / seconds, unit: "1/s" } : open;
    case "rate":
      return aggregation === "rate" && all.of > 0 ? { value: all.hits / all.of, unit: "fraction" } : open;
    case "gauge":
      return aggregation === "value" ? { value: all.value, unit: null } : open;
    case "trend":
      if (aggregation === "count") return { value: all.values.count, unit: "count" };
      return inUnit(ofTrend(aggregation, all.values), all.unit === "ms" ? "ms" : null);
    default:
      return open;
  }
}

function inUnit(value: number | null, unit: Measured["unit"]): Measured {
  return value === null ? open : { value, unit };
}

function ofTrend(aggregation: string, values: Histogram): number | null {
  switch (aggregation) {
    case "avg":
      return values.sum / values.count;
    case "min":
    case "max":
      return values[aggregation];
    case "med":
      return quantile(values, 0.5);
    default:
      return aggregation.startsWith("p(") ? quantile(values, Number(aggregation.slice(2, -1)) / 100) : null;
  }
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
