import {
  type CheckCount,
  type EndpointCount,
  otherName,
  type ScriptCounts,
  type ScriptMetric,
  sumScriptCounts,
} from "../../results/script-counts.ts";
import type { HistogramPoint, NumberPoint, OtlpPoint } from "./decode-otlp.ts";

/** k6's own metrics, and the harness's; each other one is the script's. Source: k6 v2.2.0, metrics/builtin.go, js/modules/k6/{ws,grpc,browser}. */
const notTheScripts = new RegExp(
  `^(?:${[
    "vus|vus_max|iterations|iteration_duration|dropped_iterations|group_duration|checks|data_sent|data_received|http_reqs",
    "http_req_(?:blocked|connecting|duration|failed|looking_up|receiving|sending|tls_handshaking|waiting)",
    "ws_(?:connecting|session_duration|sessions|ping|msgs_sent|msgs_received)",
    "grpc_(?:req_duration|streams|streams_msgs_sent|streams_msgs_received)",
    "browser_.*|tunebench_.*",
  ].join("|")})$`,
);

/** A Rate comes as two sums of this ending: how many values were not 0, and how many were. */
const rateEnding = ".total";

/** What the script counts in one export: its checks, its requests by the name that it gave them (scenarios/lib/http.ts), and its own metrics. */
export function scriptCounts(points: readonly OtlpPoint[], isFailure: (point: OtlpPoint) => boolean): ScriptCounts {
  const numbers = points.filter((point) => point.kind !== "histogram");
  const counts = [
    ...numbers.filter(({ metric }) => metric === "checks.total").map((point) => ({ checks: [checkCount(point)] })),
    ...points.flatMap((point) => endpointCount(point, isFailure(point)).map((count) => ({ endpoints: [count] }))),
    ...points.flatMap((point) => scriptMetric(point).map((metric) => ({ metrics: [metric] }))),
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

function scriptMetric(point: OtlpPoint): ScriptMetric[] {
  const { metric } = point;
  const isRate = point.kind === "sum" && metric.endsWith(rateEnding) && point.attributes.condition !== undefined;
  const name = isRate ? metric.slice(0, -rateEnding.length) : metric;
  if (notTheScripts.test(name)) return [];
  if (isRate) return [rateOf(name, point)];
  if (point.kind === "histogram") return trendOf(name, point);
  return [
    point.kind === "sum" ? { kind: "counter", name, sum: point.value } : { kind: "gauge", name, value: point.value },
  ];
}

function rateOf(name: string, { attributes, value }: NumberPoint): ScriptMetric {
  return { kind: "rate", name, hits: attributes.condition === "nonzero" ? value : 0, of: value };
}

function trendOf(name: string, { unit, histogram }: HistogramPoint): ScriptMetric[] {
  return histogram.count === 0 ? [] : [{ kind: "trend", name, unit, values: histogram }];
}
