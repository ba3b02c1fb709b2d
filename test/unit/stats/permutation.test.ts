import test from "ava";
import fc from "fast-check";
import { mean } from "simple-statistics";
import { normals } from "../../../harness/stats/normals.ts";
import { deals, exactDeals, permutationInterval, permutationP } from "../../../harness/stats/permutation.ts";

/** Hundredths, so that ties are ties to the brute force too. */
const hundredths = fc.integer({ min: -300, max: 300 }).map((n) => n / 100);
const arm = fc.array(hundredths, { minLength: 1, maxLength: 5 });

/** Every way to deal the pooled values out, one after the other: slow and plain. */
function bruteForceP(candidate: number[], baseline: number[]): number {
  const pool = [...candidate, ...baseline];
  const differences: number[] = [];
  for (let mask = 0; mask < 2 ** pool.length; mask += 1) {
    const [mine, theirs] = [1, 0].map((bit) => pool.filter((_, i) => ((mask >> i) & 1) === bit)) as [
      number[],
      number[],
    ];
    if (mine.length === candidate.length) differences.push(mean(mine) - mean(theirs));
  }
  const seen = mean(candidate) - mean(baseline);
  const above = differences.filter((one) => one >= seen - 1e-9).length;
  const below = differences.filter((one) => one <= seen + 1e-9).length;
  return Math.min(1, (2 * Math.min(above, below)) / differences.length);
}

test("p is the brute-force share of deals, doubled", (t) => {
  fc.assert(fc.property(arm, arm, (one, other) => Math.abs(permutationP(one, other) - bruteForceP(one, other)) < 1e-9));
  t.pass();
});

test("against independent reference values", (t) => {
  // R. A. Fisher's exact enumeration of two groups without overlap: 2 of C(8, 4) = 70 deals, 2 of C(6, 3) = 20.
  t.is(permutationP([5, 6, 7, 8], [1, 2, 3, 4]), 2 / 70);
  t.is(permutationP([4, 5, 6], [1, 2, 3]), 2 / 20);
  // By hand: {1, 2, 4} against {3, 5, 6}: sums of three of six at most 7 are 1+2+3 and 1+2+4, so 2 of 20, doubled.
  t.is(permutationP([1, 2, 4], [3, 5, 6]), 4 / 20);
});

test("equal values are ties, not luck of rounding", (t) => {
  t.is(permutationP([0.1 + 0.2, 0.3, 0.3], [0.3, 0.3, 0.3]), 1);
  t.is(permutationP([1], [1]), 1);
});

test("p does not depend on scale, shift, order or which arm is the baseline", (t) => {
  fc.assert(
    fc.property(arm, arm, (one, other) => {
      const p = permutationP(one, other);
      const change = (f: (x: number) => number) => permutationP(one.map(f), other.map(f));
      const same = [
        change((x) => x * 4),
        change((x) => x + 8),
        permutationP(one.toReversed(), other),
        permutationP(other, one),
      ];
      return same.every((value) => Math.abs(value - p) < 1e-9);
    }),
  );
  t.pass();
});

test("the interval holds the difference, and the test rejects just outside of it and not inside", (t) => {
  const distinct = fc.uniqueArray(fc.integer({ min: -999, max: 999 }), { minLength: 8, maxLength: 10 });
  fc.assert(
    fc.property(distinct, (values) => {
      const [one, other] = [values.slice(0, 4), values.slice(4)];
      const interval = permutationInterval(one, other);
      if (interval === null) return false;
      const shifted = (by: number) =>
        permutationP(
          one.map((x) => x - by),
          other,
        );
      const difference = mean(one) - mean(other);
      const inside = interval.low <= difference + 1e-9 && difference - 1e-9 <= interval.high;
      return (
        inside &&
        shifted(interval.low - 1e-4) <= 0.05 &&
        shifted(interval.high + 1e-4) <= 0.05 &&
        shifted(interval.low + 1e-4) > 0.05 &&
        shifted(interval.high - 1e-4) > 0.05
      );
    }),
  );
  t.pass();
});

test("three against three give no 95% interval, four against four do", (t) => {
  t.is(permutationInterval([1, 2, 3], [1, 2, 3]), null);
  t.not(permutationInterval([1, 2, 3, 4], [1, 2, 3, 4]), null);
});

/** The same for larger arms: sums of all subsets, each from one with a value less. */
function subsetSumsP(candidate: number[], baseline: number[]): number {
  const pool = [...candidate, ...baseline];
  const [sums, sizes] = [new Float64Array(2 ** pool.length), new Uint8Array(2 ** pool.length)];
  const seen = candidate.reduce((total, value) => total + value, 0);
  let [all, above, below] = [0, 0, 0];
  for (let mask = 1; mask < sums.length; mask += 1) {
    const rest = mask & (mask - 1);
    sums[mask] = (sums[rest] ?? 0) + (pool[31 - Math.clz32(mask ^ rest)] ?? 0);
    sizes[mask] = (sizes[rest] ?? 0) + 1;
    if (sizes[mask] !== candidate.length) continue;
    all += 1;
    if ((sums[mask] ?? 0) >= seen - 1e-9) above += 1;
    if ((sums[mask] ?? 0) <= seen + 1e-9) below += 1;
  }
  return (2 * Math.min(above, below)) / all;
}

test("beyond the exact deals a fixed sample gives nearly the same, every time", (t) => {
  const normal = normals(5);
  const one = Array.from({ length: 11 }, () => normal() + 0.7);
  const other = Array.from({ length: 11 }, () => normal());
  t.true(deals(11, 11) > exactDeals);
  const p = permutationP(one, other);
  t.is(permutationP(one, other), p);
  const exact = subsetSumsP(one, other);
  t.true(Math.abs(p - exact) < 4 * Math.sqrt(exact / 8192), `${p} sampled, ${exact} exact`);
  t.deepEqual(permutationInterval(one, other), permutationInterval(one, other));
});

test("deals are binomial coefficients", (t) => {
  t.deepEqual([deals(0, 5), deals(4, 4), deals(10, 10), deals(2, 100)], [1, 70, 184_756, 5151]);
});

test("simulated, equal arms are called different at most 5 times in 100, and the interval covers the truth 95 times", (t) => {
  const normal = normals(11);
  const tries = 1500;
  let [alarms, covered] = [0, 0];
  for (let run = 0; run < tries; run += 1) {
    const arms = [6, 5].map((size) => Array.from({ length: size }, normal)) as [number[], number[]];
    if (permutationP(...arms) < 0.05) alarms += 1;
    const interval = permutationInterval(...arms);
    if (interval !== null && interval.low <= 0 && interval.high >= 0) covered += 1;
  }
  t.true(alarms / tries <= 0.05 + 3 * Math.sqrt((0.05 * 0.95) / tries), `${alarms} of ${tries}`);
  t.true(covered / tries >= 0.95 - 3 * Math.sqrt((0.05 * 0.95) / tries), `${covered} of ${tries}`);
});
