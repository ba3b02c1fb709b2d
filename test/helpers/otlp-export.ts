import { deltaTemporality, exportRequestType } from "../../harness/engines/windows/otlp-schema.ts";

const nanos = (unixMs: number) => unixMs * 1e6;
const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } });

/** An export as k6 sends it, its metrics spread over two scopes. */
export function exportBody(metrics: object[]): Buffer {
  const scopes = metrics.map((metric) => ({ metrics: [metric] }));
  const message = { resourceMetrics: [{ scopeMetrics: scopes }] };
  return Buffer.from(exportRequestType.encode(exportRequestType.fromObject(message)).finish());
}

/** Successful requests of the 500 ms from a moment on. */
export function requests(count: number, startUnixMs: number, aggregationTemporality = deltaTemporality) {
  const point = {
    startTimeUnixNano: nanos(startUnixMs),
    timeUnixNano: nanos(startUnixMs + 500),
    asDouble: count,
    attributes: [attribute("status", "200"), attribute("expected_response", "true")],
  };
  return { name: "http_reqs", sum: { dataPoints: [point], aggregationTemporality } };
}

/** Three latencies of the same. */
export function durations(startUnixMs: number) {
  const point = {
    attributes: [attribute("status", "200"), attribute("expected_response", "true")],
    startTimeUnixNano: nanos(startUnixMs),
    timeUnixNano: nanos(startUnixMs + 500),
    count: 3,
    sum: 7.5,
    scale: 3,
    zeroCount: 0,
    positive: { offset: -2, bucketCounts: [1, 0, 2] },
    min: 0.9,
    max: 1.2,
  };
  return { name: "http_req_duration", exponentialHistogram: { dataPoints: [point], aggregationTemporality: 1 } };
}

/** The moment at which a runner began its schedule, as the script's wrapper tells it. */
export function started(atUnixMs: number, collectedUnixMs: number) {
  const point = { startTimeUnixNano: 0, timeUnixNano: nanos(collectedUnixMs), asDouble: atUnixMs, attributes: [] };
  return { name: "tunebench_started", gauge: { dataPoints: [point] } };
}
