import test from "ava";
import { conditionResults } from "../../../harness/detect/conditions.ts";
import { summarizeTrial } from "../../../harness/detect/summarize.ts";
import type { TrialInput } from "../../../harness/detect/trial-input.ts";
import type { TrialEvent } from "../../../harness/results/events.ts";
import type { Condition, ConditionAction } from "../../../harness/results/goals.ts";
import { statusFault } from "../../../harness/results/window.ts";
import { cpuSamples, halves, nodeSamples, portSamples, well } from "./story.ts";

const kill: ConditionAction = { kind: "kill", part: "db", replica: 1, atMs: 2000, restartAfterMs: 1000 };
const failed = [statusFault(503, 50)];

function conditions(changes: Partial<Condition> = {}): Condition[] {
  const goals: Condition["goals"] = [
    { measure: "sustainedPerSecond", comparison: ">=", limit: 180 },
    { measure: "latencyMs.p99", comparison: "<=", limit: 20 },
    { measure: "faultRatio", comparison: "<=", limit: 0.05 },
  ];
  return [
    { name: "normal", perSecond: 200, lastingMs: 4000, actions: [], goals },
    { name: "failure", perSecond: 200, lastingMs: 8000, actions: [kill], goals, ...changes },
  ];
}

const action = { role: "db", condition: "failure", action: "kill" } as const;
const started: TrialEvent = { atMs: 6010, kind: "action-started", ...action };
const ended: TrialEvent = { atMs: 7020, kind: "action-ended", ...action, restart: { awayMs: 1010, startMs: 300 } };
const decided: TrialEvent = { atMs: 12_000, kind: "stop-decided", criterion: "after" };

/** 200/s for 12 s; from 6 s on the database is away for 1 s, and requests fail for 1.5 s. */
function failing(changes: Partial<TrialInput> = {}): TrialInput {
  return {
    ...well,
    conditions: conditions(),
    peakPerSecond: 200,
    rampEndMs: 0,
    windows: [...halves(0, 6, 100, 5), ...halves(6, 7.5, 100, 5, { faults: failed }), ...halves(7.5, 12, 100, 10)],
    events: [started, ended, decided],
    samples: [...portSamples(12, () => 0), ...cpuSamples(12, "target", 0.4), ...nodeSamples(12)],
    stop: { criterion: "after", atSeconds: 12, afterMs: 12000 },
    loadEndMs: 12_100,
    ...changes,
  };
}

test("each condition has its own numbers, from the windows wholly within it, and its own goals", (t) => {
  const [normal, failure] = conditionResults(failing());
  t.like(normal, {
    fromSeconds: 0,
    toSeconds: 4,
    requests: 800,
    successes: 800,
    faultRatio: 0,
    sustainedPerSecond: 200,
  });
  t.deepEqual(
    normal?.goals.map(({ kept }) => kept),
    [true, true, true],
  );
  t.like(failure, { fromSeconds: 4, toSeconds: 12, requests: 1600, successes: 1450, sustainedPerSecond: 181.25 });
  t.deepEqual(
    failure?.goals.map(({ kept }) => kept),
    [true, true, false],
  );
  t.is(failure?.goals[2]?.value, 150 / 1600);
  t.is(normal?.latencyMs?.max, 5);
});

test("a window across two conditions belongs to neither", (t) => {
  const windows = halves(0, 12, 100, 5).map((window) => ({
    ...window,
    startMs: window.startMs + 200,
    endMs: window.endMs + 200,
  }));
  const shifted = failing({ windows: [...halves(0, 0.5, 40, 5).map((w) => ({ ...w, endMs: 200 })), ...windows] });
  t.is(conditionResults(shifted)[0]?.requests, 40 + 700);
});

test("recovery: from the restart to the first of two windows that are as before", (t) => {
  const [normal, failure] = conditionResults(failing());
  t.is(normal?.recoverySeconds, null);
  t.is(failure?.recoverySeconds, 0.48);
  const at = (changes: Partial<TrialInput>) => conditionResults(failing(changes))[1]?.recoverySeconds;
  const still = [...halves(0, 6, 100, 5), ...halves(6, 12, 100, 5, { faults: failed })];
  t.is(at({ windows: still }), null, "failing to the end");
  const slower = [...halves(0, 6, 100, 5), ...halves(6, 12, 60, 5)];
  t.is(at({ windows: slower }), null, "fewer than nine tenths of before");
  t.is(at({ windows: halves(0, 12, 100, 5) }), 0, "never disturbed");
  t.is(at({ events: [started] }), null, "never undone");
});

test("what was done on purpose is no wall: the trial holds, and its own measures are of the condition without actions", (t) => {
  const { outcome, fault, measures, caveats, valid } = summarizeTrial(failing());
  t.deepEqual([valid, outcome, fault], [true, "held", null]);
  t.like(measures, { sustainedPerSecond: 200, faultRatio: 0 });
  t.is(measures.latencyMs?.max, 5);
  const codes = caveats.map(({ code }) => code);
  t.true(codes.includes("mixed-conditions"));
  t.false(codes.includes("stray-faults") || codes.includes("window-gap"));
});

test("the same failures in a condition without actions are a wall", (t) => {
  const { outcome, fault } = summarizeTrial(failing({ conditions: conditions({ actions: [] }) }));
  t.is(outcome, "broke");
  t.is(fault?.firstSeconds, 6);
});

test("a part that is killed for good leaves what comes later to its goals as well", (t) => {
  const [normal, failure] = conditions({ actions: [{ ...kill, restartAfterMs: null }], lastingMs: 4000 });
  const after: Condition = { name: "after", perSecond: 200, lastingMs: 4000, actions: [], goals: [] };
  const all = [normal, failure, after].filter((condition) => condition !== undefined);
  const windows = [...halves(0, 6, 100, 5), ...halves(6, 12, 100, 5, { faults: failed })];
  t.is(summarizeTrial(failing({ conditions: all, windows })).outcome, "held");
  const restarted = all.map((condition) =>
    condition.name === "failure" ? { ...condition, actions: [kill] } : condition,
  );
  t.like(summarizeTrial(failing({ conditions: restarted, windows })).fault, { firstSeconds: 8 });
});

test("a target that dies of it has broken, and the trial stays valid", (t) => {
  const died: TrialEvent = {
    atMs: 6100,
    kind: "part-died",
    role: "target",
    death: { kind: "ended", exitCode: null, signal: "SIGKILL" },
  };
  const events = [started, died, ended, decided];
  const { outcome, fault, valid } = summarizeTrial(failing({ events, deaths: { target: ["no database"] } }));
  t.deepEqual([valid, outcome], [true, "broke"]);
  t.like(fault, { kind: "target-died", firstSeconds: 6.1 });
  const later = { ...died, atMs: 12_010 };
  const of = summarizeTrial(failing({ events: [...failing().events, later], deaths: { target: [] } }));
  t.is(of.outcome, "held");
});

test("where the service ended the load its condition's goals are missed, and what comes later is not judged", (t) => {
  const stop = {
    criterion: "target-died" as const,
    atSeconds: 3,
    role: "target",
    death: { kind: "ended" as const, exitCode: 1, signal: null },
  };
  const cut = failing({ stop, windows: halves(0, 3, 100, 5), deaths: { target: [] } });
  const [normal, failure] = conditionResults(cut);
  t.deepEqual(
    normal?.goals.map(({ kept }) => kept),
    [false, false, false],
  );
  t.is(normal?.goals[0]?.value, 200);
  t.deepEqual(
    failure?.goals.map(({ kept }) => kept),
    [null, null, null],
  );
  t.like(failure, { fromSeconds: 4, toSeconds: 4, requests: 0, sustainedPerSecond: null });
  t.true(summarizeTrial(cut).caveats.some(({ code }) => code === "conditions-cut-short"));
});

test("a latency goal is missed where nothing was answered", (t) => {
  const nothing = [{ kind: "ECONNREFUSED", side: "target" as const, count: 100 }];
  const windows = [...halves(0, 4, 100, 5), ...halves(4, 12, 100, 5, { faults: nothing })];
  t.deepEqual(
    conditionResults(failing({ windows }))[1]?.goals.map(({ kept }) => kept),
    [false, false, false],
  );
});

test("what found nothing to act on, or could not be undone, is a caveat; so is a relay", (t) => {
  const events = [...failing().events, { atMs: 8000, kind: "action-skipped", ...action } as const];
  const codes = summarizeTrial(failing({ events, relayed: ["db"] })).caveats.map(({ code }) => code);
  t.true(codes.includes("action-skipped") && codes.includes("relay"));
});
