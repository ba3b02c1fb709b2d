import test from "ava";
import { summarizeTrial, type TrialInput } from "../../../harness/detect/summarize.ts";
import type { SysctlReading } from "../../../harness/results/trial.ts";
import { counterSamples, cpuSamples, halves, nodeSamples, portSamples, storyInput, upstream } from "./story.ts";

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

test("latency is of the time before the cliff, and after it a bound that the generator's users set", (t) => {
  const { measures } = summarizeTrial(storyInput);
  t.is(measures.latencyMs?.count, 5 * 1425);
  t.is(measures.latencyMs?.p50, 0.7);
  t.is(measures.latencyMs?.max, 0.7);
  t.true(near(measures.latencyMs?.resolutionRatio, 0.0905, 0.01));
  t.is(measures.latencyAfterCliffMs?.count, 55 * 232 + 47);
  t.true(near(measures.latencyAfterCliffMs?.p50, 391, 0.1));
  t.true(measures.latencyAfterCliffMs?.lowerBound);
});

test("its doubts: shared CPUs, no interrupts of its own are no doubt, and the generator was not the limit", (t) => {
  const { doubts, generator } = summarizeTrial(storyInput);
  t.deepEqual(
    doubts.map(({ code }) => code),
    ["shared-cpus"],
  );
  t.is(doubts[0]?.message, "generator, target, db shared 2 of 2 CPUs: each can slow the others");
  t.false(generator.bound);
  t.is(generator.droppedIterations, 55 * 1267 + 2400);
  const pinned = summarizeTrial({ ...storyInput, cpusAllowed: { generator: [0], target: [1], db: [0] } });
  t.is(pinned.doubts[0]?.message, "generator, target, db shared 1 of 2 CPUs: each can slow the others");
});

test("evidence: ports to the named upstream, counters, spread of receive work, conntrack, throttling", (t) => {
  const { evidence } = summarizeTrial(storyInput);
  t.deepEqual(evidence.ports, [
    {
      role: "target",
      range: { low: 32768, high: 60999 },
      reserved: 0,
      usable: 28232,
      maxTimeWaitBuckets: 262144,
      destination: { ...upstream, name: "db" },
      peakInUse: 28232,
      peakTimeWait: 28232,
    },
  ]);
  t.deepEqual(evidence.counters.target, { ActiveOpens: 25200, TWRecycled: 0, ListenDrops: 0 });
  t.deepEqual(evidence.counters.generator, {});
  t.is(evidence.interrupts, null);
  t.deepEqual(evidence.netRxSoftirqs?.perCpu, [0.9, 0.1]);
  t.is(evidence.softnetProcessed?.maxShare, 0.75);
  t.is(evidence.softnetDropped, 36);
  t.is(evidence.softnetTimeSqueeze, 72);
  t.deepEqual(evidence.cpuBusy, [1, 0.25]);
  t.deepEqual(evidence.cpuSoftirq, [0.4, 0]);
  t.deepEqual(evidence.conntrack, { peak: 360, max: 262144, drops: 36 });
  t.deepEqual(evidence.throttledMs, { generator: 108, target: 108, db: 108 });
  t.deepEqual(evidence.acceptQueues, [
    { port: 8080, effectiveLimit: 511, somaxconn: 4096, peakQueued: 0, overflows: 0, drops: 0 },
  ]);
  t.deepEqual(evidence.steering, { irqs: [], irqbalanceRunning: false, rpsCpus: { target: "0" } });
});

test("the last look, just after the stop, counts for ports in use", (t) => {
  const samples = portSamples(42, (at) => (at < 41 ? 27445 : 28232));
  const stop = { criterion: "fault" as const, atSeconds: 41.5, detail: "" };
  const { evidence } = summarizeTrial({ ...storyInput, samples, stop, loadEndMs: 41600 });
  t.is(evidence.ports[0]?.peakInUse, 28232);
});

const well: TrialInput = {
  ...storyInput,
  windows: halves(0, 20, 1500, 0.6),
  samples: [
    ...portSamples(20, () => 14000),
    ...counterSamples(20, { ActiveOpens: 3000, TWRecycled: 2800 }),
    ...cpuSamples(20, "generator", 0.5),
    ...cpuSamples(20, "target", 0.9),
    ...cpuSamples(20, "db", 0.2),
    ...nodeSamples(20),
  ],
  stop: { criterion: "requests", atSeconds: 20, detail: "" },
  loadEndMs: 20100,
};

test("tcp_tw_reuse=1: neither wall, censored, half the ports in use", (t) => {
  const summary = summarizeTrial(well);
  t.is(summary.outcome, "censored");
  t.is(summary.fault, null);
  t.is(summary.measures.requestsBeforeWall, 60000);
  t.is(summary.measures.timeToWallSeconds, null);
  t.is(summary.measures.scanCliffSeconds, null);
  t.is(summary.measures.latencyAfterCliffMs, null);
  t.is(summary.measures.sustainedPerSecond, 3000);
  t.true(near(summary.measures.portUsePeakRatio, 14000 / 28232, 0.001));
  t.deepEqual(
    summary.doubts.map(({ code }) => code),
    ["shared-cpus"],
  );
});

test("a cliff, or a latency ceiling, without a fault is degraded", (t) => {
  const short = { ...storyInput, stop: { criterion: "after" as const, atSeconds: 30, detail: "" } };
  t.is(summarizeTrial(short).outcome, "degraded");
  t.is(summarizeTrial({ ...well, stop: { criterion: "latency", atSeconds: 20, detail: "" } }).outcome, "degraded");
});

test("a load that stopped within its ramp has no sustained rate and no latency, and says so", (t) => {
  const { measures, doubts } = summarizeTrial({ ...well, rampEndMs: 30000, peakPerSecond: 6000 });
  t.is(measures.sustainedPerSecond, null);
  t.is(measures.latencyMs, null);
  t.is(measures.connectionsPerSecond, null);
  const codes = doubts.map(({ code }) => code);
  for (const code of ["ramp-not-over", "no-healthy-latency", "peak-not-reached"]) t.true(codes.includes(code), code);
});

test("a load that came in bursts has no sustained rate, and says so", (t) => {
  const { measures, doubts } = summarizeTrial({ ...well, steadyLoad: false });
  t.is(measures.sustainedPerSecond, null);
  t.true(doubts.some(({ code }) => code === "bursts"));
});

test("what was not sampled is null with a doubt, never 0", (t) => {
  const { measures, doubts } = summarizeTrial({
    ...well,
    samples: portSamples(20, () => 10).filter(({ kind }) => kind === "sockets"),
  });
  t.is(measures.portUsePeakRatio, null);
  t.is(measures.connectionsPerSecond, null);
  t.is(measures.softirqMaxShare, null);
  t.deepEqual(measures.cpuCores, { generator: null, target: null, db: null });
  t.is(doubts.filter(({ code }) => code === "missing-sampler").length, 6);
});

test("invalid, with the reason: lost exports, dead parts, a target that never served, blind spots", (t) => {
  const reason = (more: Partial<TrialInput>) => {
    const { valid, outcome, invalidReason } = summarizeTrial({ ...well, ...more });
    t.is(valid, invalidReason === null);
    t.is(outcome === "failed", !valid);
    return invalidReason;
  };
  t.is(reason({ exports: { received: 38, failed: 2 } }), "2 of 40 exports of the generator were lost");
  t.is(reason({ deaths: { db: ["x", "out of disk"] } }), "db ended under load: out of disk");
  t.is(reason({ deaths: { generator: [] } }), "generator ended under load");
  t.is(reason({ windows: halves(0, 20, 0, 1) }), "no request was completed");
  const refused = [{ kind: "ECONNREFUSED", side: "target" as const, count: 10 }];
  t.is(reason({ windows: halves(0, 20, 10, 1, { faults: refused }) }), "the target never served a request");
  const blind = well.samples.filter(({ atMs }) => atMs < 8000 || atMs > 14000);
  t.is(reason({ samples: blind }), "the target was not watched for 6.2 s of the load: the harness was held up");
  t.is(reason({}), null);
});

test("invalid: a setting that did not take, or changed under load; white space is no difference", (t) => {
  const key = "net.ipv4.ip_local_port_range";
  const reading: SysctlReading = {
    role: "target",
    key,
    asked: "1024 65535",
    before: "32768\t60999",
    effective: "1024\t65535",
    after: "1024\t65535",
    origin: "profile",
  };
  const reason = (more: Partial<SysctlReading>) =>
    summarizeTrial({ ...well, sysctls: [{ ...reading, ...more }] }).invalidReason;
  t.is(reason({}), null);
  t.is(reason({ effective: "32768\t60999" }), `${key} of target did not take: asked 1024 65535, found 32768 60999`);
  t.is(reason({ effective: null }), `${key} of target did not take: asked 1024 65535, found unreadable`);
  t.is(reason({ after: "9 10" }), `${key} of target changed during the trial: 1024 65535 before the load, 9 10 after`);
  const unread = summarizeTrial({ ...well, sysctls: [{ ...reading, after: null }] });
  t.true(unread.valid);
  t.true(unread.doubts.some(({ code }) => code === "not-read-back"));
});

test("a target that dies of the load has broken, at the moment of its death", (t) => {
  const died = { criterion: "target-died" as const, atSeconds: 12, detail: "" };
  const { outcome, fault, measures } = summarizeTrial({ ...well, stop: died, deaths: { target: ["segfault"] } });
  t.is(outcome, "broke");
  t.deepEqual(fault, { kind: "target-died", side: "target", firstSeconds: 12, seenIn: "log", inferred: false });
  t.is(measures.requestsBeforeWall, 36000);
});

test("a generator that ran out of its own ports leaves the target unjudged", (t) => {
  const own = [{ kind: "EADDRNOTAVAIL", side: "generator" as const, count: 300 }];
  const { outcome, generator, doubts, fault } = summarizeTrial({
    ...well,
    windows: halves(0, 20, 1500, 0.6, { faults: own }),
  });
  t.is(outcome, "censored");
  t.is(fault, null);
  t.true(generator.bound);
  t.true(doubts.some(({ code }) => code === "generator-bound"));
});

test("an undeclared fault breaks, with a doubt; scattered failures are only a doubt", (t) => {
  const bare = [{ kind: "HTTP 500", side: "target" as const, count: 300 }];
  const broke = summarizeTrial({
    ...well,
    windows: [...halves(0, 10, 1500, 0.6), ...halves(10, 20, 1500, 0.6, { faults: bare })],
  });
  t.is(broke.fault?.kind, "HTTP 500");
  t.true(broke.doubts.some(({ code }) => code === "undeclared-fault"));
  const [first, ...rest] = halves(0, 20, 1500, 0.6, { faults: [{ kind: "ECONNRESET", side: "target", count: 2 }] });
  const stray = summarizeTrial({ ...well, windows: [...(first ? [first] : []), ...rest] });
  t.is(stray.outcome, "censored");
  t.is(
    stray.doubts.find(({ code }) => code === "stray-faults")?.message,
    "80 requests failed, too few or too scattered to count as a wall",
  );
});
