import test from "ava";
import { summarizeTrial } from "../../../harness/detect/summarize.ts";
import { statusFault } from "../../../harness/results/window.ts";
import { half, halves, portSamples, storyInput, upstream, well } from "./story.ts";

const near = (value: number | null | undefined, wanted: number, share: number) =>
  value !== null && value !== undefined && Math.abs(value - wanted) <= share * wanted;

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

test("latency of the first 1, 2, 4 ... s after the ramp, as far as the time before the wall lasts", (t) => {
  const { measures } = summarizeTrial(storyInput);
  t.is(measures.latencyMs?.seconds, 2.5);
  t.deepEqual(
    measures.latencyFirstMs.map(({ seconds, count }) => [seconds, count]),
    [
      [1, 2 * 1425],
      [2, 4 * 1425],
    ],
  );
  // From the fourth second on each request takes ten times as long: the first seconds do not know it.
  const windows = [...halves(0, 8, 1500, 0.6), ...halves(8, 20, 1500, 6)];
  const slower = summarizeTrial({ ...well, windows }).measures;
  t.deepEqual(
    slower.latencyFirstMs.map(({ seconds, max }) => [seconds, max]),
    [
      [1, 0.6],
      [2, 0.6],
      [4, 6],
      [8, 6],
    ],
  );
});

test("the share of requests that failed while latency was measured leaves out what failed behind the wall", (t) => {
  t.is(summarizeTrial(storyInput).measures.latencyMs?.failedShare, 0);
  const windows = halves(0, 20, 1000, 0.6, { faults: [statusFault(503, 5)] });
  t.is(summarizeTrial({ ...well, windows }).measures.latencyMs?.failedShare, 0.005);
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
  t.deepEqual(evidence.conntrack, { peak: 360, max: 262144, drops: 36, insertFailed: 72 });
  t.deepEqual(evidence.throttledMs, { generator: 108, target: 108, db: 108 });
  t.deepEqual(evidence.acceptQueues, [
    {
      ...{ role: "target", port: 8080, effectiveLimit: 511, somaxconn: 4096 },
      ...{ peakQueued: 0, looks: 0, leastQueued: null, overflows: 0, drops: 0 },
    },
  ]);
  t.deepEqual(evidence.steering, { irqs: [], irqbalanceRunning: false, rpsCpus: { target: "0" } });
});

test("the last look, just after the stop, counts for ports in use", (t) => {
  const samples = portSamples(42, (at) => (at < 41 ? 27445 : 28232));
  const stop = { criterion: "fault" as const, atSeconds: 41.5, fault: "EADDRNOTAVAIL", ratio: 0.01, windows: 2 };
  const { evidence } = summarizeTrial({ ...storyInput, samples, stop, loadEndMs: 41600 });
  t.is(evidence.ports[0]?.peakInUse, 28232);
});

test("a load that stopped within its ramp has no sustained rate and no latency, and says so", (t) => {
  const { measures, caveats } = summarizeTrial({ ...well, rampEndMs: 30000, peakPerSecond: 6000 });
  t.is(measures.sustainedPerSecond, null);
  t.is(measures.latencyMs, null);
  t.is(measures.connectionsPerSecond, null);
  const codes = caveats.map(({ code }) => code);
  for (const code of ["ramp-not-over", "no-healthy-latency", "peak-not-reached"] as const)
    t.true(codes.includes(code), code);
  t.false(codes.includes("missing-sampler") || codes.includes("cpu-time-not-sampled"));
  t.deepEqual(
    caveats.find(({ code }) => code === "nothing-after-ramp"),
    { code: "nothing-after-ramp", connectionRate: true, cpuRoles: ["generator", "target", "db"] },
  );
});

test("a load that came in bursts has no sustained rate, and says so", (t) => {
  const { measures, caveats } = summarizeTrial({ ...well, steadyLoad: false });
  t.is(measures.sustainedPerSecond, null);
  t.true(caveats.some(({ code }) => code === "bursts"));
});

test("what was not sampled is null with a caveat, never 0", (t) => {
  const { measures, caveats } = summarizeTrial({
    ...well,
    samples: portSamples(20, () => 10).filter(({ kind }) => kind === "sockets"),
  });
  t.is(measures.portUsePeakRatio, null);
  t.is(measures.connectionsPerSecond, null);
  t.is(measures.softirqMaxShare, null);
  t.deepEqual(measures.cpuCores, { generator: null, target: null, db: null });
  const missing = caveats.flatMap((caveat) => (caveat.code === "missing-sampler" ? [caveat.sampler] : []));
  t.deepEqual(missing, ["port-table", "opened-connections", "receive-work"]);
  const roles = caveats.flatMap((caveat) => (caveat.code === "cpu-time-not-sampled" ? [caveat.role] : []));
  t.deepEqual(roles, ["generator", "target", "db"]);
});

test("a trial of hours: more samples than a call can have arguments", (t) => {
  const seconds = 60_000;
  const samples = portSamples(seconds, () => 100);
  const stop = { criterion: "requests" as const, atSeconds: seconds, requests: 20_000 };
  const windows = Array.from({ length: seconds / 100 }, (_, i) => half(i * 100, 1500, 0.6));
  const { measures } = summarizeTrial({ ...well, samples, windows, stop, loadEndMs: seconds * 1000 });
  t.is(measures.timeWaitPeak, 100);
  t.true(samples.length > 600_000);
});

test("an accept queue's limit that could not be read is a caveat", (t) => {
  const codes = (effectiveLimit: number | null) =>
    summarizeTrial({ ...well, listen: { ...well.listen, effectiveLimit } }).caveats.map(({ code }) => code);
  t.true(codes(null).includes("listen-limit-unknown"));
  t.false(codes(511).includes("listen-limit-unknown"));
});
