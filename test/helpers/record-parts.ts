import type { Evidence, PortEvidence, ProcessEvidence, Spread } from "../../harness/results/evidence.ts";
import type { KeptUp } from "../../harness/results/kept-up.ts";
import type { HealthyLatency, LatencySummary } from "../../harness/results/latency.ts";
import type { PredictedWalls } from "../../harness/results/prediction.ts";
import type { LoadRecord, Measures, TrialPlatform } from "../../harness/results/trial.ts";

/** The arithmetic for a default port range at 3,000 new connections a second. */
export function predictedWalls(overrides: Partial<PredictedWalls> = {}): PredictedWalls {
  return {
    profile: "baseline",
    usablePorts: 28_232,
    cliffPorts: 14_116,
    cliffSeconds: 7.3,
    wallPorts: 28_232,
    wallSeconds: 12,
    sustainablePerSecond: 470,
    bucketsBelowPorts: false,
    assumptions: [{ code: "connection-per-request" }],
    ...overrides,
  };
}

/** Percentiles around a p99; bucket width 2.2%, as k6's scale 5 has it. */
export function percentiles(p99: number, overrides: Partial<LatencySummary> = {}): LatencySummary {
  const shape = { p50: p99 * 0.4, p90: p99 * 0.7, p99, max: p99 * 3, count: 100_000, resolutionRatio: 0.022 };
  return { ...shape, ...overrides };
}

/** A service that served what was asked. */
export function keptUp(overrides: Partial<KeptUp> = {}): KeptUp {
  const whole = { askedPerSecond: 3000, servedPerSecond: 2990, windows: 94, shortWindows: 0 };
  return { ...whole, droppedIterations: 0, unansweredUsers: 0, ...overrides };
}

/** The same of requests of which none failed. */
export function latency(p99: number, overrides: Partial<HealthyLatency> = {}): HealthyLatency {
  return { ...percentiles(p99), failedShare: 0, seconds: 47, ...overrides };
}

/** What a trial with this latency has of its first 1, 2, 4 ... s: the same, of as many requests as the time allows. */
export function firstLatencies(whole: HealthyLatency): Measures["latencyFirstMs"] {
  const lengths = [1, 2, 4, 8, 16, 32, 64].filter((seconds) => seconds <= whole.seconds);
  return lengths.map((seconds) => ({ ...whole, seconds, count: Math.round((whole.count * seconds) / whole.seconds) }));
}

/** Work per CPU, in counts, as a Spread. */
export function spread(counts: number[]): Spread {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const mean = total / counts.length;
  const most = Math.max(...counts);
  const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / counts.length;
  return {
    total,
    perCpu: counts.map((count) => count / total),
    maxShare: most / total,
    maxOverMean: most / mean,
    coefficientOfVariation: Math.sqrt(variance) / mean,
    busiestCpu: counts.indexOf(most),
  };
}

/** The target's ports towards one upstream. */
export function portEvidence(overrides: Partial<PortEvidence> = {}): PortEvidence {
  return {
    role: "target",
    range: { low: 32_768, high: 60_999 },
    reserved: 0,
    usable: 28_232,
    destination: { address: "198.18.0.10", port: 3306, name: "db" },
    peakInUse: 20,
    peakTimeWait: 0,
    maxTimeWaitBuckets: 65_536,
    ...overrides,
  };
}

/** 150,000 requests at 2,990/s with no wall. */
export function healthyMeasures(): Measures {
  return {
    requestsBeforeWall: 150_000,
    timeToWallSeconds: 52,
    scanCliffSeconds: null,
    sustainableRatePerSecond: null,
    faultRatio: 0,
    sustainedPerSecond: 2990,
    latencyMs: latency(1.5),
    latencyFirstMs: firstLatencies(latency(1.5)),
    latencyAfterCliffMs: null,
    timeWaitPeak: 0,
    portUsePeakRatio: 0.001,
    connectionsPerSecond: 4,
    interruptMaxShare: null,
    softirqMaxShare: 0.52,
    cpuCores: { target: 0.6, generator: 0.5, db: 0.2 },
    memoryPeakBytes: { target: 90e6, generator: 200e6, db: 60e6 },
    cpuMsPerRequest: 0.2,
  };
}

/** Two CPUs that share the work, no queue full, hardly any port in use. */
export function healthyEvidence(): Evidence {
  return {
    ports: [portEvidence()],
    acceptQueues: [
      {
        role: "target",
        port: 8080,
        effectiveLimit: 511,
        somaxconn: 4096,
        peakQueued: 3,
        looks: 47,
        leastQueued: 0,
        overflows: 0,
        drops: 0,
      },
    ],
    timeWaits: { generator: 0, target: 0, db: 0 },
    counters: { target: { TWRecycled: 0, TCPTimeWaitOverflow: 0, ListenOverflows: 0, ListenDrops: 0 } },
    interrupts: null,
    netRxSoftirqs: spread([52_000, 48_000]),
    softnetProcessed: spread([52_000, 48_000]),
    softnetDropped: 0,
    softnetTimeSqueeze: 0,
    cliff: null,
    cpuBusy: [0.66, 0.64],
    cpuSoftirq: [0.1, 0.09],
    otherCpu: { cpus: 2, share: 0.01, peakShare: 0.04, windows: 52, disturbedWindows: 0 },
    conntrack: null,
    throttledMs: { target: null, generator: null, db: null },
    throttledPeriods: { target: null, generator: null, db: null },
    cpusAllowed: { target: null, generator: null, db: null },
    demand: {
      askedPerSecond: 2990,
      servedPerSecond: 2990,
      peakServedPerSecond: 3000,
      droppedShare: 0,
      droppingWindows: 0,
      requestsInFlight: 2,
      virtualUsers: 200,
      leastLatencyMs: 0.3,
      medianLatencyMs: 0.6,
    },
    connections: [
      {
        role: "target",
        destination: { address: "198.18.0.10", port: 3306, name: "db" },
        open: 20,
        growth: { fewInFlight: 1, openAtFew: 20, manyInFlight: 3, openAtMany: 20 },
      },
    ],
    sources: [{ role: "target", address: "198.18.0.2", usable: 28_232, peakInUse: 20, connections: 20 }],
    processes: { target: healthyProcesses() },
    transfers: { target: { outBytesPerSecond: 2e6, variation: 0.01, unsentBytes: 0, unreadBytes: 0 } },
    unixQueues: [],
    neighbourTableFulls: 0,
    logged: [],
    repeatedLines: {},
    steering: { rpsCpus: { target: "0" }, irqs: [], irqbalanceRunning: false },
  };
}

/** Processes that hardly wait for a CPU and are far from their limits. */
export function healthyProcesses(overrides: Partial<ProcessEvidence> = {}): ProcessEvidence {
  return {
    runDelayCores: 0.02,
    openFiles: 240,
    openFilesLimit: 1024,
    groupMemoryPeakBytes: null,
    groupMemoryLimitBytes: null,
    oomKills: null,
    cpuPeriods: null,
    ...overrides,
  };
}

/** Of a look at the table of connections, what no port is taken from. */
export const noSources = { sources: [], unsentBytes: 0, unreadBytes: 0 };

/** Five seconds of ramp, stopped after 52 s. */
export function healthyLoad(): LoadRecord {
  return {
    firstRequestMs: 300,
    rampEndMs: 5300,
    stopDecidedMs: 52_300,
    idleMs: 52_700,
    preAllocatedVirtualUsers: 200,
    exports: { received: 104, failed: 0 },
    generator: { exitCode: 0, signal: null },
    runners: [],
    startSkewMs: null,
  };
}

/** Where a pod ran whose sysctls stood in its own spec. */
export function clusterPlatform(overrides: Partial<TrialPlatform> = {}): TrialPlatform {
  return {
    node: "node-a",
    instanceType: "m7i.large",
    kernel: "6.12.40-amd64",
    osImage: "Amazon Linux 2023",
    containerRuntime: "containerd://2.1.5",
    kubelet: "v1.34.3",
    route: "pod-sysctls",
    runners: 1,
    runnerNodes: ["node-b"],
    nodeObserved: true,
    defaultPodSysctls: {},
    installed: null,
    ...overrides,
  };
}
