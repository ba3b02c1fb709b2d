import type { RuleId } from "../../harness/diagnose/finding.ts";
import type { AcceptQueueEvidence } from "../../harness/results/evidence.ts";
import type { TrialRecord } from "../../harness/results/trial.ts";
import { clusterPlatform, portEvidence, spread } from "./record-parts.ts";
import { exhaustedTrial, trialRecord } from "./trial-builder.ts";

/** Trials that show what each rule finds, in its variants: a rule without one does not compile. */
export const findingExamples: { [Id in RuleId]: TrialRecord[] } = {
  "target-crashed": [
    trialRecord({
      stoppedBy: {
        criterion: "target-died",
        atSeconds: 12,
        role: "target-2",
        death: { kind: "ended", exitCode: 1, signal: null },
      },
      lastWords: { "target-2": ["starting", "heap out of memory"] },
    }),
    trialRecord({
      stoppedBy: {
        criterion: "upstream-died",
        atSeconds: 3,
        role: "db",
        death: { kind: "ended", exitCode: null, signal: "SIGSEGV" },
      },
      lastWords: { db: [] },
    }),
  ],
  "generator-bound": [
    trialRecord({
      generator: {
        bound: true,
        droppedIterations: 5000,
        signs: [
          { kind: "iterations-dropped", iterations: 5000, waitingVirtualUsers: 10, virtualUsers: 200 },
          { kind: "cores-used", usedCores: 1.8, cores: 2 },
          { kind: "own-failures", fault: "EADDRNOTAVAIL", requests: 6 },
          { kind: "own-failures", fault: "EMFILE", requests: 4 },
        ],
      },
    }),
    inCluster({ generator: { bound: true, signs: [{ kind: "cpu-limited", timeShare: 0.4 }], cpuCores: null } }),
  ],
  "time-wait-bucket-overflow": [
    trialRecord({
      evidence: {
        counters: { db: { TCPTimeWaitOverflow: 6_808 } },
        ports: [portEvidence({ role: "db", maxTimeWaitBuckets: 8_192, usable: 10_000 })],
      },
    }),
  ],
  "port-exhaustion": [
    exhaustedTrial(),
    exhaustedTrial({
      fault: { kind: "EADDRNOTAVAIL", side: "target", firstSeconds: 35, seenIn: "inferred", inferred: true },
      faults: [{ kind: "HTTP 503", side: "target", count: 300 }],
      sysctls: [
        {
          role: "target",
          key: "net.ipv4.tcp_tw_reuse",
          asked: "1",
          before: "2",
          effective: "1",
          after: "1",
          origin: "profile",
        },
      ],
    }),
    exhaustedTrial({
      evidence: {
        ports: [
          portEvidence({
            destination: { address: "10.0.0.9", port: 443, name: null },
            peakInUse: 28_232,
            peakTimeWait: 12,
          }),
        ],
      },
      measures: { timeWaitPeak: 12 },
    }),
  ],
  "scan-cliff": [exhaustedTrial(), exhaustedTrial({ evidence: { cliff: null } })],
  "accept-queue-overflow": [
    overflow({ effectiveLimit: 511, somaxconn: 4096 }),
    overflow({ effectiveLimit: 128, somaxconn: 128 }),
    overflow({ effectiveLimit: null }),
  ],
  "conntrack-full": [trialRecord({ evidence: { conntrack: { peak: 65_536, max: 65_536, drops: 210 } } })],
  "cgroup-throttling": [
    trialRecord({ evidence: { throttledMs: { target: 300, db: 20_800 }, throttledPeriods: { db: 70 } } }),
  ],
  "receive-work-on-one-cpu": [
    trialRecord({
      evidence: {
        softnetProcessed: spread([96_000, 900]),
        netRxSoftirqs: spread([96_000, 48_000]),
        cpuBusy: [0.99, 0.6],
        cpuSoftirq: [0.55, 0.01],
      },
    }),
    inCluster({
      evidence: {
        softnetProcessed: spread([9, 96_000, 0]),
        netRxSoftirqs: null,
        interrupts: spread([0, 900, 0]),
        cpuBusy: [0.2, 1, 0.3],
        cpuSoftirq: [0, 0.8, 0],
        steering: { rpsCpus: {}, irqs: [], irqbalanceRunning: null },
      },
    }),
  ],
  "target-cpu-bound": [
    trialRecord({ measures: { cpuCores: { target: 1.9 } } }),
    trialRecord({ measures: { cpuCores: { target: 1 } }, outcome: "degraded" }),
  ],
};

function overflow(overrides: Partial<AcceptQueueEvidence>): TrialRecord {
  const queue = { port: 8080, effectiveLimit: 511, somaxconn: 4096, peakQueued: 512, overflows: 4000, drops: 4100 };
  return trialRecord({ evidence: { acceptQueues: [{ ...queue, ...overrides }] } });
}

function inCluster(overrides: Parameters<typeof trialRecord>[0]): TrialRecord {
  return { ...trialRecord(overrides), platform: clusterPlatform() };
}
