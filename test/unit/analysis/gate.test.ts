import test from "ava";
import fc from "fast-check";
import type { Gate, GateSide } from "../../../harness/analysis/gate-record.ts";
import { caveatSentences } from "../../../harness/report/words/caveats.ts";
import type { JudgedMeasure } from "../../../harness/results/run.ts";
import { pairRun } from "../../helpers/pair-run.ts";
import { latency } from "../../helpers/record-parts.ts";
import { keepAliveRun, portExhaustionRun, type StoredRun, storedRun } from "../../helpers/stories.ts";
import { gateOneRun, gateTwoRuns, saidReason } from "../../helpers/told.ts";
import { exhaustedTrial, profileRecord, type TrialOverrides } from "../../helpers/trial-builder.ts";

const stored = ({ run, trials }: StoredRun) => ({ run, trials, unreadable: [] as string[] });
const arms = { baseline: "baseline", candidate: "candidate" };

const resultsOf = (gate: Gate) => Object.fromEntries(gate.comparisons.map(({ measure, result }) => [measure, result]));
const decided = (story: StoredRun) => gateOneRun(stored(story), arms);

test("alike and unbroken: a pass, and what never broke counts", (t) => {
  const gate = gateOneRun(stored(keepAliveRun(9)), { baseline: "baseline", candidate: "reuse" });
  t.is(gate.decision, "pass");
  t.deepEqual(resultsOf(gate), { requestsBeforeWall: "held", sustainedPerSecond: "same", "latencyMs.p99": "same" });
  t.regex(gate.sentence, /^No regression: reuse against baseline, 9 blocks: .*; neither broke within the bound\.$/);
  t.like(gate, { pairing: "paired", blocks: 9, obstacles: [], differences: [] });
});

test("one measure that is worse is a regression, whatever the others are", (t) => {
  const gate = decided(pairRun(9, (name) => (name === "candidate" ? { measures: { latencyMs: latency(3) } } : {})));
  t.is(gate.decision, "regression");
  t.is(resultsOf(gate)["latencyMs.p99"], "worse");
  t.is(gate.sentence, "Regression: candidate against baseline, 9 blocks: 2.00x the p99 latency.");
});

test("better is a pass", (t) => {
  const gate = gateOneRun(stored(portExhaustionRun(9)), { baseline: "baseline", candidate: "reuse" });
  t.is(gate.decision, "pass");
  t.is(resultsOf(gate).requestsBeforeWall, "better");
  const back = gateOneRun(stored(portExhaustionRun(9)), { baseline: "reuse", candidate: "baseline" });
  t.deepEqual(
    back.candidate.findings.map(({ rule }) => rule),
    ["port-exhaustion", "scan-cliff"],
  );
  t.deepEqual(back.baseline.findings, []);
  t.is(back.decision, "regression");
  t.regex(back.sentence, /^Regression: baseline against reuse, 9 blocks: at most 0\.19x the requests before the wall/);
});

test("the family is the one pair: other profiles cost it no blocks", (t) => {
  const gate = gateOneRun(stored(portExhaustionRun(7)), { baseline: "baseline", candidate: "backlog" });
  t.is(gate.decision, "pass", gate.sentence);
  t.deepEqual(Object.values(resultsOf(gate)), ["same", "same", "same"]);
});

test("too few blocks: inconclusive, how many would do, once for all that want them", (t) => {
  const gate = gateOneRun(stored(keepAliveRun(4)), { baseline: "baseline", candidate: "reuse" });
  t.is(gate.decision, "inconclusive");
  t.is(
    gate.sentence,
    "Inconclusive: reuse against baseline, 4 blocks: " +
      "requests before the wall undecided (neither broke within the bound, but only 4 times; 6 would do); " +
      "throughput and p99 latency undecided " +
      "(4 blocks show effect sizes only; a significance test needs 7).",
  );
});

test("noise wider than the tolerance is no pass", (t) => {
  const noisy = pairRun(9, (name, block) => ({
    measures: { latencyMs: latency(1.5 * (1 + 0.4 * Math.sin(block * 7.7 + name.length))) },
  }));
  const gate = decided(noisy);
  t.is(gate.decision, "inconclusive");
  t.regex(gate.sentence, /p99 latency undecided \(noise wider than the tolerance/);
});

/** A wall shortly before the bound: 149,000 of 150,000 requests. */
const brokeLate: TrialOverrides = {
  outcome: "broke",
  fault: { kind: "EADDRNOTAVAIL", side: "target", firstSeconds: 51, seenIn: "body", inferred: false },
  measures: { requestsBeforeWall: 149_000, timeToWallSeconds: 51 },
};

test("a candidate that breaks where the baseline never did is worse, however late it breaks", (t) => {
  const gate = decided(pairRun(9, (name) => (name === "candidate" ? brokeLate : {})));
  t.is(gate.decision, "regression");
  const wall = gate.comparisons.find(({ measure }) => measure === "requestsBeforeWall");
  t.like(wall, { result: "worse", bound: "atMost", n: 9 });
  t.is(saidReason(wall), "the candidate broke in 9 blocks where the baseline did not");
  const back = decided(pairRun(9, (name) => (name === "baseline" ? brokeLate : {})));
  t.like(back, { decision: "pass" });
  t.is(resultsOf(back).requestsBeforeWall, "better");
});

test("it breaks in some blocks only: too few of them are undecided, never held", (t) => {
  const gate = decided(pairRun(9, (name, block) => (name === "candidate" && block < 3 ? brokeLate : {})));
  t.is(gate.decision, "inconclusive");
  t.is(resultsOf(gate).requestsBeforeWall, "undecided");
});

test("both broke sometimes, now one and now the other: no verdict", (t) => {
  const gate = decided(pairRun(10, (name, block) => ((name === "candidate") === block % 2 > 0 ? brokeLate : {})));
  t.is(resultsOf(gate).requestsBeforeWall, "undecided");
});

test("unbroken is held only where both carried the load to the same bound", (t) => {
  const slow: TrialOverrides = { stoppedBy: { criterion: "after", atSeconds: 75, afterMs: 75000 } };
  const behind = decided(
    pairRun(9, (name) =>
      name === "candidate" ? { ...slow, measures: { requestsBeforeWall: 90_000 } } : { measures: {} },
    ),
  );
  t.is(resultsOf(behind).requestsBeforeWall, "undecided");
  const bound = decided(
    pairRun(9, () => ({ generator: { bound: true, signs: [{ kind: "cores-used", usedCores: 1.9, cores: 2 }] } })),
  );
  t.is(resultsOf(bound).requestsBeforeWall, "undecided");
  t.is(bound.decision, "inconclusive");
  const degraded = decided(pairRun(9, (name) => (name === "candidate" ? { outcome: "degraded" } : {})));
  t.is(resultsOf(degraded).requestsBeforeWall, "worse");
  t.regex(degraded.sentence, /the candidate was degraded in 9 blocks where the baseline did not/);
  const both = decided(pairRun(9, () => ({ outcome: "degraded" })));
  t.is(resultsOf(both).requestsBeforeWall, "held");
});

test("no cliff in either is held; a measure that is 0 in both too", (t) => {
  const judged: JudgedMeasure[] = [
    { name: "scanCliffSeconds", direction: "higher", tolerance: 0.05 },
    { name: "timeWaitPeak", direction: "lower", tolerance: 0.05 },
    { name: "faultRatio", direction: "lower", tolerance: 0.05 },
  ];
  const gate = decided(pairRun(9, () => ({}), { judged }));
  t.deepEqual(resultsOf(gate), { scanCliffSeconds: "held", timeWaitPeak: "held", faultRatio: "same" });
  t.is(gate.decision, "pass");
});

test("unbroken a few times is no proof", (t) => {
  const judged: JudgedMeasure[] = [{ name: "requestsBeforeWall", direction: "higher", tolerance: 0.05 }];
  const few = decided(pairRun(5, () => ({}), { judged }));
  t.is(few.decision, "inconclusive");
  t.regex(few.sentence, /neither broke within the bound, but only 5 times; 6 would do/);
  t.is(decided(pairRun(6, () => ({}), { judged })).decision, "pass");
});

test("both serve nothing: that is no pass", (t) => {
  const gate = decided(pairRun(9, () => ({ measures: { sustainedPerSecond: 0 } })));
  t.is(resultsOf(gate).sustainedPerSecond, "undecided");
  t.is(gate.decision, "inconclusive");
});

test("failures where there were none are a regression", (t) => {
  const judged: JudgedMeasure[] = [{ name: "faultRatio", direction: "lower", tolerance: 0.05 }];
  const gate = decided(
    pairRun(9, (name) => ({ measures: { faultRatio: name === "candidate" ? 0.02 : 0 } }), { judged }),
  );
  t.is(gate.decision, "regression", gate.sentence);
});

test("a run that is not whole decides nothing: looking early alone raises false alarms", (t) => {
  const worse = pairRun(9, (name) => (name === "candidate" ? { measures: { latencyMs: latency(3) } } : {}));
  worse.run.ended = null;
  const gate = decided(worse);
  t.is(gate.decision, "inconclusive");
  t.regex(gate.sentence, /is not ended, or was killed: resume it first\. What was seen: 2\.00x the p99 latency\.$/);
  worse.run.ended = { at: "2026-11-21T08:20:00.000Z", reason: "interrupted", why: [] };
  t.regex(decided(worse).sentence, /ended as interrupted: resume it first/);
});

test("a candidate without a valid trial in a block has not passed; a regression stays one", (t) => {
  const lost = (name: string, block: number): TrialOverrides =>
    name === "candidate" && block === 3
      ? { valid: false, outcome: "failed", invalidReason: { code: "part-lost" as const, words: "exports lost" } }
      : {};
  const gate = decided(pairRun(9, lost));
  t.is(gate.decision, "inconclusive");
  t.regex(gate.sentence, /candidate has no valid trial in 1 of its blocks \(exports lost\)/);
  t.like(gate.candidate, { measured: 8, lost: 1 });
  t.true(gate.caveats.some(({ code }) => code === "invalid-trials"));
  const worse = pairRun(9, (name, block) => ({
    ...lost(name, block),
    ...(name === "candidate" ? { measures: { latencyMs: latency(3) } } : {}),
  }));
  t.is(decided(worse).decision, "regression");
  const baselineLost = pairRun(9, (name, block) =>
    name === "baseline" && block === 3
      ? { valid: false, outcome: "failed", invalidReason: { code: "part-lost" as const, words: "exports lost" } }
      : {},
  );
  t.is(decided(baselineLost).decision, "pass");
});

test("records that can't be read are no pass either", (t) => {
  const gate = gateOneRun({ ...stored(pairRun(9, () => ({}))), unreadable: ["trial.json: damaged"] }, arms);
  t.is(gate.decision, "inconclusive");
  t.regex(gate.sentence, /: 1 trial can't be read \(trial\.json: damaged\)/);
});

test("latency of a generator at its limit is not known, and said so", (t) => {
  const gate = decided(pairRun(9, (name) => (name === "candidate" ? { generator: { bound: true } } : {})));
  t.is(gate.decision, "inconclusive");
  t.regex(gate.sentence, /p99 latency undecided \(the generator was the limit for candidate/);
});

test("caveats are those of the two profiles and of the run", (t) => {
  const story = keepAliveRun(9);
  for (const trial of story.trials) {
    if (trial.profile === "backlog") trial.caveats = [{ code: "relay", role: "only backlog's" }];
    if (trial.profile === "reuse") trial.caveats = [{ code: "relay", role: "only reuse's" }];
  }
  const ofRun = { code: "ports-of-the-suite", ports: 10_000, kernelPorts: 28_232 } as const;
  story.run.caveats = [ofRun];
  const { caveats } = gateOneRun(stored(story), { baseline: "baseline", candidate: "reuse" });
  const raisedIn = { trials: 9, of: 9, profile: "reuse" };
  t.deepEqual(caveats, [ofRun, { code: "relay", role: "only reuse's", raisedIn }]);
  t.regex(caveatSentences(caveats).join(), /,reuse: only reuse's is reached .* \(all 9 trials\)$/);
});

test("swapping the arms swaps better and worse, and nothing else", (t) => {
  const turned = { better: "worse", worse: "better", same: "same", held: "held", undecided: "undecided" };
  const trial = fc.record({
    rate: fc.integer({ min: 2000, max: 3000 }),
    p99: fc.integer({ min: 100, max: 400 }),
    requests: fc.integer({ min: 100_000, max: 149_999 }),
    broke: fc.boolean(),
  });
  const pairs = fc.array(fc.tuple(trial, trial), { minLength: 6, maxLength: 9 });
  fc.assert(
    fc.property(pairs, fc.boolean(), (blocks, always) => {
      const story = pairRun(blocks.length, (name, block) => {
        const made = blocks[block - 1]?.[name === "baseline" ? 0 : 1];
        const measures = { sustainedPerSecond: made?.rate ?? 0, latencyMs: latency((made?.p99 ?? 0) / 100) };
        if (made?.broke !== true && !(always && name === "candidate")) return { measures };
        return { ...brokeLate, measures: { ...measures, requestsBeforeWall: made?.requests ?? 0 } };
      });
      const [there, back] = [
        gateOneRun(stored(story), arms),
        gateOneRun(stored(story), { baseline: "candidate", candidate: "baseline" }),
      ];
      return there.comparisons.every(({ result }, index) => back.comparisons[index]?.result === turned[result]);
    }),
    { numRuns: 60 },
  );
  t.pass();
});

/** The same story as a run of its own, of which one arm is used. */
function side(story: StoredRun, profile: string, id: string): GateSide {
  return { ...stored({ ...story, run: { ...story.run, id } }), profile };
}

test("two runs: a 0 of trials that the generator limited is a lower bound, and no regression", (t) => {
  const run = (perSecond: number, bound: boolean) =>
    stored(pairRun(8, () => ({ measures: { sustainedPerSecond: perSecond }, generator: { bound } })));
  const gate = gateTwoRuns({ ...run(2990, false), profile: "baseline" }, { ...run(0, true), profile: "baseline" }, []);
  t.is(resultsOf(gate).sustainedPerSecond, "undecided");
  t.not(gate.comparisons.find(({ measure }) => measure === "sustainedPerSecond")?.reason?.code, "zeros");
  t.not(gate.decision, "regression", gate.sentence);
});

test("two runs: unpaired, said to be weaker, decided the same way", (t) => {
  const [one, two] = [keepAliveRun(8), keepAliveRun(8)];
  const gate = gateTwoRuns(side(one, "baseline", "run-1"), side(two, "reuse", "run-2"), []);
  t.is(gate.decision, "pass", gate.sentence);
  t.like(gate, { pairing: "unpaired", blocks: null, baseline: { runId: "run-1" }, candidate: { runId: "run-2" } });
  t.deepEqual(gate.caveats[0], { code: "sequential-arms" });
  t.regex(caveatSentences(gate.caveats)[0] ?? "", /flagged 21 regressions .* flagged 1/);
  t.is(resultsOf(gate).requestsBeforeWall, "held");
  const slow = pairRun(6, () => ({ measures: { latencyMs: latency(3) } }));
  const fast = pairRun(6, () => ({}));
  const worse = gateTwoRuns(side(fast, "baseline", "run-1"), side(slow, "baseline", "run-2"), []);
  t.is(worse.decision, "regression");
  t.regex(
    worse.sentence,
    /^Regression: baseline against baseline, two runs \(6 and 6 trials\): 2(\.00)?x the p99 latency\.$/,
  );
});

test("two runs: an arm of two trials is called nothing, however many the other has and however far apart they are", (t) => {
  const arm = (blocks: number, rate: (block: number) => number) =>
    pairRun(blocks, (_, block) => ({ measures: { sustainedPerSecond: rate(block) } }));
  const many = arm(40, (block) => 100 + Math.sin(block));
  for (const two of [arm(2, (block) => 111 + block), arm(2, (block) => 88 + block)]) {
    const gate = gateTwoRuns(side(many, "baseline", "run-1"), side(two, "baseline", "run-2"), []);
    const rate = gate.comparisons.find(({ measure }) => measure === "sustainedPerSecond");
    t.like(rate, { result: "undecided", reason: { code: "few-blocks", blocks: 2 } } as never);
    t.is(gate.decision, "inconclusive");
  }
});

test("two runs of three blocks each can't tell anything", (t) => {
  const [one, two] = [keepAliveRun(3), keepAliveRun(3)];
  const gate = gateTwoRuns(side(one, "baseline", "run-1"), side(two, "baseline", "run-2"), []);
  t.is(gate.decision, "inconclusive");
  t.regex(gate.sentence, /a significance test needs 5/);
});

test("two runs: a wall where there was none, and one that moved", (t) => {
  const [held, broke] = [pairRun(6, () => ({})), pairRun(6, () => brokeLate)];
  const gate = gateTwoRuns(side(held, "baseline", "run-1"), side(broke, "baseline", "run-2"), []);
  t.is(gate.decision, "regression");
  t.is(resultsOf(gate).requestsBeforeWall, "worse");
  const exhausted = (requests: number) =>
    storedRun(6, [
      [
        profileRecord("baseline"),
        (overrides, block) => exhaustedTrial({ ...overrides, measures: { requestsBeforeWall: requests + block } }),
      ],
    ]);
  const moved = gateTwoRuns(
    side(exhausted(28_000), "baseline", "run-1"),
    side(exhausted(9_000), "baseline", "run-2"),
    [],
  );
  t.is(resultsOf(moved).requestsBeforeWall, "worse");
});

test("two runs: latency of a phase that all trials have, of enough requests, with the same share of failures", (t) => {
  const gateOf = (make: () => TrialOverrides) =>
    gateTwoRuns(
      side(
        pairRun(6, () => ({})),
        "baseline",
        "run-1",
      ),
      side(pairRun(6, make), "baseline", "run-2"),
      [],
    );
  const reasonOf = (make: () => TrialOverrides) =>
    saidReason(gateOf(make).comparisons.find(({ measure }) => measure === "latencyMs.p99"));
  t.regex(
    reasonOf(() => ({ measures: { latencyMs: latency(1.5, { count: 600 }) } })),
    /600 requests .* too few for a p99/,
  );
  t.regex(
    reasonOf(() => ({ measures: { latencyMs: latency(1.5, { failedShare: 0.1 }) } })),
    /failing fast/,
  );
  t.regex(
    reasonOf(() => ({ measures: { latencyMs: latency(1.5, { resolutionRatio: 0.09 }) } })),
    /buckets are 9% wide/,
  );
  t.regex(
    reasonOf(() => ({ generator: { bound: true } })),
    /the generator was the limit for baseline/,
  );
});

test("two runs: a candidate that serves nothing is worse, though nothing can be divided by nothing", (t) => {
  const nothing = pairRun(6, () => ({ measures: { sustainedPerSecond: 0 } }));
  const gate = gateTwoRuns(
    side(
      pairRun(6, () => ({})),
      "baseline",
      "run-1",
    ),
    side(nothing, "baseline", "run-2"),
    [],
  );
  t.is(resultsOf(gate).sustainedPerSecond, "worse");
  t.is(gate.decision, "regression");
});

test("runs that differ decide nothing unless it is allowed", (t) => {
  const [one, two] = [keepAliveRun(8), keepAliveRun(8)];
  two.run.provenance = { ...two.run.provenance, kernel: "6.19.1", cpus: 4 };
  const gate = gateTwoRuns(side(one, "baseline", "run-1"), side(two, "baseline", "run-2"), []);
  t.is(gate.decision, "inconclusive");
  t.regex(gate.sentence, /the runs differ in cpu, kernel; --allow cpu,kernel where that is meant/);
  t.deepEqual(
    gate.differences.map(({ kind, allowed }) => [kind, allowed]),
    [
      ["cpu", false],
      ["kernel", false],
    ],
  );
  const some = gateTwoRuns(side(one, "baseline", "run-1"), side(two, "baseline", "run-2"), ["cpu"]);
  t.regex(some.sentence, /the runs differ in kernel; --allow kernel where/);
  const all = gateTwoRuns(side(one, "baseline", "run-1"), side(two, "baseline", "run-2"), ["cpu", "kernel"]);
  t.is(all.decision, "pass", all.sentence);
  t.true(all.differences.every(({ allowed }) => allowed));
});

test("the decision is data: it survives JSON", (t) => {
  const gate = gateOneRun(stored(portExhaustionRun(9)), { baseline: "baseline", candidate: "range" });
  t.deepEqual(JSON.parse(JSON.stringify(gate)), gate);
});
