import type { Histogram } from "../../results/histogram.ts";
import {
  type AttributeMessage,
  deltaTemporality,
  type ExportMessage,
  exportRequestType,
  type HistogramPointMessage,
  type MetricMessage,
  type NumberPointMessage,
} from "./otlp-schema.ts";

/** Attributes of a data point: k6's system tags (our listener in Locust has the same) and the script's own. */
export type Attributes = Record<string, string>;

interface PointBase {
  metric: string;
  attributes: Attributes;
  /** Wall clock of the sender, ms since 1970. */
  startUnixMs: number;
  endUnixMs: number;
}

/** A number that was added up (counters, rates) or last seen (gauges). */
export interface NumberPoint extends PointBase {
  kind: "sum" | "gauge";
  value: number;
}

/** A trend's distribution. */
export interface HistogramPoint extends PointBase {
  kind: "histogram";
  /** As the metric has it: "ms"; "" where it has none. */
  unit: string;
  histogram: Histogram;
}

export type OtlpPoint = NumberPoint | HistogramPoint;

/**
 * Data points of one OTLP metrics export (protobuf). Throws Error where the bytes are no such message, or where the
 * sender was not told to use delta temporality and exponential histograms: such numbers can't be read as a window.
 */
export function decodeOtlp(body: Uint8Array): OtlpPoint[] {
  const decoded = exportRequestType.toObject(exportRequestType.decode(body), {
    arrays: true,
    longs: Number,
  }) as ExportMessage;
  return decoded.resourceMetrics
    .flatMap((resource) => resource.scopeMetrics)
    .flatMap((scope) => scope.metrics)
    .flatMap(pointsOf);
}

function pointsOf(metric: MetricMessage): OtlpPoint[] {
  const { gauge, sum, exponentialHistogram } = metric;
  if (metric.histogram !== undefined) throw new Error(`${metric.name}: explicit buckets, exponential ones expected`);
  for (const part of [sum, exponentialHistogram]) {
    if (part !== undefined && part.aggregationTemporality !== deltaTemporality) {
      throw new Error(`${metric.name}: temporality ${part.aggregationTemporality}, delta (1) expected`);
    }
  }
  if (gauge !== undefined) return gauge.dataPoints.map((point) => numberPoint("gauge", metric.name, point));
  if (sum !== undefined) return sum.dataPoints.map((point) => numberPoint("sum", metric.name, point));
  return (exponentialHistogram?.dataPoints ?? []).map((point) => histogramPoint(metric, point));
}

function numberPoint(kind: "sum" | "gauge", metric: string, point: NumberPointMessage): NumberPoint {
  return { kind, ...pointBase(metric, point), value: point.asDouble ?? point.asInt ?? 0 };
}

function histogramPoint({ name, unit = "" }: MetricMessage, point: HistogramPointMessage): HistogramPoint {
  const { scale = 0, count = 0, sum = 0, zeroCount = 0, positive, min = 0, max = 0 } = point;
  const { offset = 0, bucketCounts: counts = [] } = positive ?? {};
  const histogram = { scale, zeroCount, offset, counts, count, sum, min, max };
  return { kind: "histogram", ...pointBase(name, point), unit, histogram };
}

function pointBase(metric: string, point: NumberPointMessage | HistogramPointMessage): PointBase {
  const attributes = Object.fromEntries(point.attributes.map(({ key, value }) => [key, textOf(value)]));
  const nanosPerMs = 1e6;
  return {
    metric,
    attributes,
    startUnixMs: (point.startTimeUnixNano ?? 0) / nanosPerMs,
    endUnixMs: (point.timeUnixNano ?? 0) / nanosPerMs,
  };
}

function textOf(value: AttributeMessage | undefined): string {
  return String(value?.stringValue ?? value?.boolValue ?? value?.intValue ?? value?.doubleValue ?? "");
}
