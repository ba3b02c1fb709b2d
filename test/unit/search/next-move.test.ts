import test from "ava";
import fc from "fast-check";
import type { JudgedStep, SearchObjective, SearchRecord, SearchStep } from "../../../harness/results/goals.ts";
import { nextMove } from "../../../harness/search/next-move.ts";

type Answer = Pick<JudgedStep, "kept" | "generatorBound">;

const usual: SearchObjective = {
  kind: "sustainable-rate",
  fromPerSecond: 200,
  toPerSecond: 5000,
  precision: 0.05,
  holdingMs: 10_000,
  rampMs: 1000,
  steps: 14,
};

/** Runs a search against whatever answers; every step counts, so that an endless one would be seen. */
function searchAgainst(objective: SearchObjective, answer: (step: SearchStep, index: number) => Answer): SearchRecord {
  const steps: JudgedStep[] = [];
  for (let count = 0; count <= objective.steps + 1; count++) {
    const move = nextMove(objective, steps);
    if (move.kind === "end") return move.record;
    const answered = answer(move.step, count);
    steps.push({
      ...move.step,
      ...answered,
      sequence: count + 1,
      missed: answered.kept ? [] : [{ code: "cut-short", stop: null }],
    });
  }
  throw new Error("the search did not end within its steps");
}

/** A service that keeps its goals up to a rate. */
const keepsUpTo = (threshold: number) => (step: SearchStep) => ({
  kept: step.ratePerSecond <= threshold,
  generatorBound: false,
});

const ratesOf = (record: SearchRecord) => record.steps.map(({ ratePerSecond, phase }) => `${phase} ${ratePerSecond}`);

test("doubles, halves the gap, and tries the answer once more", (t) => {
  const record = searchAgainst(usual, keepsUpTo(1500));
  t.deepEqual(ratesOf(record), [
    "ramp 200",
    "ramp 400",
    "ramp 800",
    "ramp 1600",
    "bisect 1130",
    "bisect 1340",
    "bisect 1460",
    "bisect 1530",
    "confirm 1460",
  ]);
  t.like(record, { sustainableRatePerSecond: 1460, lowerBound: false, caveats: [] });
});

test("a service that keeps all gives a lower bound at the highest rate allowed", (t) => {
  const record = searchAgainst(usual, keepsUpTo(Infinity));
  t.deepEqual(ratesOf(record).slice(-2), ["ramp 5000", "confirm 5000"]);
  t.like(record, { sustainableRatePerSecond: 5000, lowerBound: true, caveats: [] });
});

test("a first rate that is missed is halved, and the search goes on above what is kept", (t) => {
  const record = searchAgainst(usual, keepsUpTo(60));
  t.deepEqual(ratesOf(record).slice(0, 4), ["ramp 200", "ramp 100", "ramp 50", "bisect 70.7"]);
  const found = record.sustainableRatePerSecond ?? 0;
  t.true(found <= 60 && found >= 60 / 1.05, String(found));
});

test("a service that keeps nothing ends the search at its floor, with a caveat", (t) => {
  const record = searchAgainst(usual, keepsUpTo(0));
  t.deepEqual(
    ratesOf(record),
    [200, 100, 50, 25, 12.5, 6.25].map((rate) => `ramp ${rate}`),
  );
  t.like(record, { sustainableRatePerSecond: null, lowerBound: false });
  t.deepEqual(record.caveats, [
    { code: "search-found-nothing", lowestPerSecond: 6.25, steps: usual.steps, outOfSteps: false },
  ]);
});

test("a confirmation that fails lowers the bound, and a lower rate is confirmed, with a caveat", (t) => {
  let failed = false;
  const record = searchAgainst(usual, (step) => {
    const first = step.phase === "confirm" && !failed;
    failed ||= step.phase === "confirm";
    return { kept: !first && step.ratePerSecond <= 1500, generatorBound: false };
  });
  t.true((record.sustainableRatePerSecond ?? 0) < 1460);
  t.is(record.steps.at(-1)?.phase, "confirm");
  t.deepEqual(record.caveats, [{ code: "search-contradicts-itself", missedPerSecond: 1460, keptPerSecond: 1460 }]);
});

test("what only the generator could not do is a lower bound, not a limit of the service", (t) => {
  const record = searchAgainst(usual, (step) => ({
    kept: step.ratePerSecond <= 2000,
    generatorBound: step.ratePerSecond > 2000,
  }));
  t.true(record.lowerBound);
  t.true(record.caveats.some(({ code }) => code === "search-generator-bound"));
  const missedBelow = searchAgainst(usual, (step) => ({
    kept: step.ratePerSecond <= 1000,
    generatorBound: step.ratePerSecond >= 1600,
  }));
  t.false(missedBelow.lowerBound, "the nearest missed rate is the service's own");
});

test("too few steps: what was kept is confirmed, and how far apart the bounds are is said", (t) => {
  const record = searchAgainst({ ...usual, steps: 5 }, keepsUpTo(700));
  t.deepEqual(ratesOf(record), ["ramp 200", "ramp 400", "ramp 800", "bisect 566", "confirm 566"]);
  t.deepEqual(record.caveats, [
    { code: "search-not-precise", keptPerSecond: 566, missedPerSecond: 800, precision: 0.05, steps: 5 },
  ]);
  const open = searchAgainst({ ...usual, steps: 3 }, keepsUpTo(700));
  t.like(open, { sustainableRatePerSecond: 400, lowerBound: true });
  t.deepEqual(open.caveats, [{ code: "search-open-above", keptPerSecond: 400, steps: 3 }]);
  const none = searchAgainst({ ...usual, steps: 1 }, keepsUpTo(700));
  t.deepEqual(none.caveats, [{ code: "search-not-confirmed", keptPerSecond: 200, steps: 1 }]);
});

test("a rate missed below one that was kept is a caveat", (t) => {
  const step = (ratePerSecond: number, kept: boolean): JudgedStep => ({
    ratePerSecond,
    kept,
    phase: "ramp",
    sequence: 1,
    missed: [],
    generatorBound: false,
  });
  const move = nextMove({ ...usual, steps: 3 }, [step(400, true), step(300, false), step(800, true)]);
  t.is(move.kind, "end");
  t.deepEqual(move.kind === "end" ? move.record.caveats.at(-1) : null, {
    code: "search-contradicts-itself",
    missedPerSecond: 300,
    keptPerSecond: 800,
  });
});

const objectives = fc
  .record({
    fromPerSecond: fc.double({ min: 0.5, max: 5000, noNaN: true }),
    factor: fc.double({ min: 1, max: 200, noNaN: true }),
    precision: fc.double({ min: 0.01, max: 0.5, noNaN: true }),
    steps: fc.integer({ min: 1, max: 60 }),
  })
  .map(({ factor, ...rest }): SearchObjective => ({ ...usual, ...rest, toPerSecond: rest.fromPerSecond * factor }));

test("against any threshold the answer is kept, confirmed, and within the precision where the steps allow it", (t) => {
  const share = fc.double({ min: 1 / 32, max: 300, noNaN: true });
  fc.assert(
    fc.property(objectives, share, (objective, ofFrom) => {
      const threshold = objective.fromPerSecond * ofFrom;
      const record = searchAgainst({ ...objective, steps: 60 }, keepsUpTo(threshold));
      const found = record.sustainableRatePerSecond;
      const last = record.steps.at(-1);
      t.true(found !== null && found <= threshold);
      t.like(last, { phase: "confirm", kept: true, ratePerSecond: found as number });
      t.true(record.steps.slice(0, -1).some((step) => step.kept && step.ratePerSecond === found));
      const top = Math.min(threshold, objective.toPerSecond);
      t.true((found as number) * (1 + objective.precision) >= top * (1 - 1e-9), `${found} of ${top}`);
      t.is(record.lowerBound, threshold >= objective.toPerSecond);
      t.deepEqual(record.caveats, []);
    }),
  );
});

test("whatever the answers are: it ends within its steps and bounds, and a contradiction is a caveat", (t) => {
  const answers = fc.array(fc.record({ kept: fc.boolean(), generatorBound: fc.boolean() }), {
    minLength: 60,
    maxLength: 60,
  });
  fc.assert(
    fc.property(objectives, answers, (objective, given) => {
      const record = searchAgainst(objective, (_, index) => given[index] as Answer);
      t.true(record.steps.length <= objective.steps);
      for (const { ratePerSecond } of record.steps) {
        t.true(ratePerSecond <= objective.toPerSecond && ratePerSecond >= objective.fromPerSecond / 32);
      }
      const found = record.sustainableRatePerSecond;
      const kept = record.steps.filter((step) => step.kept);
      if (found === null) t.true(record.caveats.length > 0);
      else t.true(kept.filter(({ ratePerSecond }) => ratePerSecond === found).length >= 2);
      const missed = record.steps.filter((step) => !step.kept && !step.generatorBound);
      const contradicted = missed.some((low) => kept.some((high) => high.ratePerSecond >= low.ratePerSecond));
      t.is(
        record.caveats.some(({ code }) => code === "search-contradicts-itself"),
        contradicted,
      );
    }),
  );
});

test("the same steps give the same move, and none is forgotten: a search can be taken up at any step", (t) => {
  fc.assert(
    fc.property(objectives, fc.double({ min: 0.01, max: 300, noNaN: true }), (objective, ofFrom) => {
      const { steps } = searchAgainst(objective, keepsUpTo(objective.fromPerSecond * ofFrom));
      for (const [index, { ratePerSecond, phase }] of steps.entries()) {
        t.deepEqual(nextMove(objective, steps.slice(0, index)), { kind: "step", step: { ratePerSecond, phase } });
      }
    }),
  );
});
