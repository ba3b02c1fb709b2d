import test from "ava";
import { comparePair, isRatio } from "../../../harness/analysis/block-pairs.ts";
import { latency } from "../../helpers/record-parts.ts";
import { storedRun } from "../../helpers/stories.ts";
import { analyze, saidReason } from "../../helpers/told.ts";
import { exhaustedTrial, profileRecord, type TrialOverrides, trialRecord } from "../../helpers/trial-builder.ts";

const held = (overrides: TrialOverrides = {}) => trialRecord({ profile: "other", ...overrides });
const reasonOf = (pair: ReturnType<typeof comparePair>) =>
  isRatio(pair) ? `ratio ${Math.exp(pair.log)}` : saidReason(pair);

test("a profile that held is compared over the seconds that the broken baseline had", (t) => {
  const slowLater = held({
    measures: {
      latencyMs: latency(9),
      latencyFirstMs: [1, 2, 4, 8, 16, 32].map((seconds) => latency(seconds <= 2 ? 5 : 9, { seconds })),
    },
  });
  const pair = comparePair(slowLater, exhaustedTrial(), "latencyMs.p99");
  t.is(isRatio(pair) && Math.exp(pair.log).toFixed(3), (5 / 2.5).toFixed(3));
  const alike = comparePair(held({ measures: { latencyMs: latency(9, { seconds: 40 }) } }), held(), "latencyMs.p99");
  t.is(isRatio(alike) && Math.exp(alike.log).toFixed(3), "6.000", "47 and 40 s are the same phase: all of it");
});

test("no phase that both have, or too few requests in it: no ratio", (t) => {
  const short = exhaustedTrial({ measures: { latencyMs: latency(2, { seconds: 0.6 }) } });
  t.regex(reasonOf(comparePair(held(), short, "latencyMs.p99")), /within a second of the ramp's end/);
  const few = held({ measures: { latencyMs: latency(2, { count: 600 }) } });
  t.is(
    reasonOf(comparePair(few, held(), "latencyMs.p99")),
    "600 requests of other are too few for a p99: 1000 would do",
  );
  t.true(isRatio(comparePair(few, held(), "latencyMs.p90")));
});

test("blocks whose failed shares differ are not dropped in favour of the others", (t) => {
  const story = storedRun(10, [
    [profileRecord("baseline"), (o) => trialRecord(o)],
    [
      profileRecord("other"),
      (o, block) => trialRecord({ ...o, measures: { latencyMs: latency(1, { failedShare: block < 3 ? 0.2 : 0 }) } }),
    ],
  ]);
  const comparison = analyze(story.run, story.trials).profiles[1]?.versusBaseline["latencyMs.p99"];
  t.is(comparison?.verdict, "inconclusive");
  t.deepEqual(comparison?.reason, {
    code: "blocks-without-ratio",
    blocks: 2,
    of: 10,
    because: { code: "fault-shares-differ" },
  });
  t.is(saidReason(comparison), "in 2 of 10 blocks the shares of failed requests differ: failing fast looks quick");
});

test("the highest latency is exact, however wide the buckets", (t) => {
  const wide = { measures: { latencyMs: latency(1.5, { resolutionRatio: 0.3 }) } };
  const judged = [{ name: "latencyMs.max", direction: "lower", tolerance: 0.05 } as const];
  const story = storedRun(
    8,
    [
      [profileRecord("baseline"), (o) => trialRecord({ ...o, ...wide })],
      [profileRecord("other"), (o) => trialRecord({ ...o, ...wide })],
    ],
    { judged },
  );
  t.is(analyze(story.run, story.trials).profiles[1]?.versusBaseline["latencyMs.max"]?.verdict, "same");
});

/** Nine blocks judged on the failed share only. */
function failing(baseline: (block: number) => number, other: (block: number) => number) {
  const judged = [{ name: "faultRatio", direction: "lower", tolerance: 0.05 } as const];
  const make = (share: (block: number) => number) => (o: TrialOverrides, block: number) =>
    trialRecord({ ...o, measures: { faultRatio: share(block) } });
  const story = storedRun(
    9,
    [
      [profileRecord("baseline"), make(baseline)],
      [profileRecord("other"), make(other)],
    ],
    { judged },
  );
  const analysis = analyze(story.run, story.trials);
  return { comparison: analysis.profiles[1]?.versusBaseline.faultRatio, verdict: analysis.told };
}

test("failed shares: none against some is a bound with a direction, none against none the same", (t) => {
  const some = failing(
    () => 0,
    () => 0.03,
  );
  t.like(some.comparison, { verdict: "worse", bound: "atLeast", high: null });
  t.is(some.comparison?.ratio?.toFixed(0), "30");
  t.regex(some.verdict, /other \[worse\]: at least 30\.0x the failed requests/);
  t.like(
    failing(
      () => 0.03,
      () => 0,
    ).comparison,
    { verdict: "better", bound: "atMost", low: null },
  );
  t.like(
    failing(
      () => 0,
      (block) => block / 1e5,
    ).comparison,
    {
      verdict: "same",
      reason: { code: "next-to-no-faults" },
    },
  );
  const mixed = failing(
    (block) => (block % 2) * 0.02,
    (block) => ((block + 1) % 2) * 0.02,
  );
  t.like(mixed.comparison, { verdict: "inconclusive", ratio: null });
});

test("a wall or cliff that did not come by the stop is later than the stop", (t) => {
  const without = held({ measures: { timeToWallSeconds: null, scanCliffSeconds: null } });
  const wall = comparePair(without, exhaustedTrial(), "timeToWallSeconds");
  t.deepEqual(wall, { log: Math.log(52 / 35), bound: "atLeast" });
  const cliff = comparePair(without, exhaustedTrial(), "scanCliffSeconds");
  t.like(cliff, { bound: "atLeast" });
  t.regex(reasonOf(comparePair(without, without, "scanCliffSeconds")), /neither met a wall/);
});

test("the wall is told where other measures are judged", (t) => {
  const judged = [{ name: "latencyMs.p90", direction: "lower", tolerance: 0.1 } as const];
  const story = storedRun(
    3,
    [
      [profileRecord("baseline"), (o) => exhaustedTrial(o)],
      [profileRecord("reuse"), (o) => trialRecord(o)],
      [profileRecord("half"), (o) => exhaustedTrial({ ...o, measures: { requestsBeforeWall: 40_000 } })],
    ],
    { judged },
  );
  const analysis = analyze(story.run, story.trials);
  t.deepEqual(Object.keys(analysis.profiles[1]?.versusBaseline ?? {}), ["latencyMs.p90"]);
  t.like(analysis.profiles[1]?.wallRatio, { bound: "atLeast", n: 3 });
  t.regex(analysis.told, /reuse \[removed\]: no fault in any block; at least 5\.31x the requests\./);
  t.regex(analysis.told, /half \[moved\]: .* 1\.42x the requests/);
});
