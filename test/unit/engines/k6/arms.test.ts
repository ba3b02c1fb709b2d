import test from "ava";
import fc from "fast-check";
import { armOf, groupSize } from "../../../../scenarios/lib/arms.ts";

const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });

test("of each group half are for either arm, so that no prefix is out of balance by more than half a group", (t) => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 0, max: 2000 }), (seed, length) => {
      const seconds = Array.from({ length }, (_, iteration) => armOf(seed, iteration)).filter(
        (arm) => arm === 1,
      ).length;
      const ahead = Math.abs(length - 2 * seconds);
      t.true(ahead <= groupSize / 2);
      if (length % groupSize === 0) t.is(ahead, 0);
    }),
    { numRuns: 200 },
  );
});

test("a seed gives one sequence, another seed another", (t) => {
  fc.assert(
    fc.property(seeds, seeds, (seed, other) => {
      const of = (one: number) => Array.from({ length: 400 }, (_, iteration) => armOf(one, iteration)).join("");
      t.is(of(seed), of(seed));
      if (seed !== other) t.not(of(seed), of(other));
    }),
    { numRuns: 100 },
  );
});

/** A service that does something at every n-th request would do it to one arm alone if arms took turns. */
test("no period up to a hundred falls on one arm", (t) => {
  const length = 20_000;
  const arms = Array.from({ length }, (_, iteration) => armOf(20_261_129, iteration));
  for (let period = 2; period <= 100; period += 1) {
    for (const phase of [0, 1]) {
      const met = arms.filter((_, iteration) => iteration % period === phase);
      const share = met.filter((arm) => arm === 1).length / met.length;
      // Of n tosses of a coin the share is within four deviations of a half.
      t.true(Math.abs(share - 0.5) < 2 / Math.sqrt(met.length), `period ${period}`);
    }
  }
});

test("each way to choose four of eight comes about as often", (t) => {
  const counts = new Map<string, number>();
  const groups = 14_000;
  for (let group = 0; group < groups; group += 1) {
    const pattern = Array.from({ length: groupSize }, (_, at) => armOf(3, groupSize * group + at)).join("");
    counts.set(pattern, (counts.get(pattern) ?? 0) + 1);
  }
  t.is(counts.size, 70);
  t.true([...counts.values()].every((count) => Math.abs(count - groups / 70) < 5 * Math.sqrt(groups / 70)));
});
