import type { Threshold } from "../../results/script.ts";
import { addMetrics, type ScriptMetric } from "../../results/script-counts.ts";
import type { ThresholdSeries } from "../../results/threshold-series.ts";
import type { OtlpPoint } from "./decode-otlp.ts";
import { countsOf } from "./script-counts.ts";

/** What an export holds for each threshold, in their order. Of requests without a response there is no time. */
export function thresholdSeries(thresholds: readonly Threshold[], points: readonly OtlpPoint[]): ThresholdSeries[] {
  return thresholds.map((threshold) => {
    const own = points.filter((point) => hasTags(threshold, point)).flatMap(countsOf);
    return together(own.filter(({ name }) => name === threshold.metric));
  });
}

function hasTags({ metric, tags }: Threshold, point: OtlpPoint): boolean {
  const isTimeOfRequest = metric.startsWith("http_req_") && point.kind === "histogram";
  if (isTimeOfRequest && point.attributes.status === "0") return false;
  return Object.entries(tags).every(([name, value]) => point.attributes[name] === value);
}

/** Each threshold's series of several windows together. */
export function sumSeries(all: readonly ThresholdSeries[][]): ThresholdSeries[] {
  const most = all.reduce((length, series) => Math.max(length, series.length), 0);
  return Array.from({ length: most }, (_, i) => together(all.flatMap((series) => series[i] ?? [])));
}

function together(counts: ScriptMetric[]): ThresholdSeries {
  const [first, ...others] = counts;
  return first === undefined ? null : others.reduce(addMetrics, first);
}
