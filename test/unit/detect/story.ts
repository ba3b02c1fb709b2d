import type { TrialInput } from "../../../harness/detect/trial-input.ts";
import type { Histogram } from "../../../harness/results/histogram.ts";
import type { NodeSample, Sample } from "../../../harness/results/samples.ts";
import { noScriptCounts } from "../../../harness/results/script-counts.ts";
import type { FaultCount, Window } from "../../../harness/results/window.ts";
import { noSources } from "../../helpers/record-parts.ts";

/** A histogram of `count` equal values. */
export function equalLatencies(ms: number, count: number): Histogram {
  const scale = 3;
  const offset = Math.ceil(Math.log2(ms) * 2 ** scale) - 1;
  return { scale, zeroCount: 0, offset, counts: [count], count, sum: ms * count, min: ms, max: ms };
}

/** A window of half a second, `at` in seconds. */
export function half(
  at: number,
  requests: number,
  ms: number,
  rest: { faults?: FaultCount[]; dropped?: number; iterationMs?: Histogram } = {},
): Window {
  const faults = rest.faults ?? [];
  const successes = requests - faults.reduce((sum, { count }) => sum + count, 0);
  return {
    startMs: at * 1000,
    endMs: at * 1000 + 500,
    requests,
    faults,
    latencyMs: successes === 0 ? null : equalLatencies(ms, successes),
    iterationMs: rest.iterationMs ?? null,
    droppedIterations: rest.dropped ?? 0,
    script: noScriptCounts,
    thresholds: [],
    virtualUsers: 200,
  };
}

/** Windows from `from` to `to` seconds, all alike. */
export function halves(from: number, to: number, ...as: [number, number, Parameters<typeof half>[3]?]): Window[] {
  return Array.from({ length: (to - from) * 2 }, (_, i) => half(from + i / 2, ...as));
}

export const upstream = { address: "198.18.1.2", port: 3306 };

/** The target's TIME_WAITs and its ports to one destination, as a function of seconds. */
export function portSamples(seconds: number, timeWaits: (at: number) => number, usable = 28232): Sample[] {
  return Array.from({ length: seconds * 10 + 1 }, (_, i) => i / 10).flatMap((at): Sample[] => {
    const timeWait = Math.round(timeWaits(at));
    const sockets: Sample = { kind: "sockets", atMs: at * 1000, role: "target", timeWait, inUse: 10 };
    const destinations = [{ ...upstream, states: { TIME_WAIT: timeWait }, inUse: timeWait }];
    const ports: Sample = {
      kind: "ports",
      atMs: at * 1000,
      role: "target",
      usable,
      destinations,
      ...noSources,
      costMs: 20,
    };
    return at % 2 === 0 ? [sockets, ports] : [sockets];
  });
}

/** A counter sample a second, each value rising by so much a second. */
export function counterSamples(seconds: number, perSecond: Record<string, number>, role = "target"): Sample[] {
  return Array.from({ length: seconds + 1 }, (_, at) => ({
    kind: "counters" as const,
    atMs: at * 1000,
    role,
    values: Object.fromEntries(Object.entries(perSecond).map(([name, rise]) => [name, 100 + rise * at])),
  }));
}

/** CPU time a second, in cores. */
export function cpuSamples(seconds: number, role: string, cores: number): Sample[] {
  return Array.from({ length: seconds + 1 }, (_, at) => ({
    kind: "roleCpu" as const,
    atMs: at * 1000,
    role,
    cpuMs: 50 + cores * at * 1000,
    memoryBytes: 90e6 + at,
    throttledPeriods: 2 * at,
    throttledMs: 3 * at,
  }));
}

export function nodeSamples(seconds: number): NodeSample[] {
  return Array.from({ length: seconds + 1 }, (_, at) => ({
    kind: "node",
    atMs: at * 1000,
    cpuBusyMs: [1000 * at, 250 * at],
    cpuSoftirqMs: [400 * at, 0],
    runCpuMs: 850 * at,
    netRxSoftirqs: [900 * at, 100 * at],
    softnetProcessed: [3000 * at, 1000 * at],
    softnetDropped: [at, 0],
    softnetTimeSqueeze: [0, 2 * at],
    networkInterrupts: [0, 0],
    conntrackCount: 10 * at,
    conntrackMax: 262144,
    conntrackDrops: 5 + at,
    conntrackInsertFailed: 2 * at,
    neighbourTableFulls: 0,
  }));
}

/** TIME_WAITs of the trial measured by hand: half the range at 7.5 s, then slowly on to all of it at 35 s. */
export function storyTimeWaits(at: number): number {
  if (at <= 5) return 1600 * at;
  if (at <= 7.5) return 8000 + ((14122 - 8000) * (at - 5)) / 2.5;
  return Math.min(28232, 14122 + ((28232 - 14122) * (at - 7.5)) / 27.5);
}

const refused = (count: number): FaultCount[] => [{ kind: "EADDRNOTAVAIL", side: "target", count }];

/** The windows of that trial: ramp, 2,850/s, the scan cliff at 7.5 s with 465/s, the hard wall at 35 s, stop at 36 s. */
export const storyWindows: Window[] = [
  ...Array.from({ length: 10 }, (_, i) => half(i / 2, 250 + 125 * i, 2.5)),
  ...halves(5, 7.5, 1425, 0.7),
  ...halves(7.5, 35, 232, 391, { dropped: 1267 }),
  half(35, 150, 1175, { faults: refused(103), dropped: 1200 }),
  half(35.5, 120, 1600, { faults: refused(120), dropped: 1200 }),
];

export const storyInput: TrialInput = {
  windows: storyWindows,
  samples: [
    ...portSamples(37, storyTimeWaits),
    ...counterSamples(37, { ActiveOpens: 700, TWRecycled: 0, ListenDrops: 0 }),
    ...cpuSamples(37, "generator", 0.5),
    ...cpuSamples(37, "target", 0.9),
    ...cpuSamples(37, "db", 0.2),
    ...nodeSamples(37),
  ],
  events: [],
  criteria: {
    fault: { kind: "EADDRNOTAVAIL", ratio: 0.01, windows: 2 },
    requests: 150000,
    afterMs: 75000,
    latency: null,
    cliff: null,
    saturated: null,
  },
  signatures: [{ kind: "EADDRNOTAVAIL", match: "cannot assign requested address", in: "body" }],
  stop: { criterion: "fault", atSeconds: 36, fault: "EADDRNOTAVAIL", ratio: 0.01, windows: 2 },
  rampEndMs: 5000,
  loadEndMs: 36100,
  virtualUsers: 200,
  peakPerSecond: 3000,
  due: (ms) => (ms < 5000 ? 0.5 * ms + 0.00025 * ms ** 2 : 8750 + 3 * (ms - 5000)),
  steadyLoad: true,
  replicas: 1,
  conditions: [],
  relayed: [],
  roles: { target: { address: "198.18.0.2", port: 8080 }, upstreams: { db: upstream } },
  sysctls: [],
  ports: { target: { range: { low: 32768, high: 60999 }, reserved: 0, usable: 28232, maxTimeWaitBuckets: 262144 } },
  listen: { port: 8080, effectiveLimit: 511, somaxconn: 4096 },
  upstreamLimits: {},
  cpusAllowed: { generator: null, target: null, db: null },
  generator: { contained: false, cores: 2, startKnownToMs: 250 },
  cpus: 2,
  steering: { irqs: [], irqbalanceRunning: false },
  rpsCpus: { target: "0" },
  exports: { received: 72, failed: 0 },
  thrown: 0,
  losses: [],
  platform: null,
  deaths: {},
};

/** A trial whose ports are taken again: 3,000/s for 20 s, ended by its number of requests, nothing amiss. */
export const well: TrialInput = {
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
  due: (ms) => 3 * ms,
  stop: { criterion: "requests", atSeconds: 20, requests: 20_000 },
  loadEndMs: 20100,
};
