import test from "ava";
import fc from "fast-check";
import { sumScriptCounts } from "../../../harness/results/script-counts.ts";

const check = fc.record({ name: fc.string(), passed: fc.nat(), failed: fc.nat() });

test("checks add up by name", (t) => {
  const [a, b] = [
    { name: "a", passed: 1, failed: 0 },
    { name: "b", passed: 2, failed: 3 },
  ];
  t.deepEqual(sumScriptCounts([{ checks: [a, b] }, { checks: [a] }]).checks, [{ ...a, passed: 2 }, b]);
});

test("at most fifty names are told apart, the most frequent ones, and none is lost", (t) => {
  const ids = Array.from({ length: 500 }, (_, id) => ({ name: `id ${id}`, passed: id === 400 ? 9 : 1, failed: 0 }));
  const { checks } = sumScriptCounts(ids.map((one) => ({ checks: [one] })));
  t.is(checks.length, 50);
  t.true(checks.some(({ name, passed }) => name === "id 400" && passed === 9));
  t.is(checks.find(({ name }) => name === "other")?.passed, 451);
  fc.assert(
    fc.property(fc.array(check, { maxLength: 200 }), (counts) => {
      const summed = sumScriptCounts(counts.map((one) => ({ checks: [one] }))).checks;
      const total = (of: typeof counts) => of.reduce((sum, { passed, failed }) => sum + passed + failed, 0);
      return summed.length <= 50 && total(summed) === total(counts);
    }),
    { numRuns: 200 },
  );
});
