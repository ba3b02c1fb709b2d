import test from "ava";
import { gatesOfTwoRuns } from "../../../harness/analysis/gate.ts";
import type { Gate, GateSide } from "../../../harness/analysis/gate-record.ts";
import { type MeasureName, measureOf } from "../../../harness/core/measures.ts";
import { checkName } from "../../../harness/report/words/gate-reasons.ts";
import type { ConditionResult, GoalResult } from "../../../harness/results/goals.ts";
import type { JudgedMeasure } from "../../../harness/results/run.ts";
import { normals } from "../../../harness/stats/normals.ts";
import { pairRun } from "../../helpers/pair-run.ts";
import { latency } from "../../helpers/record-parts.ts";
import type { StoredRun } from "../../helpers/stories.ts";
import { gateOneRun, gateTwoRuns } from "../../helpers/told.ts";
import type { TrialOverrides } from "../../helpers/trial-builder.ts";

const arms = { baseline: "baseline", candidate: "candidate" };
const decided = (story: StoredRun) => gateOneRun({ ...story, unreadable: [] }, arms);
const side = ({ run, trials }: StoredRun, id: string, profile = "candidate"): GateSide => ({
  run: { ...run, id },
  trials,
  unreadable: [],
  profile,
});
const judging = (...names: MeasureName[]): { judged: JudgedMeasure[] } => ({
  judged: names.map((name) => ({ name, direction: measureOf(name).better, tolerance: 0.05 })),
});
const checkOf = (gate: Gate, name = "stood the load") => gate.checks.find((one) => checkName(one) === name);

/** Its target died within the ramp: there is nothing to take a rate or a latency of. */
const collapsed: TrialOverrides = {
  outcome: "broke",
  stoppedBy: {
    criterion: "target-died",
    atSeconds: 3,
    role: "target",
    death: { kind: "ended", exitCode: 1, signal: null },
  },
  fault: { kind: "connection refused", side: "target", firstSeconds: 3, seenIn: "dial", inferred: false },
  measures: { requestsBeforeWall: 2000, sustainedPerSecond: null, latencyMs: null, latencyFirstMs: [] },
};

/** The same later: all that is judged was measured before. */
const died: TrialOverrides = { ...collapsed, measures: { requestsBeforeWall: 2000, timeToWallSeconds: 3 } };

test("a candidate that dies in every block is a regression, whatever is judged", (t) => {
  const gate = decided(
    pairRun(10, (name) => (name === "candidate" ? died : {}), judging("latencyMs.p50", "sustainedPerSecond")),
  );
  t.is(gate.decision, "regression", gate.sentence);
  t.regex(gate.sentence, /the candidate broke in 10 blocks where the baseline did not/);
  t.deepEqual(
    gate.comparisons.map(({ result }) => result),
    ["same", "same"],
  );
  t.like(checkOf(gate), {
    result: "worse",
    candidate: { failed: 10, trials: 10 },
    baseline: { failed: 0, trials: 10 },
  });
});

test("blocks in which the candidate broke too early to be measured are not left to the others", (t) => {
  const some = (name: string, block: number) => (name === "candidate" && block % 3 === 1 ? collapsed : {});
  const gate = decided(pairRun(10, some, judging("latencyMs.p99")));
  t.is(gate.decision, "inconclusive", gate.sentence);
  t.is(gate.comparisons[0]?.result, "undecided");
  t.is(checkOf(gate)?.result, "undecided");
  t.regex(gate.sentence, /broke in 4 blocks where the baseline did not: too few to tell, 7 that all point one way/);
  const apart = gateTwoRuns(
    side(
      pairRun(10, () => ({}), judging("latencyMs.p99")),
      "run-1",
    ),
    side(pairRun(10, some, judging("latencyMs.p99")), "run-2"),
    [],
  );
  t.is(apart.decision, "inconclusive", apart.sentence);
  t.deepEqual(apart.comparisons[0]?.reason, {
    code: "broke-before-measured",
    profile: "candidate",
    trials: 4,
    of: 10,
  });
});

const brokeAt = (requests: number): TrialOverrides => ({
  outcome: "broke",
  stoppedBy: { criterion: "fault", atSeconds: 35, fault: "EADDRNOTAVAIL", ratio: 0.01, windows: 2 },
  fault: { kind: "X", side: "target", firstSeconds: 35, seenIn: "body", inferred: false },
  measures: { requestsBeforeWall: requests, timeToWallSeconds: 35 },
});

test("only blocks in which one side broke say that one side broke", (t) => {
  // Both break, the candidate 1% earlier; once the baseline holds.
  const story = pairRun(
    10,
    (name, block) => (name === "candidate" ? brokeAt(27_720) : block === 10 ? {} : brokeAt(28_000 + block)),
    judging("requestsBeforeWall"),
  );
  const gate = decided(story);
  t.is(gate.decision, "inconclusive", gate.sentence);
  t.like(checkOf(gate), { result: "undecided", p: null });
});

test("nine blocks against one are a regression", (t) => {
  const story = pairRun(
    20,
    (name, block) => ((name === "candidate" ? block % 2 === 0 && block < 19 : block === 1) ? brokeAt(28_000) : {}),
    judging("requestsBeforeWall"),
  );
  const gate = decided(story);
  t.is(gate.decision, "regression", gate.sentence);
  t.regex(gate.sentence, /broke in 9 blocks where the baseline did not, and the baseline broke in 1 block where/);
});

test("a broken generator is no answer of the service", (t) => {
  const generator: TrialOverrides = {
    ...brokeAt(28_000),
    fault: { kind: "EADDRNOTAVAIL", side: "generator", firstSeconds: 35, seenIn: "dial", inferred: false },
  };
  const gate = decided(pairRun(9, (name) => (name === "candidate" ? generator : {}), judging("latencyMs.p99")));
  t.is(checkOf(gate)?.result, "held");
});

const goal = (kept: boolean | null): GoalResult => ({
  measure: "latencyMs.p99",
  comparison: "<=",
  limit: 50,
  value: kept === null ? null : kept ? 20 : 80,
  kept,
});

test("a goal that the baseline keeps and the candidate misses is worse, in enough blocks", (t) => {
  const missing = (blocks: number) =>
    decided(pairRun(10, (name, block) => ({ goals: [goal(name === "baseline" || block > blocks)] })));
  const name = "p99 latency <= 50 ms";
  t.is(missing(0).decision, "pass");
  t.like(checkOf(missing(1), name), { result: "undecided", p: null, candidate: { failed: 1, trials: 10 } });
  t.is(missing(1).decision, "inconclusive");
  t.is(missing(5).decision, "inconclusive");
  const gate = missing(9);
  t.is(gate.decision, "regression", gate.sentence);
  t.is(missing(6).decision, "inconclusive", "six are tested, but not enough beside the measures");
  t.is(missing(8).decision, "regression");
  t.regex(gate.sentence, /the candidate missed p99 latency <= 50 ms in 9 blocks where the baseline kept it/);
});

test("a goal that both miss is no regression; one that is not known of the candidate no pass", (t) => {
  t.is(decided(pairRun(10, () => ({ goals: [goal(false)] }))).decision, "pass");
  const gate = decided(pairRun(10, (name) => ({ goals: [goal(name === "candidate" ? null : true)] })));
  t.is(gate.decision, "inconclusive");
  t.regex(gate.sentence, /not known of the candidate in 10/);
});

test("a condition's goals are asked by its name, between two runs too", (t) => {
  const peak = (kept: boolean): ConditionResult => ({
    name: "peak",
    fromSeconds: 0,
    toSeconds: 10,
    askedPerSecond: 300,
    requests: 3000,
    successes: 3000,
    sustainedPerSecond: 300,
    faultRatio: 0,
    latencyMs: null,
    cpuCores: {},
    memoryBytes: {},
    recoverySeconds: null,
    goals: [goal(kept)],
  });
  const story = (kept: boolean) => pairRun(8, (name) => ({ conditions: [peak(name === "baseline" || kept)] }));
  const gate = decided(story(false));
  t.is(checkOf(gate, "peak: p99 latency <= 50 ms")?.result, "worse");
  t.is(gate.decision, "regression");
  const two = gateTwoRuns(side(story(true), "run-1"), side(story(false), "run-2"), []);
  t.is(two.decision, "regression", two.sentence);
  t.regex(two.sentence, /in 8 of 8 trials, the other side in 0 of 8/);
  const arms = ["baseline", "candidate"].map((profile) => ({
    baseline: { ...side(story(true), "run-1"), profile },
    candidate: { ...side(story(false), "run-2"), profile },
  }));
  const [same, worse] = gatesOfTwoRuns(arms, []);
  t.is(worse?.checks[1]?.result, "worse");
  t.deepEqual([same?.decision, worse?.decision], ["pass", "regression"]);
  t.true((worse?.checks[1]?.p ?? 0) > (two.checks[1]?.p ?? 1), "p is adjusted over both profiles");
});

test("a search goes on until goals are missed: it is not asked for them", (t) => {
  const objective = {
    kind: "sustainable-rate" as const,
    fromPerSecond: 100,
    toPerSecond: 1000,
    precision: 0.05,
    holdingMs: 1000,
    rampMs: 100,
    steps: 9,
  };
  t.deepEqual(
    decided(pairRun(9, () => ({ goals: [goal(false)] }), { experiment: { kind: "search", objective, goals: [] } }))
      .checks,
    [],
  );
});

test("the same bound in time with a third of the load served is not held", (t) => {
  const after: TrialOverrides = { stoppedBy: { criterion: "after", atSeconds: 75, afterMs: 75000 } };
  const served = (candidate: number) =>
    decided(
      pairRun(
        10,
        (name) => ({ ...after, measures: { requestsBeforeWall: name === "candidate" ? candidate : 150_000 } }),
        judging("requestsBeforeWall"),
      ),
    );
  t.is(served(149_000).decision, "pass");
  t.is(served(50_000).decision, "inconclusive");
  t.regex(served(50_000).sentence, /50,000 requests against the baseline's 150,000/);
});

test("blocks in which one side is 0 are not left to the others", (t) => {
  const story = pairRun(
    10,
    (name, block) => ({ measures: { timeWaitPeak: block > 6 && name === "baseline" ? 0 : 5000 } }),
    judging("timeWaitPeak"),
  );
  t.is(decided(story).decision, "inconclusive", decided(story).sentence);
});

test("two runs: searches that found no rate are not left out", (t) => {
  const story = (found: (block: number) => boolean) =>
    pairRun(
      12,
      (_, block) => {
        const rate = found(block) ? 1000 : null;
        return {
          measures: { sustainableRatePerSecond: rate },
          search: { steps: [], sustainableRatePerSecond: rate, lowerBound: false, caveats: [] },
        };
      },
      judging("sustainableRatePerSecond"),
    );
  const gate = gateTwoRuns(
    side(
      story(() => true),
      "run-1",
    ),
    side(
      story((block) => block % 2 === 0),
      "run-2",
    ),
    [],
  );
  t.is(gate.decision, "inconclusive", gate.sentence);
  t.regex(gate.sentence, /no rate of candidate was kept in 6 of 12 searches/);
});

test("records that are gone are no pass, of either side", (t) => {
  for (const profile of ["candidate", "baseline"]) {
    const story = pairRun(10, () => ({}));
    story.trials = story.trials.filter((trial) => trial.profile !== profile || trial.block <= 7);
    const gate = decided(story);
    t.is(gate.decision, "inconclusive", gate.sentence);
    t.regex(gate.sentence, /no record of/);
    t.is(gate[profile as "candidate" | "baseline"].lost, 3);
  }
});

test("whole blocks that are gone are no pass; a run that ended at a look has all it wanted", (t) => {
  const story = pairRun(10, () => ({}));
  story.trials = story.trials.filter(({ block }) => block <= 8);
  t.is(decided(story).decision, "inconclusive");
  t.is(decided({ ...story, run: { ...story.run, looks: [8, 10] } }).decision, "pass");
  t.is(decided({ ...story, run: { ...story.run, looks: [7, 9, 10] } }).decision, "inconclusive");
});

test("a search of the candidate that failed is a lost block", (t) => {
  const story = pairRun(10, () => ({}));
  story.trials = story.trials.map((trial) =>
    trial.profile === "candidate" && trial.block % 3 === 1
      ? {
          ...trial,
          purpose: "search",
          valid: false,
          outcome: "failed",
          invalidReason: { code: "part-lost" as const, words: "the target died" },
        }
      : trial,
  );
  const gate = decided(story);
  t.is(gate.decision, "inconclusive", gate.sentence);
  t.regex(gate.sentence, /candidate has no valid trial in 4 of its blocks \(the target died\)/);
});

test("repetitions do not hide a candidate that does not start every other time", (t) => {
  const withRepeats = (count: (profile: string) => number) => {
    const story = pairRun(10, () => ({}), { retries: 20 });
    const failed = story.trials
      .filter(({ profile, block }) => block <= count(profile))
      .map((trial) => ({
        ...trial,
        valid: false,
        outcome: "failed" as const,
        invalidReason: { code: "part-lost" as const, words: "never ready" },
        sequence: -1,
      }));
    return decided({ ...story, trials: [...failed, ...story.trials] });
  };
  const gate = withRepeats((profile) => (profile === "candidate" ? 8 : 0));
  t.is(gate.decision, "inconclusive");
  t.regex(gate.sentence, /candidate was invalid 8 times before it was measured, baseline 0 times \(never ready\)/);
  t.is(withRepeats((profile) => (profile === "candidate" ? 1 : 0)).decision, "pass");
  t.is(withRepeats((profile) => (profile === "candidate" ? 8 : 7)).decision, "pass");
});

test("null experiments: with outcomes and goals that fail now and then, any false alarm in fewer than 5 of 100", (t) => {
  const next = normals(20261121);
  const experiments = 400;
  let alarms = 0;
  for (let run = 0; run < experiments; run += 1) {
    const story = pairRun(
      12,
      () => ({
        outcome: next() > 0 ? "degraded" : "held",
        goals: [goal(next() > 0), { ...goal(next() > 0), limit: 40 }],
        measures: { latencyMs: latency(1.5 * Math.exp(0.02 * next())) },
      }),
      { judged: [{ name: "latencyMs.p99", direction: "lower", tolerance: 1e-6 }] },
    );
    const gate = decided(story);
    if ([...gate.comparisons, ...gate.checks].some(({ result }) => result === "worse" || result === "better"))
      alarms += 1;
  }
  t.true(alarms / experiments < 0.05, `${alarms} of ${experiments}`);
  t.true(alarms > 0, "the simulation never alarms, so it shows nothing");
});
