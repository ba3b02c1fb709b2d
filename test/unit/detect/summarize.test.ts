import test from "ava";
import fc from "fast-check";
import { summarizeTrial } from "../../../harness/detect/summarize.ts";
import { statusFault } from "../../../harness/results/window.ts";
import { halves, storyInput, well } from "./story.ts";

const near = (value: number | null | undefined, wanted: number, share: number) =>
  value !== null && value !== undefined && Math.abs(value - wanted) <= share * wanted;

test("the trial measured by hand: both walls with their times, and what was served before them", (t) => {
  const { outcome, valid, invalidReason, fault, measures, successes, requests, faults } = summarizeTrial(storyInput);
  t.deepEqual({ outcome, valid, invalidReason }, { outcome: "broke", valid: true, invalidReason: null });
  t.deepEqual(fault, { kind: "EADDRNOTAVAIL", side: "target", firstSeconds: 35, seenIn: "body", inferred: false });
  t.deepEqual(faults, [{ kind: "EADDRNOTAVAIL", side: "target", count: 223 }]);
  const ramp = 10 * 250 + 125 * 45;
  t.is(successes, ramp + 5 * 1425 + 55 * 232 + 47);
  t.is(requests, successes + 223);
  t.is(measures.requestsBeforeWall, successes);
  t.is(measures.timeToWallSeconds, 35);
  t.is(measures.scanCliffSeconds, 7.5);
  t.is(measures.sustainedPerSecond, (5 * 1425 + 55 * 232 + 47) / 31);
  t.is(measures.timeWaitPeak, 28232);
  t.is(measures.portUsePeakRatio, 1);
  t.is(measures.connectionsPerSecond, 700);
  t.is(measures.interruptMaxShare, null);
  t.is(measures.softirqMaxShare, 0.9);
  t.deepEqual(measures.cpuCores, { generator: 0.5, target: 0.9, db: 0.2 });
});

test("its caveats: shared CPUs, no interrupts of its own are no doubt, and the generator was not the limit", (t) => {
  const { caveats, generator } = summarizeTrial(storyInput);
  t.deepEqual(
    caveats.map(({ code }) => code),
    ["shared-cpus"],
  );
  const roles = ["generator", "target", "db"];
  t.deepEqual(caveats[0], { code: "shared-cpus", roles, sharedCpus: 2, cpus: 2 });
  t.false(generator.bound);
  t.is(generator.droppedIterations, 55 * 1267 + 2400);
  const pinned = summarizeTrial({ ...storyInput, cpusAllowed: { generator: [0], target: [1], db: [0] } });
  t.deepEqual(pinned.caveats[0], { code: "shared-cpus", roles, sharedCpus: 1, cpus: 2 });
});

test("tcp_tw_reuse=1: neither wall, held, half the ports in use", (t) => {
  const summary = summarizeTrial(well);
  t.is(summary.outcome, "held");
  t.is(summary.fault, null);
  t.is(summary.measures.requestsBeforeWall, 60000);
  t.is(summary.measures.timeToWallSeconds, null);
  t.is(summary.measures.scanCliffSeconds, null);
  t.is(summary.measures.latencyAfterCliffMs, null);
  t.is(summary.measures.sustainedPerSecond, 3000);
  t.true(near(summary.measures.portUsePeakRatio, 14000 / 28232, 0.001));
  t.deepEqual(
    summary.caveats.map(({ code }) => code),
    ["shared-cpus"],
  );
});

test("a cliff, or a latency ceiling, without a fault is degraded", (t) => {
  const short = { ...storyInput, stop: { criterion: "after" as const, atSeconds: 30, afterMs: 30000 } };
  t.is(summarizeTrial(short).outcome, "degraded");
  t.is(
    summarizeTrial({ ...well, stop: { criterion: "latency", atSeconds: 20, quantile: "p99", aboveMs: 90, windows: 2 } })
      .outcome,
    "degraded",
  );
});

test("a target that dies of the load has broken, at the moment of its death", (t) => {
  const died = {
    criterion: "target-died" as const,
    atSeconds: 12,
    role: "target",
    death: { kind: "ended" as const, exitCode: 1, signal: null },
  };
  const { outcome, fault, measures } = summarizeTrial({ ...well, stop: died, deaths: { target: ["segfault"] } });
  t.is(outcome, "broke");
  t.deepEqual(fault, { kind: "target-died", side: "target", firstSeconds: 12, seenIn: "log", inferred: false });
  t.is(measures.requestsBeforeWall, 36000);
});

test("a generator that ran out of its own ports leaves the target unjudged", (t) => {
  const own = [{ kind: "EADDRNOTAVAIL", side: "generator" as const, count: 300 }];
  const { outcome, generator, caveats, fault } = summarizeTrial({
    ...well,
    windows: halves(0, 20, 1500, 0.6, { faults: own }),
  });
  t.is(outcome, "held");
  t.is(fault, null);
  t.true(generator.bound);
  t.true(caveats.some(({ code }) => code === "generator-bound"));
});

test("an undeclared fault breaks, with a caveat; scattered failures are only a caveat", (t) => {
  const bare = [statusFault(500, 300)];
  const broke = summarizeTrial({
    ...well,
    windows: [...halves(0, 10, 1500, 0.6), ...halves(10, 20, 1500, 0.6, { faults: bare })],
  });
  t.is(broke.fault?.kind, "HTTP 500");
  t.true(broke.caveats.some(({ code }) => code === "undeclared-fault"));
  const [first, ...rest] = halves(0, 20, 1500, 0.6, { faults: [{ kind: "ECONNRESET", side: "target", count: 2 }] });
  const stray = summarizeTrial({ ...well, windows: [...(first ? [first] : []), ...rest] });
  t.is(stray.outcome, "held");
  t.deepEqual(
    stray.caveats.find(({ code }) => code === "stray-faults"),
    { code: "stray-faults", requests: 80 },
  );
});

test("a load that a fault stopped has broken, wherever its windows begin and end", (t) => {
  const edges = fc.array(fc.integer({ min: 0, max: 90_000 }), { minLength: 73, maxLength: 73 });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2_000_000 }), edges, (offset, jitter) => {
      const edge = (i: number) => i * 500 + (offset + (jitter[i] ?? 0)) / 1000;
      const windows = storyInput.windows.map((w, i) => ({ ...w, startMs: edge(i), endMs: edge(i + 1) }));
      const atSeconds = (edge(windows.length) - edge(0)) / 1000;
      const stop = { criterion: "fault" as const, atSeconds, fault: "EADDRNOTAVAIL", ratio: 0.01, windows: 2 };
      const { outcome, fault: found } = summarizeTrial({ ...storyInput, windows, stop });
      return outcome === "broke" && found?.kind === "EADDRNOTAVAIL";
    }),
    { numRuns: 1000, seed: 1 },
  );
  t.pass();
});

test("a part that ends of the load's stop has not ended under load: a caveat, no break and no invalid trial", (t) => {
  const { outcome, valid, fault, caveats } = summarizeTrial({ ...well, deaths: { target: ["reset"], db: [] } });
  t.deepEqual({ outcome, valid, fault }, { outcome: "held", valid: true, fault: null });
  t.deepEqual(
    caveats.filter(({ code }) => code === "ended-after-stop"),
    ["target", "db"].map((role) => ({ code: "ended-after-stop", role })),
  );
});

test("a log that ends early is a caveat", (t) => {
  const words = "ENOSPC: no space left on device, write";
  const events = [{ atMs: 900, kind: "log-lost", role: "target", words } as const];
  const { caveats, valid } = summarizeTrial({ ...well, events });
  t.true(valid);
  t.deepEqual(caveats.at(-1), { code: "log-lost", role: "target", words });
});

test("who asked the run's relay without its secret is a caveat, and in no number", (t) => {
  const events = [{ atMs: 900, kind: "unauthenticated-requests", requests: 7 } as const];
  const { caveats, ...summary } = summarizeTrial({ ...well, events });
  const { caveats: before, ...same } = summarizeTrial({ ...well, events: [] });
  t.deepEqual(caveats, [...before, { code: "unauthenticated-requests", requests: 7 }]);
  t.deepEqual(summary, same);
});

test("a closed model that began more than was asked says so; one that began less does not", (t) => {
  const codes = (share: number) => {
    const windows = well.windows.map((window) => ({
      ...window,
      begunIterations: Math.round(share * (well.due(window.endMs) - well.due(window.startMs))),
    }));
    return summarizeTrial({ ...well, windows }).caveats.filter(({ code }) => code === "offered-more");
  };
  t.is(codes(1.05).length, 0);
  t.like(codes(2)[0], { code: "offered-more" });
  t.is(codes(0.5).length, 0);
});
