import test from "ava";
import fc from "fast-check";
import { spread } from "../../../harness/detect/spread.ts";

test("42,000 and 54,000 packets", (t) => {
  t.deepEqual(spread([42000, 54000]), {
    total: 96000,
    perCpu: [0.4375, 0.5625],
    maxShare: 0.5625,
    maxOverMean: 1.125,
    coefficientOfVariation: 0.125,
    busiestCpu: 1,
  });
});

test("all on one of four CPUs", (t) => {
  const all = spread([0, 0, 8, 0]);
  t.is(all?.maxShare, 1);
  t.is(all?.maxOverMean, 4);
  t.is(all?.busiestCpu, 2);
  t.true(Math.abs((all?.coefficientOfVariation ?? 0) - Math.sqrt(3)) < 1e-12);
});

test("nothing happened, or no CPU is known", (t) => {
  t.is(spread([0, 0]), null);
  t.is(spread([]), null);
});

test("shares add up to one and the busiest has the largest", (t) => {
  fc.assert(
    fc.property(fc.array(fc.nat(1e6), { minLength: 1, maxLength: 64 }), (deltas) => {
      const found = spread(deltas);
      if (found === null) return deltas.every((delta) => delta === 0);
      const total = found.perCpu.reduce((sum, share) => sum + share, 0);
      return Math.abs(total - 1) < 1e-9 && found.perCpu[found.busiestCpu] === found.maxShare && found.maxOverMean >= 1;
    }),
  );
  t.pass();
});
