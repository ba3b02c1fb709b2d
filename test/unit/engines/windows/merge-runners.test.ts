import test from "ava";
import fc from "fast-check";
import { createRunnersMerge } from "../../../../harness/engines/windows/merge-runners.ts";
import type { Histogram } from "../../../../harness/results/histogram.ts";
import { noScriptCounts } from "../../../../harness/results/script-counts.ts";
import type { Window } from "../../../../harness/results/window.ts";

/** What a runner exported at a moment: a window that ends there, or nothing that makes one. */
interface Arrival {
  runner: number;
  atMs: number;
  window: Window | null;
}

function histogram(count: number): Histogram {
  return { scale: 3, zeroCount: 0, offset: 4, counts: [count], count, sum: count * 1.5, min: 1.45, max: 1.54 };
}

function window(startMs: number, endMs: number, requests: number, more: Partial<Window> = {}): Window {
  return {
    startMs,
    endMs,
    requests,
    faults: [],
    latencyMs: requests === 0 ? null : histogram(requests),
    iterationMs: null,
    droppedIterations: 0,
    script: noScriptCounts,
    thresholds: [],
    virtualUsers: 10,
    ...more,
  };
}

function feed(count: number, arrivals: Arrival[], beganMs: number | null = 0) {
  const merge = createRunnersMerge(count);
  if (beganMs !== null) merge.began(beganMs);
  const live = arrivals.flatMap(({ runner, atMs, window: each }) => [
    ...merge.heard(runner, atMs),
    ...(each === null ? [] : merge.take(runner, each)),
  ]);
  return { merge, live, all: [...live, ...merge.flush()] };
}

/** A runner that exports each 500 ms at its phase, `requests` in each window. */
function steady(runner: number, phaseMs: number, windows: number, requests = 100): Arrival[] {
  return Array.from({ length: windows }, (_, place) => {
    const endMs = phaseMs + place * 500;
    return { runner, atMs: endMs, window: window(Math.max(0, endMs - 500), endMs, requests) };
  });
}

function inTime(...runners: Arrival[][]): Arrival[] {
  return runners.flat().sort((a, b) => a.atMs - b.atMs);
}

const sum = (numbers: number[]) => numbers.reduce((all, number) => all + number, 0);

/** Runners with phases, late exports, exports that are left out, and stretches of silence; in the order of their arrival. */
const arrivals = fc
  .array(
    fc.record({
      phaseMs: fc.integer({ min: 1, max: 900 }),
      steps: fc.array(
        fc.record({
          lateMs: fc.integer({ min: 0, max: 400 }),
          skips: fc.constantFrom(0, 0, 0, 0, 1, 7),
          isEmpty: fc.boolean(),
          requests: fc.nat({ max: 1000 }),
          faults: fc.nat({ max: 50 }),
          dropped: fc.nat({ max: 9 }),
        }),
        { maxLength: 25 },
      ),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((runners) => runners.map(({ phaseMs, steps }, runner) => exportsOf(runner, phaseMs, steps)));

function exportsOf(
  runner: number,
  phaseMs: number,
  steps: { lateMs: number; skips: number; isEmpty: boolean; requests: number; faults: number; dropped: number }[],
): Arrival[] {
  let tick = phaseMs;
  let endMs = 0;
  return steps.map(({ lateMs, skips, isEmpty, requests, faults, dropped }) => {
    tick += 500 * (1 + skips);
    const startMs = endMs;
    const atMs = tick + lateMs;
    if (isEmpty) return { runner, atMs, window: null };
    endMs = Math.max(endMs, atMs);
    const faultCounts =
      faults === 0 ? [] : [{ kind: `HTTP ${500 + (faults % 2)}`, side: "target" as const, count: faults }];
    return {
      runner,
      atMs,
      window: window(startMs, endMs, requests, { faults: faultCounts, droppedIterations: dropped }),
    };
  });
}

test("whatever comes in which order, each request, fault, drop and latency is counted once, in windows that follow one another", (t) => {
  fc.assert(
    fc.property(arrivals, fc.boolean(), (runners, ends) => {
      const order = inTime(...runners);
      const merge = createRunnersMerge(runners.length);
      if (ends) merge.ending();
      const all = order.flatMap(({ runner, atMs, window: each }) => [
        ...merge.heard(runner, atMs),
        ...(each === null ? [] : merge.take(runner, each)),
      ]);
      all.push(...merge.flush());
      const given = order.flatMap((each) => each.window ?? []);
      const isSame = (of: (each: Window) => number) => t.is(sum(all.map(of)), sum(given.map(of)));
      isSame((each) => each.requests);
      isSame((each) => each.droppedIterations);
      isSame((each) => sum(each.faults.map(({ count }) => count)));
      isSame((each) => sum(each.faults.filter(({ kind }) => kind === "HTTP 500").map(({ count }) => count)));
      isSame((each) => each.latencyMs?.count ?? 0);
      isSame((each) => sum(each.latencyMs?.counts ?? []));
      t.true(all.every((each) => each.endMs >= each.startMs));
      t.deepEqual(
        all.slice(1).map(({ startMs }) => startMs),
        all.slice(0, -1).map(({ endMs }) => endMs),
      );
      t.deepEqual(merge.flush(), []);
    }),
  );
});

test("one runner's windows come out as they went in", (t) => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 500 }),
      fc.array(fc.nat({ max: 500 }), { minLength: 1 }),
      (phaseMs, requests) => {
        const order = steady(0, phaseMs, requests.length).map((each, place) => ({
          ...each,
          window: { ...(each.window as Window), requests: requests[place] ?? 0 },
        }));
        const { live } = feed(1, order);
        t.deepEqual(
          live.map((each) => [each.startMs, each.endMs, each.requests]),
          order.map((each) => [each.window.startMs, each.window.endMs, each.window.requests]),
        );
      },
    ),
  );
});

test("runners at phases of their own: windows of one place are merged, as long as theirs, once the last one came", (t) => {
  const order = inTime(steady(0, 100, 4), steady(1, 300, 4), steady(2, 500, 4));
  const { live, merge } = feed(3, order);
  t.deepEqual(
    live.map(({ startMs, endMs, requests, virtualUsers }) => [startMs, endMs, requests, virtualUsers]),
    [
      [0, 300, 300, 30],
      [300, 800, 300, 30],
      [800, 1300, 300, 30],
      [1300, 1800, 300, 30],
    ],
  );
  t.deepEqual(merge.missing(), []);
  const [, , third] = order;
  t.deepEqual(feed(3, order.slice(0, 2)).live, []);
  t.is(third?.atMs, 500);
  t.is(feed(3, order.slice(0, 3)).live.length, 1);
});

test("an export that comes late, or is left out, does not shift those after it", (t) => {
  const late = steady(0, 250, 6).map((each, place) =>
    place === 2 ? { ...each, atMs: each.atMs + 200, window: window(750, 1450, 140) } : each,
  );
  const lateFixed = late.map((each, place) => (place === 3 ? { ...each, window: window(1450, 1750, 60) } : each));
  const left = steady(1, 250, 6)
    .filter((_, place) => place !== 2)
    .map((each) => (each.atMs === 1750 ? { ...each, window: window(750, 1750, 200) } : each));
  const { live } = feed(2, inTime(lateFixed, left));
  t.deepEqual(
    live.map(({ endMs, requests }) => [Math.round(endMs / 10), requests]),
    [
      [25, 200],
      [75, 200],
      [135, 140],
      [175, 260],
      [225, 200],
      [275, 200],
    ],
    "the border of the late export moves by half of its delay, as one of two runners is late, and the next does not",
  );
});

test("a runner that falls silent is missing and not waited for; what it sends later still counts", (t) => {
  const quiet = steady(1, 400, 2);
  const order = inTime(steady(0, 250, 12), quiet);
  const { live, merge } = feed(2, order);
  t.deepEqual(merge.missing(), [1]);
  t.is(sum(live.map((each) => each.requests)), 1400, "all but nothing is held back");
  const [again] = steady(1, 6400, 1, 77);
  const more = merge.take(1, again?.window as Window);
  t.is(sum([...more, ...merge.flush()].map((each) => each.requests)), 77);
  t.deepEqual(merge.missing(), [1]);
});

test("a runner that was never heard is missing: at once known where the others go on, at the end where not", (t) => {
  const { merge, live } = feed(3, inTime(steady(0, 250, 12), steady(1, 300, 12)));
  t.deepEqual(merge.missing(), [2]);
  t.true(live.length > 5);
  t.deepEqual(feed(2, steady(0, 250, 2)).merge.missing(), [1]);
});

test("silence before the start, and once the load is being ended, means nothing", (t) => {
  const waits = Array.from({ length: 10 }, (_, place) => ({ runner: 0, atMs: -5000 + place * 500, window: null }));
  const { merge } = feed(2, [...waits, ...inTime(steady(0, 250, 3), steady(1, 300, 3))], null);
  t.deepEqual(merge.missing(), []);
  merge.ending();
  merge.heard(0, 9000);
  t.deepEqual(merge.missing(), []);
});
