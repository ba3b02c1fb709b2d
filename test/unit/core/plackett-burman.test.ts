import test from "ava";
import { mirrored, plackettBurman, runsFor } from "../../../harness/core/plackett-burman.ts";
import { mainEffectsOf } from "../../../harness/stats/folded-screen.ts";

const sign = (high: boolean | undefined) => (high === true ? 1 : -1);

for (const runs of [12, 20, 24]) {
  const design = plackettBurman(runs);
  const columns = Array.from({ length: runs - 1 }, (_, column) => column);

  test(`${runs} runs: every column is balanced over every other`, (t) => {
    t.is(design.length, runs);
    for (const one of columns) {
      t.is(design.filter((row) => row[one]).length, runs / 2);
      for (const other of columns.slice(one + 1)) {
        t.is(
          design.reduce((sum, row) => sum + sign(row[one]) * sign(row[other]), 0),
          0,
        );
      }
    }
  });

  test(`${runs} runs and their fold-over: what two columns do together moves no main effect`, (t) => {
    const together = (row: readonly boolean[]) => sign(row[2]) * sign(row[5]);
    const pairs = design.map((levels) => {
      return { levels, log: together(levels), mirrorLog: together(mirrored(levels)) };
    });
    t.deepEqual(
      mainEffectsOf(pairs).filter((effect) => effect !== 0),
      [],
    );
  });

  test(`${runs} runs and their fold-over give a column's own effect`, (t) => {
    const pairs = design.map((levels) => ({ levels, log: levels[3] ? 0.3 : 0, mirrorLog: levels[3] ? 0 : 0.3 }));
    const effects = mainEffectsOf(pairs);
    t.true(Math.abs((effects[3] ?? 0) - 0.3) < 1e-12);
    t.true(effects.every((effect, column) => column === 3 || Math.abs(effect) < 1e-12));
  });
}

test("three columns at least stay without a factor", (t) => {
  t.deepEqual([1, 8, 9, 16, 17, 20, 21].map(runsFor), [12, 12, 20, 20, 24, 24, null]);
});
