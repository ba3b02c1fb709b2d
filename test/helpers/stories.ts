import type { ProfileRecord, RunRecord } from "../../harness/results/run.ts";
import type { TrialRecord } from "../../harness/results/trial.ts";
import { latency, portEvidence, predictedWalls, spread } from "./record-parts.ts";
import { exhaustedTrial, profileRecord, runRecord, type TrialOverrides, trialRecord } from "./trial-builder.ts";

/** A run and its trials, as analysis takes them. */
export interface StoredRun {
  run: RunRecord;
  trials: TrialRecord[];
}

type Make = (overrides: TrialOverrides, block: number) => TrialRecord;

/** Every profile once in every block, made by its own builder. */
export function storedRun(blocks: number, profiles: [ProfileRecord, Make][], run: Partial<RunRecord> = {}): StoredRun {
  const records = profiles.map(([profile]) => profile);
  const trials = Array.from({ length: blocks }, (_, index) => index + 1).flatMap((block) =>
    profiles.map(([{ name }, make], place) =>
      make({ block, profile: name, sequence: (block - 1) * profiles.length + place + 1 }, block),
    ),
  );
  return { run: runRecord({ ...run, blocks, profiles: records }), trials };
}

const reuse = { "net.ipv4.tcp_tw_reuse": "1" };
const range = { "net.ipv4.ip_local_port_range": "1024 65535" };
const backlog = { "net.core.somaxconn": "65535" };

/** The numbers measured by hand (exhaustedTrial), with a wide range that was stopped past its cliff. */
export function portExhaustionRun(blocks: number): StoredRun {
  const wide: Make = (overrides) =>
    exhaustedTrial({
      ...overrides,
      outcome: "degraded",
      fault: null,
      faults: [],
      successes: 62_000,
      stoppedBy: { criterion: "after", atSeconds: 75, afterMs: 75_000 },
      measures: { requestsBeforeWall: 62_000, timeToWallSeconds: 75, scanCliffSeconds: 13.6, sustainedPerSecond: 800 },
      evidence: { ports: [portEvidence({ usable: 64_512, peakInUse: 52_000, peakTimeWait: 52_000 })] },
    });
  return storedRun(
    blocks,
    [
      [profileRecord("baseline"), (overrides) => exhaustedTrial(overrides)],
      [profileRecord("reuse", reuse), (overrides) => trialRecord(overrides)],
      [profileRecord("range", range), wide],
      [profileRecord("backlog", backlog), (overrides) => exhaustedTrial(overrides)],
      [profileRecord("all", { ...reuse, ...range, ...backlog }), (overrides) => trialRecord(overrides)],
    ],
    { predictions: [predictedWalls()] },
  );
}

/** The healthy control: every profile the same but for a per cent of noise. */
export function keepAliveRun(blocks: number): StoredRun {
  const healthy = (shift: number): Make => {
    return (overrides, block) => {
      const noise = 1 + 0.01 * Math.sin(block * 12.9 + shift);
      return trialRecord({
        ...overrides,
        measures: { sustainedPerSecond: 2990 * noise, latencyMs: latency(1.5 * noise) },
      });
    };
  };
  const profiles: [ProfileRecord, Make][] = [
    [profileRecord("baseline"), healthy(0)],
    [profileRecord("reuse", reuse), healthy(1)],
    [profileRecord("backlog", backlog), healthy(2)],
  ];
  return storedRun(blocks, profiles, { suite: "keep-alive" });
}

/** Factors: the program's own backlog and somaxconn. Only both together carry the bursts. */
export function acceptQueueRun(blocks: number): StoredRun {
  const overflowing = (effectiveLimit: number, somaxconn: number): Make => {
    const looks = { looks: 47, leastQueued: 0, peakQueued: 512 };
    const limits = { role: "target", port: 8080, effectiveLimit, somaxconn };
    const acceptQueues = [{ ...limits, ...looks, overflows: 9_000, drops: 9_000 }];
    return (overrides) =>
      trialRecord({
        ...overrides,
        outcome: "broke",
        fault: { kind: "dial timeout", side: "target", firstSeconds: 6, seenIn: "dial", inferred: false },
        faults: [{ kind: "dial timeout", side: "target", count: 400 }],
        requests: 12_400,
        successes: 12_000,
        measures: { requestsBeforeWall: 12_000, timeToWallSeconds: 6, sustainedPerSecond: 1_900 },
        evidence: { acceptQueues },
      });
  };
  const factors = (backlog: string, somaxconn: string): ProfileRecord => ({
    ...profileRecord(
      `appBacklog=${backlog},somaxconn=${somaxconn}`,
      { "net.core.somaxconn": somaxconn },
      { appBacklog: backlog, somaxconn },
    ),
    env: { BACKLOG: backlog },
  });
  return storedRun(
    blocks,
    [
      [factors("511", "4096"), overflowing(511, 4096)],
      [factors("511", "65535"), overflowing(511, 65_535)],
      [factors("65535", "4096"), overflowing(4096, 4096)],
      [factors("65535", "65535"), (overrides) => trialRecord(overrides)],
    ],
    { suite: "accept-queue" },
  );
}

/** All receive work on CPU 0; spreading it gives about a fifth more. */
export function oneCpuRun(blocks: number): StoredRun {
  const served = (rate: number, spreadOut: boolean): Make => {
    return (overrides, block) => {
      const noise = 1 + 0.004 * Math.sin(block * 7.7 + rate);
      return trialRecord({
        ...overrides,
        measures: { sustainedPerSecond: rate * noise, latencyMs: latency(((spreadOut ? 9 : 12) * 1) / noise) },
        evidence: spreadOut
          ? {}
          : {
              softnetProcessed: spread([98_000, 900]),
              netRxSoftirqs: spread([98_000, 40_000]),
              cpuBusy: [0.99, 0.55],
              cpuSoftirq: [0.6, 0.02],
            },
      });
    };
  };
  return storedRun(
    blocks,
    [
      [profileRecord("baseline"), served(9_000, false)],
      [profileRecord("sysctls", backlog), served(9_020, false)],
      [{ ...profileRecord("spread"), rps: "3" }, served(10_900, true)],
    ],
    { suite: "one-cpu" },
  );
}
