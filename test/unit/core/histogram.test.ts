import test from "ava";
import fc from "fast-check";
import { quantile as trueQuantile } from "simple-statistics";
import { bucketWidthRatio, mergeHistograms, quantile } from "../../../harness/core/histogram.ts";
import type { Histogram } from "../../../harness/results/histogram.ts";

const values = fc.array(fc.double({ min: 0.01, max: 60_000, noNaN: true }), { minLength: 1, maxLength: 60 });
const scales = fc.integer({ min: 0, max: 12 });
const histograms = fc.tuple(values, scales).map(([recorded, scale]) => record(recorded, scale));

/** What an SDK would record, bucket by bucket, without a limit on their number. */
function record(recorded: number[], scale: number): Histogram {
  const indexes = recorded.map((value) => Math.ceil(Math.log2(value) * 2 ** scale) - 1);
  const offset = Math.min(...indexes);
  const counts = new Array<number>(Math.max(...indexes) - offset + 1).fill(0);
  for (const index of indexes) counts[index - offset] = (counts[index - offset] ?? 0) + 1;
  return {
    scale,
    zeroCount: 0,
    offset,
    counts,
    count: recorded.length,
    sum: recorded.reduce((sum, value) => sum + value, 0),
    min: Math.min(...recorded),
    max: Math.max(...recorded),
  };
}

function shape(histogram: Histogram) {
  const { sum, ...rest } = histogram;
  return { ...rest, sum: Number(sum.toPrecision(9)) };
}

test("merging does not depend on the order", (t) => {
  fc.assert(
    fc.property(histograms, histograms, histograms, (a, b, c) => {
      t.deepEqual(shape(mergeHistograms(a, b)), shape(mergeHistograms(b, a)));
      const left = mergeHistograms(mergeHistograms(a, b), c);
      t.deepEqual(shape(left), shape(mergeHistograms(a, mergeHistograms(b, c))));
    }),
  );
});

test("merging keeps every count, the extremes and the sum", (t) => {
  fc.assert(
    fc.property(values, scales, values, scales, (some, scale, others, otherScale) => {
      const merged = mergeHistograms(record(some, scale), record(others, otherScale));
      const all = [...some, ...others];
      t.is(merged.count, all.length);
      t.is(
        merged.counts.reduce((sum, count) => sum + count, 0),
        all.length,
      );
      t.is(merged.min, Math.min(...all));
      t.is(merged.max, Math.max(...all));
      t.true(merged.counts.length <= 1280);
      t.deepEqual(shape(merged), shape({ ...record(all, merged.scale) }));
    }),
  );
});

test("a quantile is within a bucket of the true one", (t) => {
  const many = fc.array(fc.double({ min: 0.01, max: 60_000, noNaN: true }), { minLength: 2, maxLength: 200 });
  fc.assert(
    fc.property(many, fc.integer({ min: 2, max: 8 }), fc.nat(), (all, scale, position) => {
      const histogram = record(all, scale);
      // At these shares simple-statistics reads one of the values; between them it interpolates along a line.
      const q = (position % all.length) / (all.length - 1);
      const [truth, measured] = [trueQuantile(all, q), quantile(histogram, q)];
      const width = 1 + bucketWidthRatio(histogram) + 1e-9;
      t.true(measured <= truth * width && measured >= truth / width, `${measured} for ${truth}`);
    }),
  );
});

test("quantiles grow with q, from the minimum to the maximum", (t) => {
  fc.assert(
    fc.property(histograms, (histogram) => {
      const found = Array.from({ length: 51 }, (_, step) => quantile(histogram, step / 50));
      t.is(found[0], histogram.min);
      t.is(found[50], histogram.max);
      for (const [step, value] of found.entries()) t.true(step === 0 || value >= (found[step - 1] ?? 0));
    }),
  );
});

test("zeros count below every bucket", (t) => {
  const histogram: Histogram = { ...record([10, 20], 4), zeroCount: 2, count: 4, min: 0 };
  t.is(quantile(histogram, 0.5), 0);
  t.true(quantile(histogram, 0.75) > 9);
  t.is(mergeHistograms(histogram, record([5], 4)).zeroCount, 2);
});

test("single values recorded at the finest scale merge without a bucket for every step between", (t) => {
  const merged = mergeHistograms(record([0.1], 20), record([1000], 20));
  t.true(merged.counts.length <= 1280);
  t.is(merged.count, 2);
});

test("an empty histogram adds nothing and has no quantile", (t) => {
  const empty: Histogram = { scale: 20, zeroCount: 0, offset: 0, counts: [], count: 0, sum: 0, min: 0, max: 0 };
  const one = record([3], 5);
  t.deepEqual(mergeHistograms(empty, one), one);
  t.deepEqual(mergeHistograms(one, empty), one);
  t.throws(() => quantile(empty, 0.5), { instanceOf: RangeError });
  t.throws(() => quantile(one, 1.1), { instanceOf: RangeError });
});

test("the width of a bucket", (t) => {
  t.is(bucketWidthRatio({ ...record([1], 0) }), 1);
  t.true(Math.abs(bucketWidthRatio(record([1], 3)) - 0.0905) < 1e-4);
});
