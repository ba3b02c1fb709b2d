import test from "ava";
import fc from "fast-check";
import { measureNames } from "../../../harness/core/measures.ts";
import { judgeGoals } from "../../../harness/detect/goals.ts";
import type { Goal } from "../../../harness/results/goals.ts";
import { healthyMeasures, latency } from "../../helpers/record-parts.ts";

const atMost = (limit: number): Goal => ({ measure: "latencyMs.p99", comparison: "<=", limit });

test("a goal is kept up to its limit and missed beyond it", (t) => {
  const measured = { ...healthyMeasures(), latencyMs: latency(50), faultRatio: 0.002, sustainedPerSecond: 490 };
  const goals: Goal[] = [
    atMost(50),
    atMost(49.9),
    { measure: "faultRatio", comparison: "<=", limit: 0.001 },
    { measure: "sustainedPerSecond", comparison: ">=", limit: 490 },
  ];
  t.deepEqual(
    judgeGoals(goals, measured).map(({ value, kept }) => ({ value, kept })),
    [
      { value: 50, kept: true },
      { value: 50, kept: false },
      { value: 0.002, kept: false },
      { value: 490, kept: true },
    ],
  );
});

test("what could not be measured is neither kept nor missed", (t) => {
  t.deepEqual(judgeGoals([atMost(50)], { latencyMs: null }), [{ ...atMost(50), value: null, kept: null }]);
  t.deepEqual(judgeGoals([atMost(50)], {}), [{ ...atMost(50), value: null, kept: null }]);
});

test("every goal is answered, in order, and a goal and its opposite agree at the limit alone", (t) => {
  const goal = fc.record({
    measure: fc.constantFrom(...measureNames),
    comparison: fc.constantFrom("<=" as const, ">=" as const),
    limit: fc.double({ min: 0, max: 1e6, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(goal), fc.double({ min: 0, max: 1e6, noNaN: true }), (goals, value) => {
      const latencyMs = { p50: value, p90: value, p99: value, max: value };
      const plain = Object.fromEntries(measureNames.map((name) => [name, value]));
      const results = judgeGoals(goals, { ...plain, latencyMs });
      t.deepEqual(
        results.map(({ value: _, kept: __, ...asked }) => asked),
        goals,
      );
      const opposite = judgeGoals(
        goals.map((one) => ({ ...one, comparison: one.comparison === "<=" ? ">=" : "<=" })),
        { ...plain, latencyMs },
      );
      for (const [index, { kept, limit }] of results.entries()) {
        t.is(kept === opposite[index]?.kept, limit === value);
      }
    }),
  );
});
