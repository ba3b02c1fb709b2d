import test from "ava";
import fc from "fast-check";
import type { Comparison } from "../../../harness/analysis/analysis.ts";
import { compareWithBaseline } from "../../../harness/analysis/compare.ts";
import { trialSets } from "../../../harness/analysis/trial-sets.ts";
import type { RunRecord } from "../../../harness/results/run.ts";
import { blocksNeeded } from "../../../harness/stats/significance.ts";
import { storedRun } from "../../helpers/stories.ts";
import { profileRecord, trialRecord } from "../../helpers/trial-builder.ts";

/** A block's values: what the baseline served, and the candidate, which may be a lower bound. */
interface Block {
  baseline: number;
  candidate: number;
  bound: boolean;
}

const rate = fc.double({ min: 500, max: 5000, noNaN: true });
const exactBlock = fc.record({ baseline: rate, candidate: rate, bound: fc.constant(false) });
const anyBlock = fc.record({ baseline: rate, candidate: rate, bound: fc.boolean() });
const close = fc.double({ min: 0.97, max: 1.4, noNaN: true });
const nearBlock = fc
  .record({ baseline: rate, ratio: close })
  .map(({ baseline, ratio }): Block => ({ baseline, candidate: baseline * ratio, bound: false }));
/** Between chaos and near agreement, so that every verdict comes up. */
const blocks = (one: fc.Arbitrary<Block>) => fc.array(one, { minLength: 6, maxLength: 9 });

function judged(list: Block[], run: Partial<RunRecord> = {}): Comparison {
  const judgedMeasures = [{ name: "sustainedPerSecond", direction: "higher", tolerance: 0.05 } as const];
  const story = storedRun(
    list.length,
    [
      [
        profileRecord("baseline"),
        (o, block) => trialRecord({ ...o, measures: { sustainedPerSecond: list[block - 1]?.baseline ?? 0 } }),
      ],
      [
        profileRecord("other"),
        (o, block) =>
          trialRecord({
            ...o,
            measures: { sustainedPerSecond: list[block - 1]?.candidate ?? 0 },
            generator: { bound: list[block - 1]?.bound ?? false },
          }),
      ],
    ],
    { judged: judgedMeasures, ...run },
  );
  const comparison = compareWithBaseline(story.run, trialSets(story.run, story.trials)).byProfile.get("other");
  if (comparison?.sustainedPerSecond === undefined) throw new Error("other was not compared");
  return comparison.sustainedPerSecond;
}

const nearly = (a: number | null, b: number | null) =>
  a === null || b === null ? a === b : Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a));

function alike(one: Comparison, other: Comparison): boolean {
  const numbers = (["ratio", "low", "high", "p"] as const).every((key) => nearly(one[key], other[key]));
  return numbers && one.verdict === other.verdict && one.bound === other.bound && one.n === other.n;
}

test("the unit, and how fast each block's machine was, change nothing", (t) => {
  const factors = fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), { minLength: 9, maxLength: 9 });
  fc.assert(
    fc.property(blocks(fc.oneof(nearBlock, anyBlock)), factors, (list, scale) => {
      const scaled = list.map(({ baseline, candidate, bound }, index) => {
        const factor = scale[index] ?? 1;
        return { baseline: baseline * factor, candidate: candidate * factor, bound };
      });
      return alike(judged(list), judged(scaled));
    }),
    { numRuns: 200 },
  );
  t.pass();
});

test("the order of the blocks changes nothing", (t) => {
  fc.assert(
    fc.property(blocks(anyBlock), (list) => alike(judged(list), judged(list.toReversed()))),
    { numRuns: 100 },
  );
  t.pass();
});

test("swapping the arms turns the verdict round", (t) => {
  const opposite = { better: "worse", worse: "better", same: "same", inconclusive: "inconclusive" } as const;
  fc.assert(
    fc.property(blocks(fc.oneof(nearBlock, exactBlock)), (list) => {
      const turned = list.map(({ baseline, candidate }) => ({
        baseline: candidate,
        candidate: baseline,
        bound: false,
      }));
      const [there, back] = [judged(list), judged(turned)];
      return (
        back.verdict === opposite[there.verdict] &&
        nearly((there.ratio ?? 0) * (back.ratio ?? 0), 1) &&
        nearly(there.p, back.p)
      );
    }),
    { numRuns: 200 },
  );
  t.pass();
});

test("a candidate that serves more in every block is never judged lower", (t) => {
  const order = { worse: 0, inconclusive: 1, same: 1, better: 2 } as const;
  const more = fc.double({ min: 1, max: 3, noNaN: true });
  fc.assert(
    fc.property(blocks(fc.oneof(nearBlock, exactBlock)), more, (list, factor) => {
      const raised = list.map((block) => ({ ...block, candidate: block.candidate * factor }));
      return order[judged(raised).verdict] >= order[judged(list).verdict];
    }),
    { numRuns: 200 },
  );
  t.pass();
});

test("a bound on the candidate can only hold a verdict back, or leave it better: never worse, never the same", (t) => {
  fc.assert(
    fc.property(blocks(fc.oneof(nearBlock, exactBlock)), fc.nat(8), (list, place) => {
      const bounded = list.map((block, index) => ({ ...block, bound: block.bound || index === place % list.length }));
      const verdict = judged(bounded).verdict;
      return verdict === "inconclusive" || (verdict === "better" && judged(list).verdict === "better");
    }),
    { numRuns: 200 },
  );
  t.pass();
});

test("more looks never decide what fewer left open, and never turn a verdict", (t) => {
  fc.assert(
    fc.property(blocks(fc.oneof(nearBlock, exactBlock)), (list) => {
      const [once, thrice] = [judged(list), judged(list, { looks: [7, 8, 9] })];
      const wider = (thrice.low ?? 0) <= (once.low ?? 0) && (thrice.high ?? Infinity) >= (once.high ?? Infinity);
      return (
        (thrice.verdict === once.verdict || thrice.verdict === "inconclusive") &&
        wider &&
        (thrice.p ?? 1) >= (once.p ?? 1)
      );
    }),
    { numRuns: 200 },
  );
  t.pass();
});

test("with fewer blocks than are needed nothing is ever decided", (t) => {
  const few = fc.array(fc.oneof(nearBlock, exactBlock), { minLength: 1, maxLength: blocksNeeded(1) - 1 });
  fc.assert(
    fc.property(few, (list) => judged(list).verdict === "inconclusive"),
    { numRuns: 100 },
  );
  t.pass();
});
