import test from "ava";
import { chanceOfDecision } from "../../../harness/stats/chance-of-decision.ts";
import { normals } from "../../../harness/stats/normals.ts";
import type { PairRatio } from "../../../harness/stats/pairs.ts";
import { estimateRatio } from "../../../harness/stats/ratio.ts";
import { blocksNeeded } from "../../../harness/stats/significance.ts";
import { studentQuantile } from "../../../harness/stats/student.ts";
import { judge } from "../../../harness/stats/verdict.ts";

const exact = (logs: number[]): PairRatio[] => logs.map((log) => ({ log, bound: null }));
const atLeast = (logs: number[]): PairRatio[] => logs.map((log) => ({ log, bound: "atLeast" }));

test("Student's quantiles, as tables have them", (t) => {
  const table: [number, number, number][] = [
    [0.975, 1, 12.7062],
    [0.975, 2, 4.3027],
    [0.975, 3.5, 2.9401],
    [0.975, 5, 2.5706],
    [0.975, 11, 2.201],
    [0.995, 7, 3.4995],
    [0.9, 30, 1.3104],
  ];
  for (const [probability, degrees, value] of table) {
    const found = studentQuantile(probability, degrees);
    t.true(Math.abs(found / value - 1) < 1e-4, `${probability} ${degrees}: ${found}`);
  }
});

test("what is clear will be decided, what is noise will not", (t) => {
  const design = { blocks: 20, tolerance: 0.05, looks: 3 };
  t.true(chanceOfDecision({ ...design, pairs: exact([0.2, 0.21, 0.19, 0.2, 0.22, 0.18, 0.2]) }) > 0.99);
  t.true(chanceOfDecision({ ...design, pairs: exact([0.01, -0.01, 0, 0.005, -0.01, 0.01, 0]) }) > 0.99);
  t.true(chanceOfDecision({ ...design, pairs: exact([0.5, -0.5, 0.4, -0.4, 0.6, -0.6]) }) < 0.1);
  t.is(chanceOfDecision({ ...design, pairs: exact([0, 0, 0, 0, 0, 0]) }), 1);
});

test("a bound leaves one side: it can be found larger, never the same", (t) => {
  const design = { blocks: 20, tolerance: 0.05, looks: 1 };
  t.true(chanceOfDecision({ ...design, pairs: atLeast([0.2, 0.21, 0.19, 0.2, 0.22, 0.18]) }) > 0.99);
  t.true(chanceOfDecision({ ...design, pairs: atLeast([0, 0.001, 0, 0.001, 0, 0]) }) < 0.01);
  t.true(chanceOfDecision({ ...design, pairs: atLeast([-0.2, -0.21, -0.19, -0.2, -0.22, -0.18]) }) < 0.01);
});

test("on average as many are decided at the end as was foretold half way", (t) => {
  const next = normals(31);
  const [half, blocks, tolerance, runs] = [8, 12, 0.05, 600];
  let [foretold, decided] = [0, 0];
  for (let run = 0; run < runs; run += 1) {
    const effect = 0.06 * next();
    const logs = Array.from({ length: blocks }, () => effect + 0.05 * next());
    foretold += chanceOfDecision({ pairs: exact(logs.slice(0, half)), blocks, tolerance, looks: 1 }) / runs;
    const estimate = estimateRatio(exact(logs));
    const design = { needed: blocksNeeded(1), comparisons: 1, looks: 1 };
    const verdict = judge({ estimate, adjustedP: estimate.p, direction: "higher", tolerance, ...design });
    if (verdict.verdict !== "inconclusive") decided += 1 / runs;
  }
  t.true(Math.abs(foretold - decided) < 0.05, `${foretold} foretold, ${decided} decided`);
  t.true(decided > 0.2 && decided < 0.8, `${decided}: too easy to tell anything`);
});
