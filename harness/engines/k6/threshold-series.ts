import { mergeHistograms } from "../../core/histogram.ts";
import type { Histogram } from "../../results/histogram.ts";
import type { Threshold } from "../../results/script.ts";
import type { ThresholdSeries } from "../../results/threshold-series.ts";
import type { OtlpPoint } from "./decode-otlp.ts";

/** What an export holds for each threshold, in their order. Of requests without a response there is no time. */
export function thresholdSeries(thresholds: readonly Threshold[], points: readonly OtlpPoint[]): ThresholdSeries[] {
  return thresholds.map((threshold) => {
    const own = points.filter((point) => isMeant(threshold, point));
    const numbers = own.flatMap((point) => (point.kind === "sum" ? [point] : []));
    const sumOf = (some: typeof numbers) => some.reduce((sum, { value }) => sum + value, 0);
    const isRate = numbers.some(({ attributes }) => attributes.condition !== undefined);
    return {
      hits: sumOf(isRate ? numbers.filter(({ attributes }) => attributes.condition === "nonzero") : numbers),
      points: sumOf(numbers),
      histogramMs: mergedHistogram(own.flatMap((point) => (point.kind === "histogram" ? [point.histogram] : []))),
    };
  });
}

/** k6 sends a rate as `NAME.total`, in two halves. */
function isMeant({ metric, tags }: Threshold, point: OtlpPoint): boolean {
  if (point.metric !== metric && point.metric !== `${metric}.total`) return false;
  if (metric === "http_req_duration" && point.attributes.status === "0") return false;
  return Object.entries(tags).every(([name, value]) => point.attributes[name] === value);
}

/** Each threshold's series of several windows together. */
export function sumSeries(all: readonly ThresholdSeries[][]): ThresholdSeries[] {
  const most = all.reduce((length, series) => Math.max(length, series.length), 0);
  return Array.from({ length: most }, (_, i) => {
    const own = all.flatMap((series) => series[i] ?? []);
    return {
      hits: own.reduce((sum, { hits }) => sum + hits, 0),
      points: own.reduce((sum, { points }) => sum + points, 0),
      histogramMs: mergedHistogram(own.flatMap(({ histogramMs }) => histogramMs ?? [])),
    };
  });
}

function mergedHistogram(histograms: Histogram[]): Histogram | null {
  const [first, ...others] = histograms;
  return first === undefined ? null : others.reduce(mergeHistograms, first);
}
