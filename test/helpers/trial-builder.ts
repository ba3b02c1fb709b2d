import { judgedByDefault, measureOf } from "../../harness/core/measures.ts";
import type { Evidence } from "../../harness/results/evidence.ts";
import type { ProfileRecord, RunRecord } from "../../harness/results/run.ts";
import { schemaVersion } from "../../harness/results/schema-version.ts";
import { noScriptCounts } from "../../harness/results/script-counts.ts";
import type { GeneratorHealth, LoadRecord, Measures, TrialRecord } from "../../harness/results/trial.ts";
import {
  firstLatencies,
  healthyEvidence,
  healthyLoad,
  healthyMeasures,
  keptUp,
  latency,
  percentiles,
  portEvidence,
} from "./record-parts.ts";

/** What a test changes against a healthy trial; nested records are laid over field by field. */
export type TrialOverrides = Partial<Omit<TrialRecord, "measures" | "evidence" | "generator" | "load">> & {
  measures?: Partial<Measures>;
  evidence?: Partial<Evidence>;
  generator?: Partial<GeneratorHealth>;
  load?: Partial<LoadRecord>;
};

/** A whole trial.json: by default a healthy one on 2 CPUs that reached its 150,000 requests with no fault (held). */
export function trialRecord(overrides: TrialOverrides = {}): TrialRecord {
  const { measures, evidence, generator, load, ...rest } = overrides;
  const whole = measures?.latencyMs ?? null;
  return {
    schemaVersion,
    runId: "20261121T080225Z-port-exhaustion-3f9a",
    sequence: 1,
    block: 1,
    profile: "baseline",
    attempt: 1,
    purpose: "compare",
    step: null,
    find: null,
    startedAt: "2026-11-21T08:02:25.000Z",
    valid: true,
    invalidReason: null,
    outcome: "held",
    stoppedBy: { criterion: "requests", atSeconds: 52, requests: 150_000 },
    platform: null,
    fault: null,
    requests: 150_000,
    successes: 150_000,
    faults: [],
    iterations: 150_000,
    script: noScriptCounts,
    kept: keptUp(),
    perIteration: null,
    goals: [],
    thresholds: [],
    conditions: [],
    search: null,
    duet: null,
    sysctls: [],
    references: {},
    samplers: [],
    loadSeconds: 52,
    overheadSeconds: 0.8,
    lastWords: {},
    caveats: [],
    ...rest,
    measures: {
      ...healthyMeasures(),
      ...(whole === null ? {} : { latencyFirstMs: firstLatencies(whole) }),
      ...measures,
    },
    evidence: { ...healthyEvidence(), ...evidence },
    generator: {
      bound: false,
      signs: [],
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
    suiteFile: "/suites/port-exhaustion/suite.yaml",
    kind: "experiment",
    startedAt: "2026-11-21T08:02:25.000Z",
    seed: 7,
    blocks,
    looks: [],
    recheckBlocks: 0,
    retries: 0,
    disturbedRetries: 0,
    baseline: profiles[0]?.name ?? "baseline",
    tolerance: 0.05,
    judged: judgedByDefault.map((name) => ({
      name,
      direction: measureOf(name).better,
      tolerance: rest.tolerance ?? 0.05,
    })),
    design: profiles.some(({ levels }) => Object.keys(levels).length > 0) ? "factorial" : "profiles",
    experiment: { kind: "fixed", goals: [] },
    calibration: null,
    profiles,
    order: order.map(({ block, profile }, index) => ({
      sequence: index + 1,
      block: block + 1,
      profile: profile.name,
    })),
    predictions: [],
    load: { peakPerSecond: 3000, rampSeconds: 5, virtualUsers: 200, keepConnections: true },
    script: null,
    stop: {
      fault: { kind: "EADDRNOTAVAIL", ratio: 0.01, windows: 2 },
      requests: 150_000,
      afterMs: 75_000,
      latency: null,
      cliff: null,
      saturated: null,
    },
    faults: [{ kind: "EADDRNOTAVAIL", match: "cannot assign requested address", in: "body" }],
    digests: {},
    provenance: {
      tunebench: "0.1.0",
      node: "v24.21.0",
      engine: "k6 v2.2.0",
      kernel: "6.18.0",
      cpuModel: "Some CPU @ 2.4GHz",
      cpus: 2,
      memoryBytes: 8 * 2 ** 30,
      environment: {
        kind: "netns",
        cluster: "local",
        clusterFile: null,
        rootless: false,
        kubernetes: null,
        containers: null,
      },
    },
    caveats: [],
    ended: { at: "2026-11-21T08:20:00.000Z", reason: "done", why: [] },
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
  return {
    name,
    sysctls: target,
    env: {},
    upstreamEnv: {},
    command: null,
    rps: null,
    route: null,
    image: null,
    nodeSelector: {},
    load: {},
    levels,
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
    stoppedBy: { criterion: "fault", atSeconds: 35.5, fault: "EADDRNOTAVAIL", ratio: 0.01, windows: 2 },
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
      latencyMs: latency(2.5, { count: 7125, seconds: 2.5 }),
      latencyAfterCliffMs: { ...percentiles(900, { count: 12_788 }), lowerBound: true },
      timeWaitPeak: 28_232,
      portUsePeakRatio: 1,
      connectionsPerSecond: 790,
      ...measures,
    },
    evidence: {
      ports: [portEvidence({ peakInUse: 28_232, peakTimeWait: 28_232 })],
      cliff: { beforePerSecond: 2850, afterPerSecond: 465 },
      ...evidence,
    },
  });
}
