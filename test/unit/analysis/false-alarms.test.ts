import test from "ava";
import { mean, sampleStandardDeviation } from "simple-statistics";
import {
  blocksThatWouldDo,
  minimumDetectable,
  type NoiseRequest,
  noiseFloor,
  reachableTolerance,
} from "../../../harness/stats/detectable.ts";
import { normals } from "../../../harness/stats/normals.ts";
import { estimateRatio } from "../../../harness/stats/ratio.ts";
import { ratesOf } from "../../helpers/experiments.ts";
import { claims, design } from "../../helpers/null-experiments.ts";

for (const { title, few, show } of claims) test(title, (t) => show(t, few));

test("a real effect is found as often as promised: 80 of 100 at the minimum detectable difference", (t) => {
  const [noise, tolerance, blocks] = [0.02, 0.05, 10];
  const request = { deviation: noise * Math.SQRT2, blocks, comparisons: 4, looks: 1, tolerance };
  const effect = minimumDetectable(request) ?? 0;
  t.true(effect > 0.07 && effect < 0.12, `${effect}`);
  const { verdicts } = ratesOf({ ...design, experiments: 600, blocks, looks: [], noise, tolerance, ratio: 1 + effect });
  t.true(Math.abs(verdicts.better - 0.8) < 0.07, JSON.stringify(verdicts));
});

test("the tolerance that can be reached is called the same in 80 of 100", (t) => {
  const [noise, blocks] = [0.02, 10];
  const tolerance = reachableTolerance({ deviation: noise * Math.SQRT2, blocks, comparisons: 4, looks: 1 }) ?? 0;
  const { verdicts } = ratesOf({ ...design, experiments: 600, blocks, looks: [], noise, tolerance });
  t.true(Math.abs(verdicts.same - 0.8) < 0.07, JSON.stringify(verdicts));
});

test("two identical profiles stay within the noise floor in 95 of 100 runs, also where that is of their own six blocks", (t) => {
  const [next, blocks, runs] = [normals(77), 6, 8000];
  let inside = 0;
  for (let run = 0; run < runs; run += 1) {
    const [own, fresh] = [Array.from({ length: blocks }, next), Array.from({ length: blocks }, next)];
    const floor = noiseFloor({ deviation: 0.03 * sampleStandardDeviation(own), degrees: blocks - 1 }, blocks);
    if (Math.abs(0.03 * mean(fresh)) < Math.log1p(floor)) inside += 1 / runs;
  }
  t.true(Math.abs(inside - 0.95) < 0.01, `${inside}`);
});

test("the blocks that would do decide what was seen in 80 of 100, and one block fewer does not", (t) => {
  const request = { deviation: 0.03, comparisons: 2, looks: 1, tolerance: 0.05 };
  for (const logRatio of [0, Math.log(1.08), -Math.log(1.08)]) {
    const blocks = blocksThatWouldDo({ ...request, logRatio }) ?? 0;
    const shares = [blocks, blocks - 1].map((n) => decidedOf({ ...request, blocks: n }, logRatio));
    t.true(Math.abs((shares[0] ?? 0) - 0.82) < 0.06, `${blocks} blocks for ${logRatio}: ${shares}`);
  }
  t.is(blocksThatWouldDo({ ...request, logRatio: Math.log1p(0.05) }), null, "at the band's edge nothing decides");
  const needed = blocksThatWouldDo({ ...request, logRatio: 0 }) ?? 0;
  t.true((reachableTolerance({ ...request, blocks: needed }) ?? 1) <= 0.05);
  t.true((reachableTolerance({ ...request, blocks: needed - 1 }) ?? 1) > 0.05);
});

/** Share of fresh experiments that the sign-flip test decides. */
function decidedOf(
  { deviation, blocks, tolerance, comparisons }: NoiseRequest & { tolerance: number },
  logRatio: number,
) {
  const [next, runs, edge] = [normals(5), 1000, Math.log1p(tolerance)];
  let decided = 0;
  for (let run = 0; run < runs; run += 1) {
    const logs = Array.from({ length: blocks }, () => logRatio + deviation * next());
    const { low, high, p } = estimateRatio(logs.map((log) => ({ log, bound: null })));
    const [from, to] = [Math.log(low ?? 0), Math.log(high ?? Infinity)];
    const same = from >= -edge && to <= edge;
    const beyond = (from > edge || to < -edge) && (p ?? 1) * comparisons < 0.05;
    if (same || beyond) decided += 1 / runs;
  }
  return decided;
}

test("noise floor and what can be detected fall with blocks, rise with noise, comparisons and looks; too few blocks detect nothing", (t) => {
  const request = { deviation: 0.03, blocks: 12, comparisons: 4, looks: 1, tolerance: 0.05 };
  const at = (change: Partial<typeof request>) => minimumDetectable({ ...request, ...change }) ?? Infinity;
  const known = { deviation: 0.03, degrees: 1000 };
  t.true(Math.abs(noiseFloor(known, 1) / Math.expm1(1.962 * 0.03) - 1) < 0.003);
  t.true(noiseFloor(known, 12) < noiseFloor(known, 6));
  t.true(at({ blocks: 20 }) < at({}) && at({}) < at({ blocks: 9 }));
  t.true(
    at({ deviation: 0.06 }) > at({}) &&
      at({ looks: 3 }) > at({}) &&
      at({ comparisons: 40, tolerance: 0.001 }) > at({ tolerance: 0.001 }),
  );
  t.is(at({ blocks: 7 }), Infinity);
  t.is(at({ deviation: 0 }), 0.05);
  t.is(reachableTolerance({ ...request, blocks: 5 }), null);
});

test("beyond twelve blocks Student's interval stands for the test's: no jump between them", (t) => {
  const request = { deviation: 0.03, comparisons: 12, looks: 3, tolerance: 0.02 };
  const [twelve, thirteen] = [12, 13].map((blocks) => minimumDetectable({ ...request, blocks }) ?? 0);
  t.true((thirteen ?? 0) < (twelve ?? 0) && (thirteen ?? 0) > 0.85 * (twelve ?? 0), `${twelve} ${thirteen}`);
});
