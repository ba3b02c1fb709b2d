import test from "ava";
import fc from "fast-check";
import { randomFrom, shuffled } from "../../../harness/core/random.ts";
import type { Judge } from "../../../harness/experiment/judge.ts";
import { settledRecord } from "../../../harness/experiment/place.ts";
import { nextTrial, outcomesOf, trialsInAll, trialsTogether } from "../../../harness/experiment/schedule.ts";
import type { Experiment } from "../../../harness/results/experiment.ts";
import type { InvalidReason } from "../../../harness/results/invalid-reason.ts";
import type { EnoughNote, RunRecord, ScheduledTrial } from "../../../harness/results/run.ts";
import type { TrialRecord } from "../../../harness/results/trial.ts";
import { runRecord, trialRecord } from "../../helpers/trial-builder.ts";

const never: Judge = { enough: () => null, winner: () => null };

/** Profiles a, b, c in seeded blocks, as a plan has them. */
function runOf(overrides: Partial<Omit<RunRecord, "profiles">> = {}): RunRecord {
  const blocks = overrides.blocks ?? 2;
  const random = randomFrom(3);
  const order = Array.from({ length: blocks }, (_, i) => i + 1)
    .flatMap((block) => shuffled(["a", "b", "c"], random).map((profile) => ({ block, profile })))
    .map((place, i) => ({ sequence: i + 1, ...place }));
  return runRecord({ baseline: "a", profiles: ["a", "b", "c"], order, ...overrides, blocks });
}

type Fate = boolean | "disturbed";

/** A judge's word that the run may end. */
const decided: EnoughNote = { code: "enough", blocks: 2, mostBlocks: 8, comparisons: 1, decided: 1 };

/** What came of a trial: valid, invalid, or valid beside others that took most of the CPUs. */
function outcomeOf(scheduled: ScheduledTrial, fate: Fate): TrialRecord {
  const invalid = {
    valid: false,
    invalidReason: { code: "part-lost" as const, words: "k6 died" },
    outcome: "failed",
  } as const;
  const otherCpu = { cpus: 2, share: 0.5, peakShare: 0.9, windows: 20, disturbedWindows: 12 };
  return trialRecord({
    ...scheduled,
    ...(fate === false ? invalid : {}),
    ...(fate === "disturbed" ? { evidence: { otherCpu } } : {}),
  });
}

/** Runs to the end; `valid` says of each trial what becomes of it. */
function carryOn(run: RunRecord, judge: Judge, valid: (trial: ScheduledTrial) => Fate, stored: TrialRecord[] = []) {
  const trials = [...stored];
  for (;;) {
    const next = nextTrial(run, trials, judge);
    if (!("sequence" in next)) return { trials, done: next.done };
    const earlier = trials.filter(({ block, profile }) => block === next.block && profile === next.profile);
    trials.push(settledRecord(run, earlier, outcomeOf(next, valid(next))));
    if (trials.length > 10_000) throw new Error("it does not end");
  }
}

const short = ({ block, profile, attempt, purpose }: ScheduledTrial) =>
  `${block}${profile}${attempt > 1 ? attempt : ""}${purpose === "compare" ? "" : ` ${purpose}`}`;

test("the plan's places in their order", (t) => {
  const run = runOf();
  const { trials, done } = carryOn(run, never, () => true);
  t.deepEqual(
    trials.map(({ sequence, block, profile }) => ({ sequence, block, profile })),
    run.order,
  );
  t.deepEqual(done, []);
  t.deepEqual(outcomesOf(run, trials), { places: 6, without: 0 });
});

test("what was invalid is run again at the end of its block, as long as the budget lasts", (t) => {
  const run = runOf({ retries: 3 });
  const [first, second, third] = run.order.map(({ profile }) => profile);
  const { trials } = carryOn(run, never, ({ block, profile }) => block > 1 || profile === second);
  t.deepEqual(trials.slice(0, 6).map(short), [
    `1${first}`,
    `1${second}`,
    `1${third}`,
    `1${first}2`,
    `1${third}2`,
    `1${first}3`,
  ]);
  t.is(trials.length, 9);
  t.deepEqual(
    trials.map(({ sequence }) => sequence),
    [1, 2, 3, 4, 5, 6, 7, 8, 9],
  );
  t.deepEqual(outcomesOf(run, trials), { places: 6, without: 2 });
  t.deepEqual(trialsInAll(run, trials), { of: 9, upTo: false });
});

test("what others disturbed is run again at the end of its block, once a run, and counts as done without", (t) => {
  const run = runOf({ disturbedRetries: 1 });
  const [first, second, third] = run.order.map(({ profile }) => profile);
  const { trials } = carryOn(run, never, ({ attempt }) => (attempt === 1 ? "disturbed" : true));
  t.deepEqual(trials.slice(0, 4).map(short), [`1${first}`, `1${second}`, `1${third}`, `1${first}2`]);
  t.is(trials.length, 7);
  t.deepEqual(outcomesOf(run, trials), { places: 6, without: 0 });
  t.deepEqual(trialsInAll(run, trials), { of: 7, upTo: false });
});

test("retries repeat beyond the one; without any budget a disturbed trial stays as it is", (t) => {
  const disturbed = () => "disturbed" as const;
  const counts = [
    { retries: 0, disturbedRetries: 0 },
    { retries: 0, disturbedRetries: 1 },
    { retries: 3, disturbedRetries: 1 },
    { retries: 3, disturbedRetries: 0 },
  ].map((budget) => carryOn(runOf({ blocks: 1, ...budget }), never, disturbed).trials.length - 3);
  t.deepEqual(counts, [0, 1, 4, 3]);
});

test("the one is for what was disturbed: an invalid trial needs retries, and comes first", (t) => {
  const run = runOf({ blocks: 1, retries: 1, disturbedRetries: 1 });
  const [first, second, third] = run.order.map(({ profile }) => profile);
  const fate = ({ profile, attempt }: ScheduledTrial): Fate => {
    if (attempt > 1) return true;
    return profile === first ? "disturbed" : profile !== second;
  };
  const { trials } = carryOn(run, never, fate);
  t.deepEqual(trials.map(short), [`1${first}`, `1${second}`, `1${third}`, `1${second}2`, `1${first}2`]);
  const invalidOnly = carryOn(runOf({ blocks: 1, disturbedRetries: 1 }), never, ({ sequence }) => sequence !== 2);
  t.is(invalidOnly.trials.length, 3);
});

test("the steps of a search are never repeated for others' sake", (t) => {
  const objective = {
    kind: "sustainable-rate",
    fromPerSecond: 100,
    toPerSecond: 200,
    precision: 0.05,
    holdingMs: 1000,
    rampMs: 0,
    steps: 6,
  } as const;
  const run = runOf({
    blocks: 1,
    retries: 4,
    disturbedRetries: 1,
    experiment: { kind: "search", objective, goals: [] },
  });
  const { trials } = carryOn(run, never, () => "disturbed");
  t.deepEqual(
    trials.filter(({ attempt }) => attempt > 1),
    [],
  );
});

test("without a budget a hole stays a hole", (t) => {
  const { trials } = carryOn(runOf(), never, ({ sequence }) => sequence !== 2);
  t.is(trials.length, 6);
});

test("at a look the comparison may end; only the blocks before it are looked at, and not after the last", (t) => {
  const seen: number[][] = [];
  const judge: Judge = {
    ...never,
    enough: (_, trials) => {
      seen.push([...new Set(trials.map(({ block }) => block))]);
      return seen.length === 2 ? decided : null;
    },
  };
  const { trials, done } = carryOn(runOf({ blocks: 8, looks: [2, 4, 8] }), judge, () => true);
  t.deepEqual(done, [decided]);
  t.is(trials.length, 12);
  t.deepEqual(seen, [
    [1, 2],
    [1, 2, 3, 4],
  ]);
  const whole = carryOn(runOf({ blocks: 4, looks: [4] }), { ...never, enough: () => decided }, () => true);
  t.deepEqual(whole.done, []);
});

test("winner and baseline in fresh blocks, numbered after the plan's, in an order of the seed", (t) => {
  const run = runOf({ blocks: 4, looks: [2, 4], recheckBlocks: 6, seed: 5 });
  const judge: Judge = { enough: () => decided, winner: (_, trials) => (trials.length === 6 ? "c" : "b") };
  const { trials, done } = carryOn(run, judge, () => true);
  const rechecks = trials.filter(({ purpose }) => purpose === "recheck");
  t.deepEqual(done, [decided]);
  t.is(trials.length, 6 + 12);
  t.deepEqual([...new Set(rechecks.map(({ block }) => block))], [5, 6, 7, 8, 9, 10]);
  t.deepEqual([...new Set(rechecks.map(({ profile }) => profile))].sort(), ["a", "c"]);
  t.is(
    new Set(rechecks.filter((_, i) => i % 2 === 0).map(({ profile }) => profile)).size,
    2,
    "not always the same first",
  );
});

test("no winner, no recheck, and a word about it", (t) => {
  const { trials, done } = carryOn(runOf({ recheckBlocks: 3 }), never, () => true);
  t.is(trials.length, 6);
  t.deepEqual(done, [{ code: "no-recheck" }]);
});

test("a search's place is over when its search is, an invalid step is repeated", (t) => {
  const objective = {
    kind: "sustainable-rate",
    fromPerSecond: 100,
    toPerSecond: 200,
    precision: 0.05,
    holdingMs: 1000,
    rampMs: 0,
    steps: 6,
  } as const;
  const run = runOf({ blocks: 1, retries: 1, experiment: { kind: "search", objective, goals: [] } });
  const { trials } = carryOn(run, never, ({ sequence }) => sequence !== 1);
  const [first] = run.order;
  t.deepEqual(
    trials.filter(({ attempt }) => attempt > 1).map(({ profile, attempt }) => ({ profile, attempt })),
    [{ profile: first?.profile, attempt: 2 }],
  );
  t.is(trials.filter(({ search }) => search !== null).length, 3);
  t.deepEqual(outcomesOf(run, trials), { places: 3, without: 0 });
  t.deepEqual(
    trialsInAll(run, trials),
    { of: trials.length, upTo: true },
    "steps that were not needed are not waited for",
  );
});

/** Any run, any fate of its trials: both by the trial's place alone, so that they are the same after a break. */
const histories = fc.record({
  blocks: fc.integer({ min: 1, max: 6 }),
  retries: fc.integer({ min: 0, max: 5 }),
  disturbedRetries: fc.integer({ min: 0, max: 1 }),
  recheckBlocks: fc.integer({ min: 0, max: 3 }),
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  search: fc.boolean(),
  endsAfter: fc.integer({ min: 1, max: 6 }),
  fate: fc.integer({ min: 0, max: 1000 }),
});

test("a run that was cut off anywhere goes on as if it had not been, ends, and keeps to its budget", (t) => {
  fc.assert(
    fc.property(histories, fc.nat(), ({ endsAfter, fate, search, ...rest }, cut) => {
      const objective = search
        ? ({
            kind: "sustainable-rate",
            fromPerSecond: 100,
            toPerSecond: 1000,
            precision: 0.2,
            holdingMs: 1000,
            rampMs: 0,
            steps: 7,
          } as const)
        : null;
      const experiment: Experiment =
        objective === null ? { kind: "fixed", goals: [] } : { kind: "search", objective, goals: [] };
      const run = runOf({ ...rest, experiment, looks: Array.from({ length: rest.blocks }, (_, i) => i + 1) });
      const judge: Judge = {
        enough: (_, trials) => (Math.max(...trials.map(({ block }) => block)) >= endsAfter ? decided : null),
        winner: (_, trials) => (trials.length % 5 === 0 ? null : "b"),
      };
      const valid = ({ sequence, attempt }: ScheduledTrial): Fate => {
        const drawn = randomFrom(fate + 7 * sequence + attempt)();
        return drawn < 0.2 ? "disturbed" : drawn < 0.75;
      };
      const whole = carryOn(run, judge, valid);
      const resumed = carryOn(run, judge, valid, whole.trials.slice(0, cut % (whole.trials.length + 1)));
      t.deepEqual(resumed.trials.map(short), whole.trials.map(short));
      t.deepEqual(resumed.done, whole.done);
      const repeats = whole.trials.filter(({ attempt }) => attempt > 1);
      t.true(repeats.length <= run.retries + run.disturbedRetries);
      const { of } = trialsInAll(run, whole.trials);
      t.true(of !== null && whole.trials.length <= of);
    }),
    { numRuns: 300 },
  );
});

test("a run is over once its first two trials are invalid for one reason of the suite's own", (t) => {
  const run = runOf({ retries: 5 });
  const after = (...reasons: (InvalidReason | null)[]) =>
    nextTrial(
      run,
      reasons.map((invalidReason, i) =>
        trialRecord({
          ...(run.order[i] as { sequence: number; block: number; profile: string }),
          ...(invalidReason === null ? {} : { valid: false, invalidReason, outcome: "failed" }),
        }),
      ),
      never,
    );
  const threw = { code: "script-threw", words: "at 1 of 7", thrown: 9, iterations: 9 } as const;
  const notReady = { code: "part-not-ready", role: "db", words: "", hint: null, lastLine: null } as const;
  t.deepEqual(after(threw, { ...threw, words: "at 3 of 9" }), { done: [{ code: "hopeless", reason: threw }] });
  t.deepEqual(after(notReady, notReady), { done: [{ code: "hopeless", reason: notReady }] });
  t.true("sequence" in after(notReady, { ...notReady, role: "target" }));
  t.true("sequence" in after(notReady, threw));
  t.true("sequence" in after(threw));
  t.true("sequence" in after(null, threw, threw), "a later reason is not the suite's own alone");
  const held = { code: "not-watched", seconds: 7, watcher: "harness" } as const;
  t.true("sequence" in after(held, held), "the machine may be quiet again");
});

test("a duet's block is one load: both arms are run, and run again, together", (t) => {
  const order = [1, 2].flatMap((block) =>
    (block === 1 ? ["a", "b"] : ["b", "a"]).map((profile, i) => ({ sequence: 2 * block - 1 + i, block, profile })),
  );
  const run = runRecord({ baseline: "a", profiles: ["a", "b"], order, blocks: 2, design: "duet", retries: 1 });
  const step = (trials: TrialRecord[]) => {
    const next = nextTrial(run, trials, never);
    return "sequence" in next ? trialsTogether(run, trials, next) : [];
  };
  const first = step([]);
  t.deepEqual(
    first.map(({ sequence, block, profile, attempt }) => [sequence, block, profile, attempt]),
    [
      [1, 1, "a", 1],
      [2, 1, "b", 1],
    ],
  );
  const [one, other] = first as [ScheduledTrial, ScheduledTrial];
  const killedBetween = step([outcomeOf(one, true)]);
  t.deepEqual(
    killedBetween.map(({ sequence, profile, attempt }) => [sequence, profile, attempt]),
    [
      [2, "a", 2],
      [3, "b", 1],
    ],
    "what was left of one arm is no block",
  );
  const invalid = [outcomeOf(one, false), outcomeOf(other, false)];
  const again = step(invalid);
  t.deepEqual(again.map(short), ["1a2", "1b2"]);
  const spent = [...invalid, ...again.map((trial) => outcomeOf(trial, false))];
  t.deepEqual(step(spent).map(short), ["2b", "2a"], "one retry was both arms'; the next block starts the other first");
});
