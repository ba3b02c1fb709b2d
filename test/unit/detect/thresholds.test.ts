import test from "ava";
import { judgeThresholds } from "../../../harness/detect/thresholds.ts";
import type { Threshold } from "../../../harness/results/script.ts";
import type { ThresholdSeries } from "../../../harness/results/threshold-series.ts";
import { equalLatencies, half } from "./story.ts";

/** What becomes of `METRIC AGGREGATION < 10` over two windows, a second, that hold this. */
function judged(metric: string, aggregation: string, first: ThresholdSeries, second: ThresholdSeries = null) {
  const threshold: Threshold = { metric, tags: {}, aggregation, comparison: "<", limit: 10 };
  const windows = [first, second].map((series, i) => ({ ...half(i / 2, 10, 5), thresholds: [series] }));
  const [result] = judgeThresholds([threshold], windows);
  return [result?.value, result?.unit, result?.kept];
}

const counter = (sum: number): ThresholdSeries => ({ kind: "counter", name: "orders", sum });
const trend = (unit: string): ThresholdSeries => ({ kind: "trend", name: "took", unit, values: equalLatencies(5, 4) });

test("a metric of any kind is judged over all windows together, in its unit", (t) => {
  t.deepEqual(judged("orders", "count", counter(7), counter(5)), [12, "count", false]);
  const rate = { kind: "rate", name: "hits", of: 4 } as const;
  t.deepEqual(judged("hits", "rate", { ...rate, hits: 1 }, { ...rate, hits: 3 }), [0.5, "fraction", true]);
  t.deepEqual(judged("took", "avg", trend("ms"), trend("ms")), [5, "ms", true]);
  t.deepEqual(judged("took", "p(95)", trend("")), [5, null, true]);
  t.deepEqual(judged("took", "count", trend("ms"), trend("ms")), [8, "count", true]);
  t.deepEqual(judged("size", "value", { kind: "gauge", name: "size", value: 11 }), [11, null, false]);
});

test("without a point, and of what the metric has not, nothing is judged; a count is 0", (t) => {
  t.deepEqual(judged("took", "p(95)", null), [null, null, null]);
  t.deepEqual(judged("orders", "count", null), [0, "count", true]);
  t.deepEqual(judged("http_reqs", "rate", null), [0, "1/s", true]);
  t.deepEqual(judged("took", "rate", trend("ms")), [null, null, null]);
  t.deepEqual(judged("orders", "p(95)", counter(7)), [null, null, null]);
});
