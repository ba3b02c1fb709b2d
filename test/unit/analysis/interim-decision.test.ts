import test from "ava";
import { enough } from "../../../harness/analysis/interim-decision.ts";
import { winner } from "../../../harness/analysis/winner.ts";
import type { RunRecord } from "../../../harness/results/run.ts";
import type { TrialRecord } from "../../../harness/results/trial.ts";
import { normals } from "../../../harness/stats/normals.ts";
import { latency } from "../../helpers/record-parts.ts";
import { keepAliveRun, portExhaustionRun, type StoredRun, storedRun } from "../../helpers/stories.ts";
import { exhaustedTrial, profileRecord, trialRecord } from "../../helpers/trial-builder.ts";

const throughput = [{ name: "sustainedPerSecond", direction: "higher", tolerance: 0.05 }] as const;

/** A baseline and one other whose throughput differs by a factor, with so much noise on each trial; 20 blocks are planned. */
function noisyRun(ratio: number, noise: number, run: Partial<RunRecord> = {}): StoredRun {
  const next = normals(7);
  const rate = (factor: number) => 3000 * factor * Math.exp(noise * next());
  return storedRun(
    20,
    [
      [
        profileRecord("baseline"),
        (overrides) => trialRecord({ ...overrides, measures: { sustainedPerSecond: rate(1) } }),
      ],
      [
        profileRecord("other"),
        (overrides) => trialRecord({ ...overrides, measures: { sustainedPerSecond: rate(ratio) } }),
      ],
    ],
    { looks: [8, 14, 20], judged: [...throughput], ...run },
  );
}

const upTo = (blocks: number, trials: TrialRecord[]) => trials.filter(({ block }) => block <= blocks);

test("a run ends at a look at which all is decided, and nowhere else", (t) => {
  const { run, trials } = noisyRun(1.2, 0.01);
  t.deepEqual(enough(run, upTo(8, trials)), {
    code: "enough",
    blocks: 8,
    mostBlocks: 20,
    comparisons: 1,
    decided: 1,
  });
  for (const blocks of [0, 1, 7, 9, 13, 15, 20]) t.is(enough(run, upTo(blocks, trials)), null);
  t.is(enough({ ...run, looks: [] }, upTo(8, trials)), null);
  t.is(enough({ ...run, kind: "calibration" }, upTo(8, trials)), null);
  const cut = upTo(8, trials).filter(({ sequence }) => sequence !== 16);
  t.is(enough(run, cut), null, "the eighth block is not whole");
});

test("'same' is a decision too, and an open comparison lets the run go on", (t) => {
  t.like(enough(noisyRun(1, 0.01).run, upTo(8, noisyRun(1, 0.01).trials)), { comparisons: 1, decided: 1 });
  const open = noisyRun(1.07, 0.03);
  t.is(enough(open.run, upTo(8, open.trials)), null);
});

test("what no number of planned blocks can decide is hopeless, and ends the run as well", (t) => {
  const noisy = noisyRun(1, 0.5);
  const said = enough(noisy.run, upTo(8, noisy.trials));
  t.deepEqual(said, { code: "enough", blocks: 8, mostBlocks: 20, comparisons: 1, decided: 0 });
  const judged = [...throughput, { name: "requestsBeforeWall", direction: "higher", tolerance: 0.05 } as const];
  const held = noisyRun(1.2, 0.01, { judged });
  t.like(enough(held.run, upTo(8, held.trials)), { comparisons: 2, decided: 1 });
  const coarse = noisyRun(1.2, 0.01, { judged: [{ name: "latencyMs.p99", direction: "lower", tolerance: 0.05 }] });
  const wide = coarse.trials.map((trial) => ({
    ...trial,
    measures: { ...trial.measures, latencyMs: latency(3, { resolutionRatio: 0.09 }) },
  }));
  t.like(enough(coarse.run, upTo(8, wide)), { comparisons: 1, decided: 0 });
  const few = noisyRun(1.2, 0.01, { looks: [5, 6] });
  t.like(enough({ ...few.run, blocks: 6 }, upTo(5, few.trials)), { blocks: 5, mostBlocks: 6, decided: 0 });
});

test("rechecks and a search's steps are no blocks", (t) => {
  const { run, trials } = noisyRun(1.2, 0.01);
  const other = upTo(8, trials).map((trial) => ({ ...trial, purpose: "recheck" as const }));
  t.is(enough(run, other), null);
});

test("the winner removed the wall, with the fewest changes", (t) => {
  const { run, trials } = portExhaustionRun(3);
  t.is(winner(run, trials), "reuse");
  t.is(winner(run, upTo(1, trials)), "reuse", "a wall that is gone needs no statistics");
});

test("the winner moved the wall where none removed it; a fake win is none", (t) => {
  const counters = { target: { TCPTimeWaitOverflow: 90_000 } };
  const story = storedRun(3, [
    [profileRecord("baseline"), (overrides) => exhaustedTrial(overrides)],
    [profileRecord("half"), (overrides) => exhaustedTrial({ ...overrides, measures: { requestsBeforeWall: 40_000 } })],
    [profileRecord("twice"), (overrides) => exhaustedTrial({ ...overrides, measures: { requestsBeforeWall: 60_000 } })],
    [profileRecord("buckets"), (overrides) => trialRecord({ ...overrides, evidence: { counters } })],
  ]);
  t.is(winner(story.run, story.trials), "twice");
});

test("without a wall the winner is the best of what is judged better, and worse in nothing", (t) => {
  t.is(winner(keepAliveRun(9).run, keepAliveRun(9).trials), null);
  const rates: Record<string, number> = { baseline: 3000, good: 3600, better: 4000, all: 4010, costly: 5000 };
  const story = storedRun(
    10,
    Object.entries(rates).map(([name, rate], index) => [
      profileRecord(name, index === 0 ? {} : name === "all" ? { a: "1", b: "1" } : { a: String(index) }),
      (overrides, block) =>
        trialRecord({
          ...overrides,
          measures: { sustainedPerSecond: rate + block, latencyMs: latency(name === "costly" ? 3 : 1.5) },
        }),
    ]),
  );
  t.is(winner(story.run, story.trials), "better");
  const wide = story.run.judged.map((measure) => ({ ...measure, tolerance: 0.15 }));
  t.is(winner({ ...story.run, judged: wide }, story.trials), "better", "of as many changes the larger gain");
});
