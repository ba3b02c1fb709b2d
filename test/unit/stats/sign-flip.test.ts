import test from "ava";
import fc from "fast-check";
import { mean } from "simple-statistics";
import { exactPairs, signFlipInterval, signFlipP } from "../../../harness/stats/sign-flip.ts";

/** Hundredths, so that ties are ties to the brute force too. */
const hundredths = fc.integer({ min: -300, max: 300 }).map((n) => n / 100);
const ratios = fc.array(hundredths, { minLength: 1, maxLength: 9 });

/** Every choice of signs, one after the other: slow and plain. */
function bruteForceP(values: number[], centre = 0): number {
  const shifted = values.map((value) => value - centre);
  const sumWith = (signs: number) => shifted.reduce((sum, value, i) => sum + ((signs >> i) & 1 ? -value : value), 0);
  const seen = Math.abs(sumWith(0));
  const all = Array.from({ length: 2 ** values.length }, (_, signs) => Math.abs(sumWith(signs)));
  return all.filter((sum) => sum >= seen - 1e-9 * (1 + seen)).length / all.length;
}

/** Standard normal values from a fixed seed (Box and Muller). */
function normals(seed: number): () => number {
  let state = seed;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

test("p is the brute-force share of sign choices", (t) => {
  fc.assert(fc.property(ratios, (values) => Math.abs(signFlipP(values) - bruteForceP(values)) < 1e-9));
  t.pass();
});

test("five pairs that agree can't reach 0.05, six can", (t) => {
  t.is(signFlipP([1, 1.1, 0.9, 1, 1.2]), 2 / 32);
  t.is(signFlipP([1, 1.1, 0.9, 1, 1.2, 1]), 2 / 64);
});

test("equal ratios are ties, not luck of rounding", (t) => {
  t.is(signFlipP(new Array<number>(9).fill(Math.log(5.313))), 2 / 512);
  t.is(signFlipP([0, 0, 0, 0, 0, 0]), 1);
});

test("p does not depend on scale, order or which arm is the baseline", (t) => {
  fc.assert(
    fc.property(ratios, fc.integer({ min: -3, max: 3 }), (values, power) => {
      const p = signFlipP(values);
      const same = [values.map((x) => x * 2 ** power), values.map((x) => -x), values.toReversed()];
      return same.every((other) => Math.abs(signFlipP(other) - p) < 1e-9);
    }),
  );
  t.pass();
});

test("the interval holds the mean, and the test rejects just outside of it and not inside", (t) => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -999, max: 999 }), { minLength: 6, maxLength: 9 }), (values) => {
      const interval = signFlipInterval(values);
      if (interval === null) return false;
      const { low, high } = interval;
      const inside = low <= mean(values) && mean(values) <= high;
      const rejected = bruteForceP(values, low - 0.001) <= 0.05 && bruteForceP(values, high + 0.001) <= 0.05;
      const kept = bruteForceP(values, low) > 0.05 && bruteForceP(values, high) > 0.05;
      return inside && rejected && kept;
    }),
  );
  t.pass();
});

test("fewer than six pairs give no 95% interval", (t) => {
  t.is(signFlipInterval([1, 2, 3, 4, 5]), null);
  t.deepEqual(signFlipInterval([1, 2, 3, 4, 5, 6]), { low: 1, high: 6 });
});

test("the interval moves and stretches with the values", (t) => {
  const values = [0.1, 0.4, -0.2, 0.3, 0.25, 0.05, 0.6];
  const plain = signFlipInterval(values);
  const moved = signFlipInterval(values.map((value) => 2 * value + 1));
  t.true(Math.abs((moved?.low ?? 0) - (2 * (plain?.low ?? 0) + 1)) < 1e-9);
  t.true(Math.abs((moved?.high ?? 0) - (2 * (plain?.high ?? 0) + 1)) < 1e-9);
});

test("simulated, the interval covers the truth at least 95 times in 100", (t) => {
  const next = normals(20261121);
  for (const pairs of [6, 8, 12]) {
    const runs = 2000;
    let covered = 0;
    for (let run = 0; run < runs; run += 1) {
      const interval = signFlipInterval(Array.from({ length: pairs }, () => 0.2 + 0.1 * next()));
      if (interval !== null && interval.low <= 0.2 && 0.2 <= interval.high) covered += 1;
    }
    // 2.5 standard errors of a share of 0.95 in 2,000 runs.
    t.true(covered / runs > 0.95 - 0.0122, `${pairs} pairs: ${covered / runs}`);
    t.true(covered / runs < 0.985, `${pairs} pairs: ${covered / runs}, needlessly wide`);
  }
});

test("beyond the exact pairs a fixed sample gives nearly the same, every time", (t) => {
  const next = normals(7);
  const values = Array.from({ length: exactPairs + 1 }, () => 0.04 + 0.1 * next());
  const exact = signFlipInterval(values.slice(0, exactPairs));
  const sampled = signFlipInterval(values);
  t.deepEqual(signFlipInterval(values), sampled);
  t.true(Math.abs((exact?.low ?? 0) - (sampled?.low ?? 1)) < 0.02);
  t.true(Math.abs(signFlipP(values) - signFlipP(values.slice(0, exactPairs))) < 0.1);
  t.true(signFlipP(new Array<number>(40).fill(1)) < 0.001);
});

/**
 * Darwin's fifteen pairs of crossed and self-fertilised maize, differences in eighths of an inch; R. A. Fisher counted the
 * sign choices himself: 863 of 32,768 reach the sum of 314, 1,726 on both sides (The Design of Experiments, 1935, section 21).
 */
test("Fisher's own count for Darwin's maize", (t) => {
  const differences = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];
  t.is(
    differences.reduce((sum, one) => sum + one, 0),
    314,
  );
  t.is(signFlipP(differences), 1726 / 32_768);
});
