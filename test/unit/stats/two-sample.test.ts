import test from "ava";
import fc from "fast-check";
import type { Value } from "../../../harness/core/measures.ts";
import { normals } from "../../../harness/stats/normals.ts";
import { studentP } from "../../../harness/stats/student.ts";
import { estimateUnpaired, trialsNeeded } from "../../../harness/stats/two-sample.ts";

const exact = (...values: number[]): Value[] => values.map((value) => ({ value, censored: false }));
const bounds = (...values: number[]): Value[] => values.map((value) => ({ value, censored: true }));

test("the ratio of geometric means, with p and interval", (t) => {
  const estimate = estimateUnpaired(exact(20, 22, 24, 26), exact(10, 11, 12, 13));
  t.is(estimate.ratio?.toFixed(6), "2.000000");
  t.is(estimate.p, 2 / 70);
  t.is(estimate.n, 4);
  t.true((estimate.low ?? 0) > 1.5 && (estimate.high ?? 0) < 2.7);
});

test("swapping the arms turns everything round", (t) => {
  const arm = fc.array(
    fc.integer({ min: 1, max: 999 }).map((value) => ({ value, censored: false })),
    { minLength: 1, maxLength: 5 },
  );
  fc.assert(
    fc.property(arm, arm, (one, other) => {
      const [there, back] = [estimateUnpaired(one, other), estimateUnpaired(other, one)];
      const turned = (a: number | null, b: number | null) =>
        a === null || b === null ? a === b : Math.abs(a * b - 1) < 1e-9;
      return (
        turned(there.ratio, back.ratio) &&
        turned(there.low, back.high) &&
        Math.abs((there.p ?? 0) - (back.p ?? 0)) < 1e-9
      );
    }),
  );
  t.pass();
});

test("an arm of lower bounds: the ratio is one too, its open end is not given, the test goes by what is surely more", (t) => {
  const held = estimateUnpaired(bounds(100, 100, 100, 100), exact(50, 52, 54, 56));
  t.like(held, { bound: "atLeast", high: null, p: 2 / 70 });
  t.true((held.low ?? 0) > 1.7);
  const broke = estimateUnpaired(exact(50, 52, 54, 56), bounds(100, 100, 100, 100));
  t.like(broke, { bound: "atMost", low: null, p: 2 / 70 });
});

test("bounds below what the other reached say nothing", (t) => {
  t.is(estimateUnpaired(bounds(40, 41, 42, 43), exact(50, 52, 54, 56)).p, 1);
});

test("bounds on both sides: no ratio; nothing but bounds: nothing is compared", (t) => {
  const both = estimateUnpaired([...bounds(100), ...exact(50, 51, 52)], [...bounds(100), ...exact(60, 61, 62)]);
  t.like(both, { ratio: null, low: null, high: null, n: 4 });
  t.true((both.p ?? 0) > 0.05);
  t.like(estimateUnpaired(bounds(100, 100), bounds(100, 100)), { ratio: null, p: null, n: 0 });
  t.like(estimateUnpaired([], exact(1)), { ratio: null, p: null, n: 0 });
});

test("a 0 has no ratio, but the test counts it", (t) => {
  t.like(estimateUnpaired(exact(0, 0, 0, 0), exact(10, 11, 12, 13)), { ratio: null, p: 2 / 70, n: 4 });
});

test("how many trials a family needs: what no fewer can reach", (t) => {
  t.deepEqual([1, 2, 3, 9].map(trialsNeeded), [4, 5, 5, 6]);
});

test("a small noisy arm against a large quiet one: equal means are called different at most 5 times in 100", (t) => {
  const next = normals(7);
  const tries = 200;
  let [alarms, covered] = [0, 0];
  for (let run = 0; run < tries; run += 1) {
    const draw = (size: number, deviation: number) =>
      exact(...Array.from({ length: size }, () => Math.exp(deviation * next())));
    const { p, low, high } = estimateUnpaired(draw(6, 0.08), draw(20, 0.02));
    if ((p ?? 1) < 0.05) alarms += 1;
    if ((low ?? 1) <= 1 && (high ?? 1) >= 1) covered += 1;
  }
  const slack = 3 * Math.sqrt((0.05 * 0.95) / tries);
  t.true(alarms / tries <= 0.05 + slack, `${alarms} of ${tries}`);
  t.true(covered / tries >= 0.95 - slack, `${covered} of ${tries}`);
});

test("two-sided p of Student's t, as scipy 1.17.1 has it (2 * t.sf)", (t) => {
  const known: [number, number, number][] = [
    [0.5, 1.2, 0.6932486871653218],
    [2.1, 3.7, 0.10926470508229108],
    [2.228, 10, 0.05001177181711132],
    [4, 5.5, 0.0085049155748],
    [1, 100, 0.319724155784],
    [6, 40, 4.7264551327881806e-7],
  ];
  for (const [value, degrees, p] of known) {
    t.true(Math.abs(studentP(value, degrees) - p) < 1e-5, `${value} ${degrees}`);
    t.is(studentP(-value, degrees), studentP(value, degrees));
  }
});
