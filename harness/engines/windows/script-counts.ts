import {
  type CheckCount,
  type EndpointCount,
  otherName,
  type ScriptCounts,
  type ScriptMetric,
  sumScriptCounts,
} from "../../results/script-counts.ts";
import type { HistogramPoint, NumberPoint, OtlpPoint } from "./decode-otlp.ts";
import { isOfMessages, isScripts } from "./k6-metrics.ts";

/** A Rate comes as two sums of this ending: how many values were not 0, and how many were. */
const rateEnding = ".total";

/**
 * What the script counts in one export: its checks, its requests by the name that it gave them (scenarios/lib/http.ts), its own metrics, and the
 * messages within its sessions and streams.
 */
export function scriptCounts(points: readonly OtlpPoint[], isFailure: (point: OtlpPoint) => boolean): ScriptCounts {
  const numbers = points.filter((point) => point.kind !== "histogram");
  const counts = [
    ...numbers.filter(({ metric }) => metric === "checks.total").map((point) => ({ checks: [checkCount(point)] })),
    ...points.flatMap((point) => endpointCount(point, isFailure(point)).map((count) => ({ endpoints: [count] }))),
    ...points
      .flatMap(countsOf)
      .filter(({ name }) => isScripts(name) || isOfMessages(name))
      .map((metric) => ({ metrics: [metric] })),
  ];
  return sumScriptCounts(counts.map((count) => ({ checks: [], endpoints: [], metrics: [], ...count })));
}

function checkCount({ attributes: { check = otherName, condition }, value }: NumberPoint): CheckCount {
  const hasPassed = condition === "nonzero";
  return { name: check, passed: hasPassed ? value : 0, failed: hasPassed ? 0 : value };
}

/** A request without a name belongs to no endpoint. */
function endpointCount(point: OtlpPoint, failed: boolean): EndpointCount[] {
  const { name } = point.attributes;
  if (name === undefined) return [];
  if (point.kind !== "histogram" && point.metric === "http_reqs")
    return [{ name, requests: point.value, failed: failed ? point.value : 0, latencyMs: null }];
  if (point.kind === "histogram" && point.metric === "http_req_duration" && !failed)
    return [{ name, requests: 0, failed: 0, latencyMs: point.histogram }];
  return [];
}

/** A point as its metric has it; [] of a trend without a value. */
export function countsOf(point: OtlpPoint): ScriptMetric[] {
  const { metric } = point;
  if (point.kind === "histogram") return trendOf(point);
  if (point.kind === "gauge") return [{ kind: "gauge", name: metric, value: point.value }];
  if (metric.endsWith(rateEnding) && point.attributes.condition !== undefined) return [rateOf(point)];
  return [{ kind: "counter", name: metric, sum: point.value }];
}

function rateOf({ metric, attributes, value }: NumberPoint): ScriptMetric {
  const name = metric.slice(0, -rateEnding.length);
  return { kind: "rate", name, hits: attributes.condition === "nonzero" ? value : 0, of: value };
}

function trendOf({ metric, unit, histogram }: HistogramPoint): ScriptMetric[] {
  return histogram.count === 0 ? [] : [{ kind: "trend", name: metric, unit, values: histogram }];
}
