import type { PredictedWalls, ProfileRecord, RunRecord } from "../../harness/results/run.ts";
import {
  type Evidence,
  type GeneratorHealth,
  type LatencySummary,
  type LoadRecord,
  type Measures,
  type PortEvidence,
  type Spread,
  schemaVersion,
  type TrialRecord,
} from "../../harness/results/trial.ts";

/** What a test changes against a healthy trial; nested records are laid over field by field. */
export type TrialOverrides = Partial<Omit<TrialRecord, "measures" | "evidence" | "generator" | "load">> & {
  measures?: Partial<Measures>;
  evidence?: Partial<Evidence>;
  generator?: Partial<GeneratorHealth>;
  load?: Partial<LoadRecord>;
};

/** A whole trial.json: by default a healthy one on 2 CPUs that reached its 150,000 requests with no fault (censored). */
export function trialRecord(overrides: TrialOverrides = {}): TrialRecord {
  const { measures, evidence, generator, load, ...rest } = overrides;
  return {
    schemaVersion,
    runId: "20261121T080225Z-port-exhaustion-3f9a",
    sequence: 1,
    block: 1,
    profile: "baseline",
    startedAt: "2026-11-21T08:02:25.000Z",
    valid: true,
    invalidReason: null,
    outcome: "censored",
    stoppedBy: { criterion: "requests", atSeconds: 52, detail: "150,000 requests" },
    fault: null,
    requests: 150_000,
    successes: 150_000,
    faults: [],
    sysctls: [],
    samplers: [],
    loadSeconds: 52,
    overheadSeconds: 0.8,
    lastWords: {},
    doubts: [],
    ...rest,
    measures: { ...healthyMeasures(), ...measures },
    evidence: { ...healthyEvidence(), ...evidence },
    generator: {
      bound: false,
      reasons: [],
      droppedIterations: 0,
      maxVirtualUsers: 200,
      cpuCores: 0.5,
      ...generator,
    },
    load: { ...healthyLoad(), ...load },
  };
}

/** A whole run.json over the named profiles: every block runs each of them once, in the order given. */
export function runRecord(
  overrides: Partial<Omit<RunRecord, "profiles">> & { profiles?: (string | ProfileRecord)[] } = {},
): RunRecord {
  const { profiles: asked = ["baseline", "reuse"], ...rest } = overrides;
  const profiles = asked.map((profile) => (typeof profile === "string" ? profileRecord(profile) : profile));
  const blocks = rest.blocks ?? 6;
  const order = Array.from({ length: blocks }, (_, block) => profiles.map((profile) => ({ block, profile }))).flat();
  return {
    schemaVersion,
    id: "20261121T080225Z-port-exhaustion-3f9a",
    suite: "port-exhaustion",
    description: null,
    startedAt: "2026-11-21T08:02:25.000Z",
    seed: 7,
    blocks,
    baseline: profiles[0]?.name ?? "baseline",
    tolerance: 0.05,
    profiles,
    order: order.map(({ block, profile }, index) => ({
      sequence: index + 1,
      block: block + 1,
      profile: profile.name,
    })),
    predictions: [],
    load: { peakPerSecond: 3000, rampSeconds: 5, virtualUsers: 200, keepConnections: true },
    stop: {
      fault: { kind: "EADDRNOTAVAIL", ratio: 0.01, windows: 2 },
      requests: 150_000,
      afterMs: 75_000,
      latency: null,
      cliff: null,
    },
    faults: [{ kind: "EADDRNOTAVAIL", match: "cannot assign requested address", in: "body" }],
    digests: {},
    provenance: {
      tunebench: "0.1.0",
      node: "v24.21.0",
      k6: "v2.2.0",
      kernel: "6.18.0",
      cpuModel: "Some CPU @ 2.4GHz",
      cpus: 2,
      memoryBytes: 8 * 2 ** 30,
      environment: { kind: "netns", cluster: "local", rootless: false },
    },
    doubts: [],
    ended: { at: "2026-11-21T08:20:00.000Z", reason: "done", detail: null },
    ...rest,
  };
}

/** A profile with the target's settings; `levels` where it came from factors. */
export function profileRecord(
  name: string,
  sysctls: Record<string, string> = {},
  levels: Record<string, string> = {},
): ProfileRecord {
  const target = Object.keys(sysctls).length > 0 ? { target: sysctls } : {};
  return { name, sysctls: target, env: {}, command: null, rps: null, levels };
}

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
    assumptions: ["one new connection per request"],
    ...overrides,
  };
}

/** Percentiles around a p99; bucket width 2.2%, as k6's scale 5 has it. */
export function latency(p99: number, overrides: Partial<LatencySummary> = {}): LatencySummary {
  const shape = { p50: p99 * 0.4, p90: p99 * 0.7, p99, max: p99 * 3, count: 100_000, resolutionRatio: 0.022 };
  return { ...shape, ...overrides };
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

/**
 * The measured story of a baseline without a connection pool: 2,850/s until half the range is in TIME_WAIT, then
 * 465/s, then 503 after 28,232 requests.
 */
export function exhaustedTrial(overrides: TrialOverrides = {}): TrialRecord {
  const { measures, evidence, ...rest } = overrides;
  return trialRecord({
    outcome: "broke",
    stoppedBy: { criterion: "fault", atSeconds: 35.5, detail: "EADDRNOTAVAIL above 1% for 2 windows" },
    fault: { kind: "EADDRNOTAVAIL", side: "target", firstSeconds: 35, seenIn: "body", inferred: false },
    requests: 28_530,
    successes: 28_232,
    faults: [{ kind: "EADDRNOTAVAIL", side: "target", count: 298 }],
    loadSeconds: 36,
    ...rest,
    measures: {
      requestsBeforeWall: 28_232,
      timeToWallSeconds: 35,
      scanCliffSeconds: 7.5,
      sustainedPerSecond: 750,
      latencyMs: latency(2.5),
      latencyAfterCliffMs: { ...latency(900), lowerBound: true },
      timeWaitPeak: 28_232,
      portUsePeakRatio: 1,
      connectionsPerSecond: 790,
      ...measures,
    },
    evidence: {
      ports: [portEvidence({ peakInUse: 28_232, peakTimeWait: 28_232 })],
      ...evidence,
    },
  });
}

function healthyMeasures(): Measures {
  return {
    requestsBeforeWall: 150_000,
    timeToWallSeconds: 52,
    scanCliffSeconds: null,
    sustainedPerSecond: 2990,
    latencyMs: latency(1.5),
    latencyAfterCliffMs: null,
    timeWaitPeak: 0,
    portUsePeakRatio: 0.001,
    connectionsPerSecond: 4,
    interruptMaxShare: null,
    softirqMaxShare: 0.52,
    cpuCores: { target: 0.6, generator: 0.5, db: 0.2 },
  };
}

function healthyEvidence(): Evidence {
  return {
    ports: [portEvidence()],
    acceptQueues: [{ port: 8080, effectiveLimit: 511, somaxconn: 4096, peakQueued: 3, overflows: 0, drops: 0 }],
    counters: { target: { TWRecycled: 0, TCPTimeWaitOverflow: 0, ListenOverflows: 0, ListenDrops: 0 } },
    interrupts: null,
    netRxSoftirqs: spread([52_000, 48_000]),
    softnetProcessed: spread([52_000, 48_000]),
    softnetDropped: 0,
    softnetTimeSqueeze: 0,
    cpuBusy: [0.66, 0.64],
    cpuSoftirq: [0.1, 0.09],
    conntrack: null,
    throttledMs: { target: null, generator: null, db: null },
    throttledPeriods: { target: null, generator: null, db: null },
    cpusAllowed: { target: null, generator: null, db: null },
    steering: { rpsCpus: { target: "0" }, irqs: [], irqbalanceRunning: false },
  };
}

function healthyLoad(): LoadRecord {
  return {
    firstRequestMs: 300,
    rampEndMs: 5300,
    stopDecidedMs: 52_300,
    idleMs: 52_700,
    endedMs: 52_800,
    preAllocatedVirtualUsers: 200,
    exports: { received: 104, failed: 0 },
    k6: { exitCode: 0, signal: null, meaning: "ended as asked" },
  };
}
