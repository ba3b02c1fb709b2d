import test from "ava";
import fc from "fast-check";
import {
  type CheckCount,
  noScriptCounts,
  type ScriptMetric,
  sumScriptCounts,
} from "../../../harness/results/script-counts.ts";

const check = fc.record({ name: fc.string(), passed: fc.nat(), failed: fc.nat() });

const summedChecks = (...of: CheckCount[][]) =>
  sumScriptCounts(of.map((checks) => ({ ...noScriptCounts, checks }))).checks;

test("checks add up by name", (t) => {
  const [a, b] = [
    { name: "a", passed: 1, failed: 0 },
    { name: "b", passed: 2, failed: 3 },
  ];
  t.deepEqual(summedChecks([a, b], [a]), [{ ...a, passed: 2 }, b]);
});

test("at most fifty names are told apart, the most frequent ones, and none is lost", (t) => {
  const ids = Array.from({ length: 500 }, (_, id) => ({ name: `id ${id}`, passed: id === 400 ? 9 : 1, failed: 0 }));
  const checks = summedChecks(...ids.map((one) => [one]));
  t.is(checks.length, 50);
  t.true(checks.some(({ name, passed }) => name === "id 400" && passed === 9));
  t.is(checks.find(({ name }) => name === "other")?.passed, 451);
  fc.assert(
    fc.property(fc.array(check, { maxLength: 200 }), (counts) => {
      const summed = summedChecks(...counts.map((one) => [one]));
      const total = (of: typeof counts) => of.reduce((sum, { passed, failed }) => sum + passed + failed, 0);
      return summed.length <= 50 && total(summed) === total(counts);
    }),
    { numRuns: 200 },
  );
});

const histogram = (value: number) => ({
  ...{ scale: 0, zeroCount: 0, offset: Math.ceil(Math.log2(value)) - 1, counts: [1] },
  ...{ count: 1, sum: value, min: value, max: value },
});

test("endpoints add up, their latencies merge exactly; one without a success has none", (t) => {
  const [home, login] = [
    { name: "home", requests: 2, failed: 0, latencyMs: histogram(3) },
    { name: "login", requests: 1, failed: 1, latencyMs: null },
  ];
  const { endpoints } = sumScriptCounts([
    { ...noScriptCounts, endpoints: [home, login] },
    { ...noScriptCounts, endpoints: [{ ...home, latencyMs: histogram(9) }, login] },
  ]);
  t.like(endpoints[0], { name: "home", requests: 4, failed: 0, latencyMs: { count: 2, sum: 12, min: 3, max: 9 } });
  t.deepEqual(endpoints[1], { ...login, requests: 2, failed: 2 });
});

test("metrics add up by their kind; of a gauge the last counts", (t) => {
  const window = (at: number): ScriptMetric[] => [
    { kind: "counter", name: "orders", sum: at },
    { kind: "rate", name: "hits", hits: 1, of: at },
    { kind: "gauge", name: "size", value: at },
    { kind: "trend", name: "wait", unit: "ms", values: histogram(at) },
  ];
  const { metrics } = sumScriptCounts([2, 4].map((at) => ({ ...noScriptCounts, metrics: window(at) })));
  t.deepEqual(metrics.slice(0, 3), [
    { kind: "counter", name: "orders", sum: 6 },
    { kind: "rate", name: "hits", hits: 2, of: 6 },
    { kind: "gauge", name: "size", value: 4 },
  ]);
  t.like(metrics[3], { name: "wait", values: { count: 2, sum: 6 } });
});
