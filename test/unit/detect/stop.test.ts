import test from "ava";
import { decideStop, type SeenSoFar } from "../../../harness/detect/stop.ts";
import type { StopCriteria } from "../../../harness/results/criteria.ts";
import type { Condition } from "../../../harness/results/goals.ts";
import { type FaultCount, statusFault, type Window } from "../../../harness/results/window.ts";
import { half, halves, portSamples, storyInput, storyWindows } from "./story.ts";

const none: StopCriteria = { fault: null, requests: null, afterMs: 1e9, latency: null, cliff: null, saturated: null };
const port = (count: number, side: FaultCount["side"] = "target"): FaultCount[] => [
  { kind: "EADDRNOTAVAIL", side, count },
];
const fault = { kind: "EADDRNOTAVAIL", ratio: 0.01, windows: 2 };

function seen(windows: Window[], more: Partial<SeenSoFar> = {}): SeenSoFar {
  return {
    windows,
    samples: [],
    usablePorts: 28232,
    firstRequestMs: windows[0]?.startMs ?? null,
    rampEndMs: 5000,
    due: (ms) => 0.2 * ms,
    ...more,
  };
}

test("a fault stops the load when its ratio was reached in as many windows as asked, one after the other", (t) => {
  const once = [half(2, 100, 1), half(2.5, 100, 1, { faults: port(1) })];
  t.is(decideStop({ ...none, fault }, seen(once)), null);
  const twice = [...once, half(3, 100, 1, { faults: port(2) })];
  t.deepEqual(decideStop({ ...none, fault }, seen(twice)), {
    criterion: "fault",
    atSeconds: 1.5,
    fault: "EADDRNOTAVAIL",
    ratio: 0.01,
    windows: 2,
  });
  t.is(decideStop({ ...none, fault }, seen([...once, half(3, 100, 1), half(3.5, 100, 1, { faults: port(5) })])), null);
  t.is(decideStop({ ...none, fault }, seen([...once, half(3, 1000, 1, { faults: port(9) })])), null);
});

test("windows in which the harness stood still count for no criterion, only bounds do", (t) => {
  const windows = [half(2, 100, 1), ...halves(2.5, 4, 100, 1, { faults: port(50) })];
  const events = [{ atMs: 3900, kind: "harness-stood-still", fromMs: 2400, lastedMs: 1500 } as const];
  t.is(decideStop({ ...none, fault }, seen(windows))?.criterion, "fault");
  t.is(decideStop({ ...none, fault }, seen(windows, { events })), null);
  t.is(decideStop({ ...none, fault, afterMs: 2000 }, seen(windows, { events }))?.criterion, "after");
  const after = [...windows, ...halves(4, 5, 100, 1, { faults: port(50) })];
  t.is(decideStop({ ...none, fault }, seen(after, { events }))?.criterion, "fault");
});

test("windows without requests neither count nor break the row", (t) => {
  const windows = [half(0, 10, 1, { faults: port(5) }), half(0.5, 0, 1), half(1, 10, 1, { faults: port(5) })];
  t.is(decideStop({ ...none, fault }, seen(windows))?.criterion, "fault");
  t.is(decideStop({ ...none, fault }, seen([])), null);
  t.is(decideStop({ ...none, fault }, seen([half(0, 0, 1)], { firstRequestMs: null })), null);
});

test("the generator's own EADDRNOTAVAIL is not the target's, whatever the kind asked for", (t) => {
  const windows = halves(0, 2, 100, 1, { faults: port(50, "generator") });
  t.is(decideStop({ ...none, fault }, seen(windows)), null);
  t.is(decideStop({ ...none, fault: { ...fault, kind: null } }, seen(windows)), null);
});

test("another kind satisfies only a criterion for any fault", (t) => {
  const windows = halves(0, 2, 100, 1, { faults: [statusFault(503, 50)] });
  t.is(decideStop({ ...none, fault }, seen(windows)), null);
  t.is(decideStop({ ...none, fault: { ...fault, kind: null } }, seen(windows))?.criterion, "fault");
});

test("bare 500s stop the load by what the target logged, or by ports that are all in use", (t) => {
  const windows = halves(0, 2, 100, 1, { faults: [statusFault(500, 50)] });
  const event = (atMs: number) =>
    ({ atMs, kind: "fault-logged", role: "target", fault: "EADDRNOTAVAIL", line: "dial failed" }) as const;
  t.is(decideStop({ ...none, fault }, seen(windows, { events: [event(1100), event(1600)] }))?.criterion, "fault");
  t.is(decideStop({ ...none, fault }, seen(windows, { events: [event(10)] })), null);
  const absent = halves(0, 2, 100, 1, { faults: [statusFault(404, 50)] });
  t.is(decideStop({ ...none, fault }, seen(absent, { events: [event(1100), event(1600)] })), null);
  t.is(decideStop({ ...none, fault }, seen(windows, { samples: portSamples(2, () => 28200) }))?.criterion, "fault");
  t.is(decideStop({ ...none, fault }, seen(windows, { samples: portSamples(2, () => 27000) })), null);
});

test("a latency ceiling holds for the percentile named, in windows one after the other", (t) => {
  const latency = { quantile: "p50" as const, aboveMs: 100, windows: 2 };
  t.is(decideStop({ ...none, latency }, seen([half(0, 10, 50), half(0.5, 10, 150)])), null);
  const stop = decideStop({ ...none, latency }, seen([half(0, 10, 150), half(0.5, 10, 150)]));
  t.like(stop, { criterion: "latency", ...latency });
});

const saturated = { windows: 4 };

test("saturated: as many windows as asked, one after the other, after the ramp", (t) => {
  const behind = halves(0, 7, 60, 1, { dropped: 40 });
  const stopOf = (windows: Window[], more: Partial<SeenSoFar> = {}) =>
    decideStop({ ...none, saturated }, seen(windows, more))?.criterion;
  t.is(stopOf(behind.slice(0, 13)), undefined, "three after the ramp");
  t.is(stopOf(behind), "saturated");
  t.is(stopOf([...behind.slice(0, 13), half(6.5, 100, 1)]), undefined, "the last kept up");
  t.is(stopOf(halves(0, 7, 99.5, 1, { dropped: 0.5 })), undefined, "half a per cent");
  t.is(stopOf(behind, { rampEndMs: 5500 }), undefined);
});

test("saturated never ends a load before the declared fault may have come", (t) => {
  const behind = (faults: FaultCount[] = []) => halves(0, 8, 60, 1, { dropped: 40, faults });
  const stopOf = (windows: Window[], more: Partial<SeenSoFar> = {}) =>
    decideStop({ ...none, fault, saturated }, seen(windows, more))?.criterion;
  t.is(stopOf(behind()), "saturated");
  t.is(stopOf([...behind().slice(0, 15), half(7.5, 600, 1, { dropped: 400, faults: port(1) })]), undefined, "begun");
  t.is(stopOf(behind(), { samples: portSamples(8, (at) => 1000 * at) }), undefined, "ports are running out");
  t.is(stopOf(behind(), { samples: portSamples(8, () => 7000) }), "saturated", "they are not");
  const wide = { ...none, fault: { ...fault, windows: 8 }, saturated };
  t.is(decideStop(wide, seen(behind().slice(0, 15)))?.criterion, "saturated");
  const silent = [...behind().slice(0, 13), ...halves(6.5, 8, 0, 1, { dropped: 100 })];
  t.is(stopOf(silent), undefined, "it may hang: that takes two seconds to tell");
  t.is(stopOf([...silent, half(8, 0, 1, { dropped: 100 })]), "saturated");
});

test("decided: past twice the baseline's wall, all of it served, with ports that last until the load's bound", (t) => {
  const criteria = { ...none, fault, decided: { windows: 6 }, afterMs: 75_000 };
  const level = portSamples(12, () => 5000);
  const stopOf = (windows: Window[], more: Partial<SeenSoFar> = {}, own: Partial<StopCriteria> = {}) =>
    decideStop({ ...criteria, ...own }, seen(windows, { samples: level, wallRequests: 10_000, ...more }))?.criterion;
  const well = halves(0, 10, 1500, 1);
  t.is(stopOf(well), "decided");
  t.is(stopOf(well.slice(0, 14)), "decided");
  t.is(stopOf(well.slice(0, 13)), undefined, "19,500 requests");
  t.is(stopOf(well, { wallRequests: null }), undefined, "the baseline's is not known");
  t.is(stopOf(well, {}, { fault: null }), undefined);
  t.is(stopOf(well, { samples: [] }), undefined, "nor are the ports");
  t.is(stopOf(well, { samples: portSamples(12, (at) => 1000 * at) }), undefined, "they run out");
  const slowly = portSamples(12, (at) => 5000 + 20 * at);
  t.is(stopOf(well, { samples: slowly }), "decided", "6,300 at the bound");
  t.is(stopOf(well, { samples: slowly }, { afterMs: 2e6 }), undefined, "all before the bound");
  t.is(stopOf([...well.slice(0, 16), ...halves(8, 10, 1500, 1, { dropped: 10 })]), undefined, "it falls behind");
  t.is(stopOf([...well.slice(0, 19), half(9.5, 1500, 1, { faults: [statusFault(500, 1)] })]), undefined, "one failed");
});

test("the bounds: requests in all, and time since the first request", (t) => {
  const windows = [half(10, 60, 1), half(10.5, 60, 1)];
  t.is(decideStop({ ...none, requests: 121 }, seen(windows)), null);
  t.like(decideStop({ ...none, requests: 120 }, seen(windows)), { criterion: "requests", requests: 120 });
  t.is(decideStop({ ...none, afterMs: 1001 }, seen(windows)), null);
  t.is(decideStop({ ...none, afterMs: 1000 }, seen(windows))?.criterion, "after");
});

test("a break within the window that reaches a bound is a break", (t) => {
  const windows = halves(0, 1, 100, 500, { faults: port(50) });
  const criteria = {
    ...none,
    requests: 200,
    afterMs: 1000,
    latency: { quantile: "p50" as const, aboveMs: 1, windows: 1 },
  };
  t.is(decideStop({ ...criteria, fault }, seen(windows))?.criterion, "fault");
  t.is(decideStop(criteria, seen(windows))?.criterion, "latency");
  t.is(decideStop({ ...criteria, latency: null }, seen(windows))?.criterion, "requests");
});

test("the trial measured by hand: the cliff after six windows, else the fault at 36 s", (t) => {
  const { samples } = storyInput;
  const first = (criteria: StopCriteria) =>
    storyWindows.map((_, i) => decideStop(criteria, seen(storyWindows.slice(0, i + 1), { samples }))).find(Boolean);
  t.deepEqual(first({ ...none, cliff: { windows: 6 } }), {
    criterion: "cliff",
    atSeconds: 10.5,
    beforePerSecond: 2850,
    afterPerSecond: 464,
  });
  t.is(first({ ...none, fault })?.atSeconds, 36);
});

test("while something is done to parts on purpose only the bounds end the load; a row of faults begins anew after it", (t) => {
  const kill = { kind: "kill" as const, part: "db", replica: 1, atMs: 500, restartAfterMs: 500 };
  const conditions: Condition[] = [
    { name: "normal", perSecond: 200, lastingMs: 2000, actions: [], goals: [] },
    { name: "failure", perSecond: 200, lastingMs: 2000, actions: [kill], goals: [] },
    { name: "after", perSecond: 200, lastingMs: 2000, actions: [], goals: [] },
  ];
  const criteria = { ...none, fault, latency: { quantile: "p50" as const, aboveMs: 100, windows: 2 } };
  const calm = (from: number, to: number) => halves(from, to, 100, 1);
  const bad = (from: number, to: number) => halves(from, to, 100, 500, { faults: port(50) });
  const stopOf = (windows: Window[], more: Partial<StopCriteria> = {}) =>
    decideStop({ ...criteria, ...more }, seen(windows, { conditions }))?.criterion;
  t.is(stopOf([...calm(0, 1), ...bad(1, 2)]), "fault");
  t.is(stopOf([...calm(0, 1.5), ...bad(1.5, 2.5)]), undefined, "one before, one within");
  t.is(stopOf([...calm(0, 2), ...bad(2, 4)]), undefined);
  t.is(stopOf([...calm(0, 2), ...bad(2, 4)], { afterMs: 4000 }), "after");
  t.is(stopOf([...calm(0, 1.5), ...bad(1.5, 2), ...calm(2, 4), ...bad(4, 4.5)]), undefined, "not across it");
  t.is(stopOf([...calm(0, 2), ...bad(2, 5)]), "fault");
});

test("a closed model's load is short of what its own count says, whatever the schedule had", (t) => {
  const saturated = { windows: 2 };
  const behind = (begunIterations: number, droppedIterations: number) =>
    halves(0, 9, 50, 1).map((window) => ({ ...window, begunIterations, droppedIterations }));
  t.is(decideStop({ ...none, saturated }, seen(behind(50, 50)))?.criterion, "saturated");
  t.is(decideStop({ ...none, saturated }, seen(behind(400, 3))), null);
  t.is(decideStop({ ...none, saturated }, seen(behind(50, 0))), null);
});
