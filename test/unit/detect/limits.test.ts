import test from "ava";
import fc from "fast-check";
import { summarizeTrial } from "../../../harness/detect/summarize.ts";
import type { TrialInput } from "../../../harness/detect/trial-input.ts";
import type { Condition } from "../../../harness/results/goals.ts";
import type { Sample } from "../../../harness/results/samples.ts";
import { burstsRate, constantRate, peakPerSecond, phasesRate, requestsBy } from "../../../harness/suite/rate.ts";
import {
  type Answer,
  forgets,
  type PlayedLoad,
  pauses,
  places,
  playLoad,
  refuses,
  sleeps,
} from "../../helpers/played-load.ts";
import { counterSamples, cpuSamples, equalLatencies, well } from "./story.ts";

/** What detection makes of a load of one rate that nothing stops. */
function summaryOf(load: PlayedLoad, more: Partial<TrialInput> = {}) {
  return summarizeTrial({
    ...well,
    windows: playLoad(load),
    criteria: { ...well.criteria, fault: null, requests: null },
    stop: { criterion: "after", atSeconds: load.seconds, afterMs: load.seconds * 1000 },
    loadEndMs: load.seconds * 1000,
    rampEndMs: 0,
    virtualUsers: load.virtualUsers,
    peakPerSecond: peakPerSecond(load.rate),
    due: (ms) => requestsBy(load.rate, ms),
    ...more,
  });
}

interface Sinking {
  target: () => Answer;
  /** What it can serve. */
  perSecond: number;
  samples?: Sample[];
}

/** A target of each kind that is asked for more than it can. */
const sinking: Record<string, Sinking> = {
  "CPU of two cores": { target: () => places(2, 10), perSecond: 200 },
  "one thread": { target: () => places(1, 4), perSecond: 250 },
  pool: { target: () => places(3, 20), perSecond: 150 },
  lock: { target: () => places(1, 10), perSecond: 100 },
  upstream: { target: () => places(2, 25), perSecond: 80 },
  "accept queue": { target: () => places(1, 5), perSecond: 200, samples: counterSamples(20, { ListenOverflows: 9 }) },
  workers: { target: () => places(2, 50), perSecond: 40 },
  sleep: { target: () => sleeps(2500), perSecond: 200 },
  "503 when busy": { target: () => refuses(2, 20, 100), perSecond: 100 },
  "pauses as of a garbage collection": { target: () => pauses(2, 900, 1000), perSecond: 100 },
};

for (const [kind, { target, perSecond, samples = [] }] of Object.entries(sinking)) {
  for (const virtualUsers of [5, 50, 500]) {
    test(`${kind} with ${virtualUsers} users: whatever binds is the target's`, (t) => {
      const load = { rate: constantRate(perSecond * 3), virtualUsers, seconds: 20, target: target() };
      const { generator, outcome } = summaryOf(load, { samples: [...well.samples, ...samples] });
      t.deepEqual(generator.signs, []);
      if (generator.droppedIterations > 0 && kind !== "503 when busy") t.is(outcome, "saturated");
    });
  }
}

const own = (kind: string) => (windows: ReturnType<typeof playLoad>) =>
  windows.map((window) => ({ ...window, faults: [{ kind, side: "generator" as const, count: 5 }] }));

interface Starved extends Omit<PlayedLoad, "seconds"> {
  more?: (load: PlayedLoad) => Partial<TrialInput>;
}

const busy = [...well.samples.filter((sample) => !("role" in sample) || sample.role !== "generator")];
const pinned = {
  samples: [...busy, ...cpuSamples(20, "generator", 0.97)],
  cpusAllowed: { generator: [0], target: null, db: null },
  generator: { ...well.generator, cores: 1 },
};

/** A quick target, asked by who can't. */
const starved: Record<string, Starved> = {
  "1 user at 0.2 ms": { rate: constantRate(3000), virtualUsers: 1, target: sleeps(0.2), ownMs: 0.9 },
  "1 user at 5 ms": { rate: constantRate(600), virtualUsers: 1, target: sleeps(5) },
  "5 users at 5 ms": { rate: constantRate(2000), virtualUsers: 5, target: sleeps(5) },
  "5 users of a service with 40 places": { rate: constantRate(1500), virtualUsers: 5, target: places(40, 10) },
  "20 users at 30 ms": { rate: constantRate(1500), virtualUsers: 20, target: sleeps(30) },
  "a script that sleeps": { rate: constantRate(200), virtualUsers: 50, target: sleeps(2), ownMs: 1000 },
  "one CPU, pinned and full": { rate: constantRate(300), virtualUsers: 50, target: sleeps(2), more: () => pinned },
  "one CPU, full, with drops": {
    rate: constantRate(3000),
    virtualUsers: 50,
    target: sleeps(2),
    ownMs: 30,
    more: () => pinned,
  },
  "few ports": {
    rate: constantRate(300),
    virtualUsers: 50,
    target: sleeps(2),
    more: (load) => ({ windows: own("EADDRNOTAVAIL")(playLoad(load)) }),
  },
  "few descriptors": {
    rate: constantRate(300),
    virtualUsers: 50,
    target: sleeps(2),
    more: (load) => ({ windows: own("EMFILE")(playLoad(load)) }),
  },
};

for (const [kind, { more = () => ({}), ...rest }] of Object.entries(starved)) {
  test(`starved generator, ${kind}: the generator's, and nothing is said of the target but a bound`, (t) => {
    const load = { ...rest, seconds: 20 };
    const { generator, outcome } = summaryOf(load, more(load));
    t.true(generator.bound);
    t.is(outcome, "held");
  });
}

test("the same quick target with enough users has no limit at all", (t) => {
  for (const virtualUsers of [50, 500]) {
    const { generator, outcome, kept } = summaryOf({
      rate: constantRate(2000),
      virtualUsers,
      seconds: 20,
      target: sleeps(5),
    });
    t.deepEqual([generator.bound, outcome, kept?.shortWindows], [false, "held", 0]);
  }
});

test("a target of any number of places, asked for more than it can, is never told as the generator's limit", (t) => {
  const sizes = fc.record({
    places: fc.integer({ min: 1, max: 20 }),
    takesMs: fc.integer({ min: 1, max: 200 }),
    usersEach: fc.integer({ min: 2, max: 20 }),
    times: fc.double({ min: 1.2, max: 5, noNaN: true }),
  });
  fc.assert(
    fc.property(sizes, ({ places: count, takesMs, usersEach, times }) => {
      const perSecond = Math.ceil(((count * 1000) / takesMs) * times);
      fc.pre(perSecond * 10 < 60_000);
      const target = places(count, takesMs);
      const { generator, outcome } = summaryOf({
        rate: constantRate(perSecond),
        virtualUsers: count * usersEach,
        seconds: 10,
        target,
      });
      t.deepEqual(generator.signs, []);
      return outcome === "saturated" || generator.droppedIterations < 0.6 * perSecond * 10;
    }),
    { numRuns: 60, seed: 1 },
  );
});

test("how far it kept up: served beside asked, windows that fell short, users without an answer", (t) => {
  const { kept, outcome } = summaryOf({
    rate: constantRate(300),
    virtualUsers: 100,
    seconds: 20,
    target: places(2, 20),
  });
  t.is(outcome, "saturated");
  t.like(kept, { askedPerSecond: 300, windows: 40, unansweredUsers: 0 });
  t.true(Math.abs((kept?.servedPerSecond ?? 0) - 100) <= 1);
  t.true((kept?.shortWindows ?? 0) >= 38);
});

test("users that are never served are counted, though no latency holds their wait", (t) => {
  const load = { rate: constantRate(150), virtualUsers: 60, seconds: 10, target: forgets(54, sleeps(2)) };
  const { kept, outcome, generator, caveats, measures } = summaryOf(load);
  t.is(outcome, "saturated");
  t.is(kept?.unansweredUsers, 54);
  t.false(generator.bound);
  t.true((measures.latencyMs?.p99 ?? 100) < 3);
  t.deepEqual(
    caveats.filter(({ code }) => code === "unanswered-users"),
    [{ code: "unanswered-users", users: 54, virtualUsers: 60 }],
  );
});

test("a load that was ended because it fell behind is saturated, however long it had kept up before", (t) => {
  const outcomeOf = (more: Partial<TrialInput> = {}) => {
    const slow = places(2, 50);
    const target = (atMs: number) => (atMs < 16_000 ? atMs + 2 : slow(atMs));
    return summaryOf({ rate: constantRate(100), virtualUsers: 50, seconds: 20, target }, more).outcome;
  };
  t.is(outcomeOf(), "held");
  t.is(outcomeOf({ stop: { criterion: "saturated", atSeconds: 20, windows: 4 } }), "saturated");
});

test("without times of iterations nothing is said of users without an answer", (t) => {
  const load = { rate: constantRate(150), virtualUsers: 60, seconds: 10, target: forgets(54, sleeps(2)) };
  const windows = playLoad(load).map((window) => ({ ...window, iterationMs: null }));
  t.is(summaryOf(load, { windows }).kept?.unansweredUsers, null);
});

test("bursts are judged by themselves, and so is the time between them", (t) => {
  const rate = burstsRate({ basePerSecond: 50, burstPerSecond: 500, burstMs: 2000, everyMs: 10_000 });
  const load = { rate, virtualUsers: 100, seconds: 20, target: places(2, 20) };
  const { outcome, kept } = summaryOf(load);
  t.is(outcome, "saturated");
  t.like(kept, { windows: 8 });
  t.is(Math.round(kept?.askedPerSecond ?? 0), 500);
  t.is(summaryOf({ ...load, target: places(20, 20) }).outcome, "held");
});

test("of conditions one in which it can't keep up is enough, unless parts were stopped in it on purpose", (t) => {
  const of = (name: string, perSecond: number, actions: Condition["actions"] = []): Condition => ({
    name,
    perSecond,
    lastingMs: 5000,
    actions,
    goals: [],
  });
  const play = (conditions: Condition[]) => {
    const rate = phasesRate(conditions.map(({ perSecond, lastingMs }) => ({ perSecond, lastingMs })));
    return summaryOf({ rate, virtualUsers: 50, seconds: 15, target: places(2, 20) }, { conditions });
  };
  const { outcome, kept } = play([of("normal", 50), of("peak", 300), of("after", 50)]);
  t.is(outcome, "saturated");
  t.is(Math.round(kept?.askedPerSecond ?? 0), 300);
  const pause = { kind: "pause", part: "target", replica: 1, atMs: 1000, lastingMs: 3000 } as const;
  t.is(play([of("normal", 50), of("failure", 300, [pause]), of("after", 50)]).outcome, "held");
});

test("what a script sends in each iteration counts as asked", (t) => {
  const windows = playLoad({ rate: constantRate(100), virtualUsers: 50, seconds: 10, target: sleeps(2) }).map(
    (window) => ({
      ...window,
      requests: window.requests * 3,
    }),
  );
  const { kept } = summaryOf(
    { rate: constantRate(100), virtualUsers: 50, seconds: 10, target: sleeps(2) },
    { windows },
  );
  t.true(Math.abs((kept?.askedPerSecond ?? 0) - 300) < 3);
});

test("iterations that hardly end within the load ask for no more than they did", (t) => {
  const load = { rate: constantRate(100), virtualUsers: 2000, seconds: 10, target: sleeps(2) };
  const few = (ms: number, count: number) => (count === 0 ? null : equalLatencies(ms, count));
  const askedBy = (iterationMs: (at: number) => ReturnType<typeof few>) =>
    summaryOf(load, { windows: playLoad(load).map((window, at) => ({ ...window, iterationMs: iterationMs(at) })) }).kept
      ?.askedPerSecond ?? 0;
  // Two of them, of nearly the load's length, came to their end in its last window.
  t.true(Math.abs(askedBy((at) => few(9700, at === 19 ? 2 : 0)) - 100) < 3);
  // They last five seconds: from then on as many end as begin.
  t.true(Math.abs(askedBy((at) => few(5000, at >= 10 ? 50 : 0)) - 100) < 3);
});
