import test from "ava";
import fc from "fast-check";
import { holm } from "../../../harness/stats/holm.ts";
import { commonBound, pairRatio } from "../../../harness/stats/pairs.ts";
import { estimateRatio, type RatioEstimate } from "../../../harness/stats/ratio.ts";
import { blocksNeeded } from "../../../harness/stats/significance.ts";
import { coefficientOfVariation, summarize } from "../../../harness/stats/summary.ts";
import { judge } from "../../../harness/stats/verdict.ts";

const exact = (value: number) => ({ value, censored: false });
const atLeast = (value: number) => ({ value, censored: true });
const pairsOf = (...ratios: number[]) => ratios.map((ratio) => ({ log: Math.log(ratio), bound: null }));

function judged(estimate: RatioEstimate, options: { p?: number; direction?: "lower"; needed?: number } = {}) {
  const { p = estimate.p ?? 1, direction = "higher", needed = 6 } = options;
  return judge({ estimate, adjustedP: p, direction, tolerance: 0.05, needed, comparisons: 1, looks: 1 });
}

test("blocks needed: six for one comparison, eight for four, nine for twelve", (t) => {
  t.deepEqual(
    [1, 4, 12].map((k) => blocksNeeded(k)),
    [6, 8, 9],
  );
  for (let k = 1; k < 50; k += 1) {
    t.true((2 * k) / 2 ** blocksNeeded(k) <= 0.05);
    t.true((2 * k) / 2 ** (blocksNeeded(k) - 1) > 0.05);
  }
});

test("Holm, as worked by hand", (t) => {
  const rounded = holm([0.01, 0.04, 0.03, 0.005]).map((p) => Number(p.toFixed(6)));
  t.deepEqual(rounded, [0.03, 0.06, 0.06, 0.02]);
});

test("Holm never lowers a p, keeps their order and stays below 1", (t) => {
  const ps = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(ps, (values) => {
      const adjusted = holm(values);
      const ordered = values.every((p, i) =>
        values.every((q, j) => p > q || (adjusted[i] ?? 2) <= (adjusted[j] ?? -1) || p === q),
      );
      return ordered && adjusted.every((p, i) => p >= (values[i] ?? 2) && p <= 1);
    }),
  );
  t.pass();
});

test("a pair says what its censoring leaves of it", (t) => {
  t.deepEqual(pairRatio(exact(20), exact(10)), { log: Math.log(2), bound: null });
  t.is(pairRatio(atLeast(20), exact(10))?.bound, "atLeast");
  t.is(pairRatio(exact(20), atLeast(10))?.bound, "atMost");
  t.is(pairRatio(atLeast(20), atLeast(10)), null);
  t.is(pairRatio(exact(20), exact(0)), null);
  t.is(
    commonBound([
      { log: 1, bound: "atLeast" },
      { log: 1, bound: "atMost" },
    ]),
    "both",
  );
});

test("a lower bound leaves the interval open above, and never makes p smaller than the bound itself would", (t) => {
  const pairs = [5, 5.2, 5.1, 5.3, 5.4, 5.3].map((ratio) => ({ log: Math.log(ratio), bound: "atLeast" as const }));
  const estimate = estimateRatio(pairs);
  t.is(estimate.bound, "atLeast");
  t.is(estimate.high, null);
  t.true(Math.abs((estimate.low ?? 0) - 5) < 1e-9);
  t.is(estimate.p, 2 / 64);
});

test("a bound that leaves the direction open is no evidence", (t) => {
  const open = [0.8, 0.9, 0.7, 0.8, 0.9, 0.8].map((ratio) => ({ log: Math.log(ratio), bound: "atLeast" as const }));
  t.is(estimateRatio(open).p, 1);
  t.is(judged(estimateRatio(open)).verdict, "inconclusive");
});

test("bounds that point both ways give no ratio", (t) => {
  const estimate = estimateRatio([...pairsOf(1, 1), { log: 1, bound: "atLeast" }, { log: -1, bound: "atMost" }]);
  t.is(estimate.ratio, null);
  t.deepEqual(judged(estimate).reason, { code: "opposite-bounds" });
});

test("swapping the arms turns the ratio over and the verdict round", (t) => {
  const list = fc.array(fc.double({ min: 0.2, max: 5, noNaN: true }), { minLength: 6, maxLength: 8 });
  const opposite = { better: "worse", worse: "better", same: "same", inconclusive: "inconclusive" } as const;
  fc.assert(
    fc.property(list, (values) => {
      const [there, back] = [estimateRatio(pairsOf(...values)), estimateRatio(pairsOf(...values.map((x) => 1 / x)))];
      const ratio = Math.abs((there.ratio ?? 0) * (back.ratio ?? 0) - 1) < 1e-9;
      return (
        ratio &&
        Math.abs((there.p ?? 2) - (back.p ?? 3)) < 1e-9 &&
        judged(back).verdict === opposite[judged(there).verdict]
      );
    }),
  );
  t.pass();
});

test("a larger effect is never judged worse", (t) => {
  const order = { worse: 0, inconclusive: 1, same: 1, better: 2 } as const;
  const list = fc.array(fc.double({ min: 0.5, max: 2, noNaN: true }), { minLength: 6, maxLength: 7 });
  fc.assert(
    fc.property(list, fc.double({ min: 1, max: 4, noNaN: true }), (values, factor) => {
      const verdicts = [values, values.map((x) => x * factor)].map(
        (all) => judged(estimateRatio(pairsOf(...all))).verdict,
      );
      return order[verdicts[1] ?? "worse"] >= order[verdicts[0] ?? "worse"];
    }),
  );
  t.pass();
});

test("better needs significance and the whole interval beyond the tolerance", (t) => {
  const clear = estimateRatio(pairsOf(1.2, 1.25, 1.3, 1.22, 1.28, 1.31));
  t.is(judged(clear).verdict, "better");
  t.is(judged(clear, { direction: "lower" }).verdict, "worse");
  const adjusted = judged(clear, { p: 0.09 });
  t.is(adjusted.verdict, "inconclusive");
  t.like(adjusted.reason, { code: "not-significant", p: 0.09, ahead: { most: 100 } });
  const small = judged(estimateRatio(pairsOf(1.02, 1.06, 1.04, 1.05, 1.08, 1.03)));
  t.is(small.verdict, "inconclusive");
  t.like(small.reason, { code: "difference-within-tolerance", tolerance: 0.05 });
});

test("same is the whole interval within the tolerance, and never with too few blocks", (t) => {
  const close = estimateRatio(pairsOf(1.01, 0.99, 1.02, 0.98, 1, 1.01));
  t.is(judged(close).verdict, "same");
  t.deepEqual(judged(close, { needed: 9 }), {
    verdict: "inconclusive",
    reason: { code: "few-blocks", blocks: 6, needed: 9 },
  });
  const noisy = judged(estimateRatio(pairsOf(1.3, 0.8, 1.1, 0.9, 1.2, 0.85)));
  t.is(noisy.verdict, "inconclusive");
  t.like(noisy.reason, { code: "noise", tolerance: 0.05 });
});

test("one block shows the ratio and says what is missing", (t) => {
  const one = estimateRatio(pairsOf(5.3));
  t.deepEqual([one.low, one.high, one.p], [null, null, null]);
  t.deepEqual(judged(one, { needed: 9 }).reason, { code: "few-blocks", blocks: 1, needed: 9 });
});

test("median, range and noise", (t) => {
  const range = { median: 3, low: 1, high: 9, n: 3 };
  t.deepEqual(summarize([exact(3), atLeast(9), exact(1)]), { ...range, censored: 1, medianIsBound: false });
  t.true(summarize([exact(3), exact(9), atLeast(1)])?.medianIsBound);
  t.true(summarize(Array.from({ length: 10 }, () => atLeast(7)))?.medianIsBound);
  t.true(summarize([exact(1), exact(2), atLeast(3), exact(4)])?.medianIsBound);
  t.is(summarize([]), null);
  t.is(coefficientOfVariation([exact(1)]), null);
  t.is(coefficientOfVariation([exact(9), exact(11), atLeast(500)])?.toFixed(4), (Math.SQRT2 / 10).toFixed(4));
});
