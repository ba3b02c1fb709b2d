import test from "ava";
import type { Attributes, HistogramPoint, OtlpPoint } from "../../../../harness/engines/windows/decode-otlp.ts";
import { firstCarry, lastWindow, toWindow, type WindowCarry } from "../../../../harness/engines/windows/windows.ts";

const ok: Attributes = { status: "200", expected_response: "true" };
const unavailable: Attributes = { status: "503", error_code: "1503", expected_response: "false" };
const refused: Attributes = {
  status: "0",
  error_code: "1212",
  error: "dial: connection refused",
  expected_response: "false",
};

function sum(
  metric: string,
  attributes: Attributes,
  value: number,
  at = { startUnixMs: 1000, endUnixMs: 1500 },
): OtlpPoint {
  return { kind: "sum", metric, attributes, value, ...at };
}

function duration(attributes: Attributes, count: number, ms: number): HistogramPoint {
  const index = Math.ceil(Math.log2(ms) * 16) - 1;
  const histogram = {
    scale: 4,
    zeroCount: 0,
    offset: index,
    counts: [count],
    count,
    sum: count * ms,
    min: ms,
    max: ms,
  };
  return {
    kind: "histogram",
    unit: "ms",
    metric: "http_req_duration",
    attributes,
    histogram,
    startUnixMs: 1000,
    endUnixMs: 1500,
  };
}

function windowOf(points: OtlpPoint[], carry: WindowCarry = firstCarry, receivedUnixMs = 1501) {
  return toWindow({ points, carry, received: { unixMs: receivedUnixMs, ms: receivedUnixMs - 900 } });
}

test("an export becomes a window on the trial's clock", (t) => {
  const { window } = windowOf([
    sum("http_reqs", ok, 90),
    sum("http_reqs", refused, 10),
    duration(ok, 90, 5),
    duration(refused, 10, 0.001),
    sum("dropped_iterations", {}, 7),
    { ...duration(ok, 100, 20), metric: "iteration_duration" },
    { kind: "gauge", metric: "vus_max", attributes: {}, value: 200, startUnixMs: 20, endUnixMs: 1500 },
  ]);
  t.like(window, { startMs: 100, endMs: 600, requests: 100, droppedIterations: 7, virtualUsers: 200 });
  t.like(window?.iterationMs, { count: 100, sum: 2000 });
  t.deepEqual(window?.faults, [{ kind: "ECONNREFUSED", side: "target", count: 10 }]);
  t.is(window?.latencyMs?.count, 90);
  t.is(window?.latencyMs?.min, 5);
});

test("latencies of several statuses that succeeded are merged", (t) => {
  const redirect = { ...ok, status: "302" };
  const { window } = windowOf([duration(ok, 3, 5), duration(redirect, 2, 50)]);
  t.like(window?.latencyMs, { count: 5, min: 5, max: 50 });
});

test("windows follow one another without a gap or an overlap, empty ones too", (t) => {
  const first = windowOf([sum("http_reqs", ok, 1)]);
  const empty = windowOf([], first.carry, 2000);
  const late = windowOf([sum("http_reqs", ok, 4, { startUnixMs: 1700, endUnixMs: 2500 })], empty.carry, 2501);
  t.like(empty.window, { startMs: 600, endMs: 1100, requests: 0, latencyMs: null });
  t.like(late.window, { startMs: 1100, endMs: 1600, requests: 4 });
});

test("nothing is a window before k6 has measured anything", (t) => {
  t.is(windowOf([]).window, null);
});

test("a clock that steps back makes no overlap", (t) => {
  const first = windowOf([sum("http_reqs", ok, 1)]);
  const { window } = windowOf([sum("http_reqs", ok, 1, { startUnixMs: 900, endUnixMs: 1400 })], first.carry, 2001);
  t.like(window, { startMs: 600, endMs: 1101, requests: 1 });
});

test("a 503 is named by the script; one whose name is late is counted in the next window", (t) => {
  const mark = (kind: string, value: number) => sum("tunebench_faults", { kind, side: "target", status: "503" }, value);
  const first = windowOf([sum("http_reqs", unavailable, 10), mark("none", 0), mark("EADDRNOTAVAIL", 9)]);
  t.like(first.window, { requests: 9 });
  t.deepEqual(first.window?.faults, [{ kind: "EADDRNOTAVAIL", side: "target", count: 9 }]);
  const second = windowOf([sum("http_reqs", ok, 5), mark("EADDRNOTAVAIL", 1)], first.carry);
  t.like(second.window, { requests: 6 });
  t.deepEqual(second.window?.faults, [{ kind: "EADDRNOTAVAIL", side: "target", count: 1 }]);
});

test("a response whose name never came is in the last window, by its status", (t) => {
  const mark = sum("tunebench_faults", { kind: "none", side: "target", status: "0" }, 0);
  const { window, carry } = windowOf([sum("http_reqs", unavailable, 2), mark]);
  t.is(window?.requests, 0);
  const last = lastWindow(carry, 650);
  t.like(last, { startMs: 600, endMs: 650, requests: 2 });
  t.deepEqual(last?.faults, [{ kind: "HTTP 503", side: "target", count: 2, status: 503 }]);
  t.is(lastWindow(windowOf([sum("http_reqs", ok, 1)]).carry, 650), null);
});

test("without the script's word a 503 counts by its status at once", (t) => {
  const { window } = windowOf([sum("http_reqs", unavailable, 3)]);
  t.deepEqual(window?.faults, [{ kind: "HTTP 503", side: "target", count: 3, status: 503 }]);
});

test("what overflowed the SDK's attribute sets counts as failed, of unknown kind", (t) => {
  const { window } = windowOf([sum("http_reqs", { "otel.metric.overflow": "true" }, 3)]);
  t.deepEqual(window?.faults, [{ kind: "UNKNOWN", side: "target", count: 3 }]);
});

/** Windows of 500 ms each that k6 stamps with a wall clock `stepMs` off the harness's, from the export with index `from` on. */
function stepped(stepMs: number, from: number): { startMs: number; endMs: number; requests: number }[] {
  let carry = firstCarry;
  return [0, 1, 2, 3].map((index) => {
    const startUnixMs = 1000 + index * 500 + (index >= from ? stepMs : 0);
    const points = [sum("http_reqs", ok, 50, { startUnixMs, endUnixMs: startUnixMs + 500 })];
    const received = { unixMs: 1503 + index * 500, ms: 603 + index * 500 };
    const next = toWindow({ points, carry, received });
    carry = next.carry;
    return next.window as NonNullable<typeof next.window>;
  });
}

test("where the wall clock was set, windows end at their reception", (t) => {
  const borders = (windows: ReturnType<typeof stepped>) => windows.map(({ startMs, endMs }) => [startMs, endMs]);
  t.deepEqual(borders(stepped(0, 0)), [
    [100, 600],
    [600, 1100],
    [1100, 1600],
    [1600, 2100],
  ]);
  for (const stepMs of [-7_200_000, 7_200_000]) {
    t.deepEqual(borders(stepped(stepMs, 0)), [
      [103, 603],
      [603, 1103],
      [1103, 1603],
      [1603, 2103],
    ]);
    t.deepEqual(borders(stepped(stepMs, 2)), [
      [100, 600],
      [600, 1100],
      [1100, 1603],
      [1603, 2103],
    ]);
    for (const { requests } of stepped(stepMs, 2)) t.is(requests, 50);
  }
});

test("a failed check is a failed request of its window, or of the next that has one", (t) => {
  const failed = (count: number) => sum("tunebench_check_faults", { kind: "CHECK_FAILED" }, count);
  const fault = (count: number) => [{ kind: "CHECK_FAILED", side: "target", count }] as const;
  const early = windowOf([sum("http_reqs", ok, 3), sum("http_reqs", unavailable, 2), failed(5)]);
  t.is(early.window?.requests, 5);
  t.deepEqual(early.window?.faults, [...fault(3), { kind: "HTTP 503", side: "target", count: 2, status: 503 }]);
  const late = windowOf([sum("http_reqs", ok, 10), failed(1)], early.carry, 2001);
  t.deepEqual(late.window?.faults, fault(3));
  t.deepEqual(windowOf([sum("http_reqs", ok, 10)], late.carry, 2501).window?.faults, []);
});

test("what the script counts by names of its own is not what k6 counts by itself", (t) => {
  const half = (condition: string, value: number, metric: string) => sum(metric, { condition, check: "is 200" }, value);
  const endpoint = { ...ok, name: "home" };
  const gauge = { kind: "gauge" as const, attributes: {}, value: 4, startUnixMs: 20, endUnixMs: 1500 };
  const { window } = windowOf([
    sum("http_reqs", endpoint, 3),
    sum("http_reqs", { ...unavailable, name: "home" }, 2),
    sum("http_reqs", ok, 1),
    duration(endpoint, 3, 5),
    duration({ ...unavailable, name: "home" }, 2, 900),
    { ...duration(endpoint, 3, 5), metric: "http_req_waiting" },
    half("nonzero", 5, "checks.total"),
    half("zero", 1, "checks.total"),
    half("nonzero", 5, "http_req_failed.total"),
    half("zero", 3, "hits.total"),
    half("nonzero", 1, "hits.total"),
    sum("orders", {}, 2),
    sum("ws_orders", {}, 3),
    sum("grand.total", {}, 8),
    sum("ws_sessions", {}, 8),
    half("nonzero", 1, "grpc_streams.total"),
    sum("iterations", {}, 2),
    sum("data_sent", {}, 2),
    { ...gauge, metric: "vus_max" },
    { ...gauge, metric: "size" },
    { ...duration({}, 2, 7), metric: "wait", unit: "" },
  ]);
  t.deepEqual(window?.script.checks, [{ name: "is 200", passed: 5, failed: 1 }]);
  t.is(window?.script.endpoints.length, 1);
  t.like(window?.script.endpoints[0], { name: "home", requests: 5, failed: 2, latencyMs: { count: 3, max: 5 } });
  t.deepEqual(window?.script.metrics.slice(0, 5), [
    { kind: "rate", name: "hits", hits: 1, of: 4 },
    { kind: "counter", name: "orders", sum: 2 },
    { kind: "counter", name: "ws_orders", sum: 3 },
    { kind: "counter", name: "grand.total", sum: 8 },
    { kind: "gauge", name: "size", value: 4 },
  ]);
  t.like(window?.script.metrics[5], { kind: "trend", name: "wait", unit: "", values: { count: 2 } });
});

test("a gRPC stream is a request once it is answered, one more where it fails, and its end is no call", (t) => {
  const stream = { tunebench_stream: "1" };
  const calls = { ...duration({ status: "0" }, 4, 5), metric: "grpc_req_duration" };
  const { window } = windowOf([
    calls,
    { ...calls, attributes: { ...stream, status: "14" } },
    { ...duration(stream, 3, 7), metric: "tunebench_stream_latency" },
    sum("tunebench_stream_faults", { status: "14" }, 2),
    sum("grpc_streams", stream, 9),
    sum("grpc_streams_msgs_received", stream, 70),
  ]);
  t.like(window, { requests: 9, latencyMs: { count: 7, min: 5, max: 7 } });
  t.deepEqual(window?.faults, [{ kind: "gRPC UNAVAILABLE", side: "target", count: 2 }]);
  t.deepEqual(window?.script.metrics, [{ kind: "counter", name: "grpc_streams_msgs_received", sum: 70 }]);
});

test("windows hold what thresholds ask for, by their tags", (t) => {
  const threshold = (metric: string, tags: Record<string, string>) =>
    ({ metric, tags, aggregation: "rate", comparison: "<", limit: 1 }) as const;
  const carry = {
    ...firstCarry,
    thresholds: [
      threshold("http_req_waiting", { group: "::front" }),
      threshold("hits", {}),
      threshold("orders", { tier: "gold" }),
      threshold("orders", { tier: "none" }),
    ],
  };
  const waiting = { ...duration({ ...ok, group: "::front" }, 2, 5), metric: "http_req_waiting" };
  const points = [
    waiting,
    { ...waiting, attributes: { ...refused, group: "::front" } },
    { ...waiting, attributes: ok },
    sum("hits.total", { condition: "nonzero" }, 1),
    sum("hits.total", { condition: "zero" }, 3),
    sum("orders", { tier: "gold" }, 2),
    sum("orders", {}, 5),
  ];
  const { window } = windowOf(points, carry);
  t.like(window?.thresholds[0], { kind: "trend", values: { count: 2, max: 5 } });
  t.deepEqual(window?.thresholds.slice(1), [
    { kind: "rate", name: "hits", hits: 1, of: 4 },
    { kind: "counter", name: "orders", sum: 2 },
    null,
  ]);
});
