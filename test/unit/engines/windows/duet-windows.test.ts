import test from "ava";
import type { Attributes, OtlpPoint } from "../../../../harness/engines/windows/decode-otlp.ts";
import {
  firstDuetCarry,
  firstLoadCarry,
  lastLoadWindow,
  toLoadWindow,
} from "../../../../harness/engines/windows/duet-windows.ts";
import { requestsIn } from "../../../helpers/k6-trial.ts";

const at = { startUnixMs: 1000, endUnixMs: 1500 };
const received = { unixMs: 1501, ms: 601 };
const ok = { status: "200", expected_response: "true" };
const failed = { status: "503", expected_response: "false" };
const arm = (index: number, attributes: Attributes = {}): Attributes => ({
  ...attributes,
  tunebench_arm: String(index),
});

function sum(metric: string, attributes: Attributes, value: number): OtlpPoint {
  return { kind: "sum", metric, attributes, value, ...at };
}

/** One value of a trend of a duet's latencies, in the doubling that it lies in. */
function fine(index: number, ms: number, count: number): OtlpPoint {
  const doubling = String(Math.floor(Math.log2(ms)));
  const bucket = Math.ceil(Math.log2(ms) * 128) - 1;
  const histogram = {
    scale: 7,
    zeroCount: 0,
    offset: bucket,
    counts: [count],
    count,
    sum: count * ms,
    min: ms,
    max: ms,
  };
  const attributes = arm(index, { doubling });
  return { kind: "histogram", unit: "ms", metric: "tunebench_duet_latency", attributes, histogram, ...at };
}

const points = [
  sum("http_reqs", arm(0, ok), 90),
  sum("http_reqs", arm(0, failed), 10),
  sum("http_reqs", arm(1, ok), 101),
  fine(0, 2, 80),
  fine(0, 9, 10),
  fine(1, 2.1, 101),
  sum("dropped_iterations", {}, 7),
  { kind: "gauge", metric: "vus_max", attributes: {}, value: 30, ...at } as OtlpPoint,
];

test("an export of a duet is a window, and one of each arm over the same stretch", (t) => {
  const { window } = toLoadWindow({ points, carry: firstDuetCarry([]), received });
  const [first, second] = window?.arms ?? [];
  t.like(window, { startMs: 100, endMs: 600, requests: 201, droppedIterations: 7, virtualUsers: 30 });
  t.like(first, { startMs: 100, endMs: 600, requests: 100, droppedIterations: 4, virtualUsers: 30 });
  t.like(second, { startMs: 100, endMs: 600, requests: 101, droppedIterations: 3, faults: [] });
  t.deepEqual(
    first?.faults.map(({ count }) => count),
    [10],
  );
  t.is(first?.latencyMs?.count, 90);
  t.is(first?.latencyMs?.scale, 7, "as fine as they were taken, over several doublings");
  t.is(second?.latencyMs?.count, 101);
});

test("an arm without a request in a window has an empty one", (t) => {
  const own = points.filter(({ attributes }) => attributes.tunebench_arm !== "1");
  const { window, carry } = toLoadWindow({ points: own, carry: firstDuetCarry([]), received });
  t.like(window?.arms?.[1], { startMs: 100, endMs: 600, requests: 0, latencyMs: null });
  t.is(lastLoadWindow(carry, 700), null, "nothing was left open");
});

test("any other load has no arms", (t) => {
  const { window } = toLoadWindow({ points, carry: firstLoadCarry([]), received });
  t.false("arms" in (window ?? {}));
  t.is(requestsIn(window === null ? [] : [window]), 201);
});
