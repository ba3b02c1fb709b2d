import test from "ava";
import fc from "fast-check";
import { mirrored, plackettBurman } from "../../../harness/core/plackett-burman.ts";
import { runsOf } from "../../../harness/stats/folded-screen.ts";
import { normals } from "../../../harness/stats/normals.ts";
import { suspectsOf } from "../../../harness/stats/suspects.ts";

/** A folded screen of 8 factors in which a run comes out as `log` says, with a noise of 1. */
function screenOf(log: (levels: readonly boolean[]) => number, seed: number) {
  const noise = normals(seed);
  return runsOf(
    plackettBurman(12).map((levels) => {
      return { levels, log: log(levels) + noise(), mirrorLog: log(mirrored(levels)) + noise() };
    }),
  );
}

const twoFactors = fc.uniqueArray(fc.integer({ min: 0, max: 7 }), { minLength: 2, maxLength: 2 });
const seeds = fc.integer({ min: 1, max: 1_000_000 });

const together: Record<string, (one: boolean, other: boolean) => number> = {
  "each on its own": (one, other) => 8 * Number(one) + 8 * Number(other),
  "only together": (one, other) => 8 * Number(one && other),
};

for (const [how, gain] of Object.entries(together)) {
  test(`two columns that help ${how} are both named`, (t) => {
    const property = fc.property(twoFactors, seeds, ([one = 0, other = 0], seed) => {
      const runs = screenOf((levels) => gain(levels[one] === true, levels[other] === true), seed);
      const { columns } = suspectsOf(runs, 8, false);
      return columns.includes(one) && columns.includes(other);
    });
    t.notThrows(() => fc.assert(property, { numRuns: 60 }));
  });
}

test("of two columns of which either is enough one at least is named", (t) => {
  const property = fc.property(twoFactors, seeds, ([one = 0, other = 0], seed) => {
    const runs = screenOf((levels) => (levels[one] || levels[other] ? 8 : 0), seed);
    const { columns } = suspectsOf(runs, 8, false);
    return columns.length > 0 && (columns.includes(one) || columns.includes(other));
  });
  t.notThrows(() => fc.assert(property, { numRuns: 60 }));
});

test("a column that harms is no suspect beside one that helps", (t) => {
  const property = fc.property(twoFactors, seeds, ([one = 0, other = 0], seed) => {
    const runs = screenOf((levels) => (levels[one] ? 8 : 0) - (levels[other] ? 8 : 0), seed);
    const { columns } = suspectsOf(runs, 8, false);
    return columns.includes(one) && !columns.includes(other);
  });
  t.notThrows(() => fc.assert(property, { numRuns: 60 }));
});

test("noise alone seldom makes a suspect", (t) => {
  const screens = Array.from({ length: 200 }, (_, seed) =>
    suspectsOf(
      screenOf(() => 0, seed + 1),
      8,
      false,
    ),
  );
  t.true(screens.filter(({ columns }) => columns.length > 0).length < 40);
});

test("the noise is that of a run", (t) => {
  const { noise } = suspectsOf(
    screenOf((levels) => (levels[1] ? 8 : 0), 7),
    8,
    false,
  );
  t.true(noise.deviation > 0.6 && noise.deviation < 1.5);
});
