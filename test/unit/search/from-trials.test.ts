import test from "ava";
import type { SearchObjective, SearchStep } from "../../../harness/results/goals.ts";
import type { TrialRecord } from "../../../harness/results/trial.ts";
import { endingSearch, nextMoveOf } from "../../../harness/search/from-trials.ts";
import { type TrialOverrides, trialRecord } from "../../helpers/trial-builder.ts";

const objective: SearchObjective = {
  kind: "sustainable-rate",
  fromPerSecond: 100,
  toPerSecond: 200,
  precision: 0.05,
  holdingMs: 10_000,
  rampMs: 1000,
  steps: 10,
};

function trialOf(sequence: number, step: SearchStep | null, overrides: TrialOverrides = {}): TrialRecord {
  return trialRecord({
    sequence,
    step,
    purpose: "search",
    stoppedBy: { criterion: "after", atSeconds: 11, afterMs: 11000 },
    ...overrides,
    measures: { sustainedPerSecond: step?.ratePerSecond ?? 0, ...overrides.measures },
  });
}

const ramp = (ratePerSecond: number): SearchStep => ({ ratePerSecond, phase: "ramp" });

test("a place goes on from its valid steps, in the order they were run", (t) => {
  t.deepEqual(nextMoveOf(objective, []), { kind: "step", step: ramp(100) });
  const invalid = trialOf(1, ramp(100), {
    valid: false,
    invalidReason: { code: "part-lost" as const, words: "k6 died" },
    outcome: "failed",
  });
  t.deepEqual(nextMoveOf(objective, [invalid]), { kind: "step", step: ramp(100) });
  const kept = trialOf(2, ramp(100));
  t.deepEqual(nextMoveOf(objective, [kept, invalid]), { kind: "step", step: ramp(200) });
  const missed = trialOf(3, ramp(200), { measures: { sustainedPerSecond: 120 } });
  t.deepEqual(nextMoveOf(objective, [missed, kept]), { kind: "step", step: { ratePerSecond: 141, phase: "bisect" } });
});

test("the trial that ends a search stands for its place, with the rate that was found", (t) => {
  const steps = [trialOf(1, ramp(100)), trialOf(2, ramp(200))];
  const last = trialOf(3, { ratePerSecond: 200, phase: "confirm" });
  const ended = endingSearch(objective, steps, last);
  t.is(ended.purpose, "compare");
  t.is(ended.measures.sustainableRatePerSecond, 200);
  t.like(ended.search, { sustainableRatePerSecond: 200, lowerBound: true, caveats: [] });
  t.deepEqual(
    ended.search?.steps.map(({ sequence }) => sequence),
    [1, 2, 3],
  );
});

test("a step on the way and an invalid one stay as they are", (t) => {
  const [first, second] = [trialOf(1, ramp(100)), trialOf(2, ramp(200))];
  t.is(endingSearch(objective, [first], second), second);
  const invalid = trialOf(3, { ratePerSecond: 200, phase: "confirm" }, { valid: false, outcome: "failed" });
  t.is(endingSearch(objective, [first, second], invalid), invalid);
});

test("a search that finds nothing ends with no rate, and its caveats are the trial's", (t) => {
  const nothing = (sequence: number, rate: number) =>
    trialOf(sequence, ramp(rate), { measures: { sustainedPerSecond: 1 } });
  const steps = [100, 50, 25, 12.5, 6.25].map((rate, index) => nothing(index + 1, rate));
  const ended = endingSearch(objective, steps, nothing(6, 3.125));
  t.is(ended.measures.sustainableRatePerSecond, null);
  t.deepEqual(ended.caveats, [
    { code: "search-found-nothing", lowestPerSecond: 3.125, steps: objective.steps, outOfSteps: false },
  ]);
});
