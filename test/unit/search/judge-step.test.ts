import test from "ava";
import { judgeStep } from "../../../harness/search/judge-step.ts";
import { keptUp } from "../../helpers/record-parts.ts";
import { type TrialOverrides, trialRecord } from "../../helpers/trial-builder.ts";

/** A step at 1,000/s that was held to its end. */
function step(overrides: TrialOverrides = {}) {
  return trialRecord({
    sequence: 4,
    purpose: "search",
    step: { ratePerSecond: 1000, phase: "ramp" },
    stoppedBy: { criterion: "after", atSeconds: 11, afterMs: 11000 },
    goals: [{ measure: "latencyMs.p99", comparison: "<=", limit: 50, value: 8, kept: true }],
    ...overrides,
    measures: { sustainedPerSecond: 998, ...overrides.measures },
  });
}

const ownPorts = {
  kind: "EADDRNOTAVAIL",
  side: "generator",
  firstSeconds: 3,
  seenIn: "dial",
  inferred: false,
} as const;

test("kept: all goals, nothing broke, the rate was served", (t) => {
  t.deepEqual(judgeStep(step()), {
    ratePerSecond: 1000,
    phase: "ramp",
    sequence: 4,
    kept: true,
    missed: [],
    generatorBound: false,
  });
});

test("missed: a goal, and it is said by how much", (t) => {
  const goal = { measure: "latencyMs.p99", comparison: "<=", limit: 50, value: 312.4, kept: false } as const;
  const judged = judgeStep(step({ goals: [goal] }));
  t.false(judged.kept);
  t.deepEqual(judged.missed, [{ code: "goal", measure: "latencyMs.p99", comparison: "<=", limit: 50, value: 312.4 }]);
  const unknown = judgeStep(step({ goals: [{ ...goal, value: null, kept: null }] }));
  t.like(unknown.missed, [{ code: "goal", measure: "latencyMs.p99", value: null }]);
});

test("missed: it fell behind, or left users without an answer, though most of the rate was served", (t) => {
  const kept = keptUp({ windows: 20, shortWindows: 15, unansweredUsers: 54 });
  t.deepEqual(judgeStep(step({ outcome: "saturated", kept })).missed, [
    { code: "saturated", shortWindows: 15, windows: 20, unansweredUsers: 54 },
  ]);
});

test("missed: a rate that was not served, also where every goal was kept", (t) => {
  t.deepEqual(judgeStep(step({ measures: { sustainedPerSecond: 470.4 } })).missed, [
    { code: "not-served", servedPerSecond: 470.4, askedPerSecond: 1000 },
  ]);
  t.true(judgeStep(step({ measures: { sustainedPerSecond: 990 } })).kept);
  const unknown = judgeStep(step({ measures: { sustainedPerSecond: null } }));
  t.deepEqual(unknown.missed, [{ code: "not-served", servedPerSecond: null, askedPerSecond: 1000 }]);
});

test("missed: a service that broke, or a load that was stopped before its time", (t) => {
  const fault = { ...ownPorts, side: "target", seenIn: "body" } as const;
  const broke = step({ outcome: "broke", fault, measures: { sustainedPerSecond: null } });
  t.deepEqual(judgeStep(broke).missed, [{ code: "broke", fault: "EADDRNOTAVAIL" }]);
  const slow = step({
    outcome: "degraded",
    stoppedBy: { criterion: "latency", atSeconds: 3, quantile: "p99", aboveMs: 90, windows: 2 },
  });
  t.deepEqual(judgeStep(slow).missed, [{ code: "cut-short", stop: slow.stoppedBy }]);
  t.false(judgeStep(step({ stoppedBy: null })).kept);
});

test("a step that the generator spoiled is no word about the service, unless the service broke", (t) => {
  const generator = { bound: true, signs: [{ kind: "cores-used", usedCores: 1.9, cores: 2 } as const] };
  t.true(judgeStep(step({ generator, measures: { sustainedPerSecond: 700 } })).generatorBound);
  t.like(judgeStep(step({ generator })), { kept: true, generatorBound: false });
  t.true(judgeStep(step({ generator, outcome: "broke", fault: ownPorts })).generatorBound);
  const service = { ...ownPorts, side: "target", seenIn: "body" } as const;
  t.false(judgeStep(step({ generator, outcome: "broke", fault: service })).generatorBound);
});

test("a trial of the suite's own load is no step", (t) => {
  t.throws(() => judgeStep(trialRecord()), { message: /no step of a search/ });
});
