import test from "ava";
import { normals } from "../../../harness/stats/normals.ts";
import { duetJudged } from "../../../harness/suite/schema-compare.ts";
import { type BlockRatios, resampledGates } from "../../bench/duet-resample.ts";

const judged = duetJudged(0.05);

/** Recorded blocks with such deviations, moved by a log ratio of the median. */
function blocksOf(deviation: number, shift = 0): BlockRatios[] {
  const next = normals(5);
  return Array.from({ length: 60 }, () => ({
    "latencyMs.p50": shift + deviation * next(),
    "latencyMs.p90": deviation * next(),
    faultRatio: 0,
    cpuMsPerRequest: deviation * next(),
  }));
}

test("gates of drawn blocks: the same for the same seed, and as the noise allows", (t) => {
  const of = (blocks: BlockRatios[], exchangeable: boolean, seed = 1) =>
    resampledGates({ judged, blocks }, { size: 12, gates: 20, seed, exchangeable });
  const same = of(blocksOf(0.005), true);
  t.deepEqual(same, of(blocksOf(0.005), true));
  t.is(same.pass, 20);
  t.is(of(blocksOf(0.005, Math.log(1.05)), false).regression, 20);
  t.is(same.pass + same.regression + same.inconclusive, 20);
});
