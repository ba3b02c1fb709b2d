import type { RuleId } from "../../harness/diagnose/finding.ts";
import type { AcceptQueueEvidence, Evidence, LoggedFault } from "../../harness/results/evidence.ts";
import type { FaultRecord, TrialRecord } from "../../harness/results/trial.ts";
import { clusterPlatform, healthyProcesses, portEvidence, spread } from "./record-parts.ts";
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
  "out-of-memory": [
    trialRecord({
      ...failing("EOF"),
      evidence: {
        processes: {
          target: healthyProcesses({ groupMemoryPeakBytes: 60e6, groupMemoryLimitBytes: 60e6, oomKills: 1 }),
        },
      },
    }),
    trialRecord({ ...failing("ENOMEM"), evidence: { logged: [logged("target", "ENOMEM", "MemoryError")] } }),
  ],
  hung: [
    trialRecord({
      ...failing("NO_ANSWER"),
      fault: { kind: "NO_ANSWER", side: "target", firstSeconds: 5.1, seenIn: "silence", inferred: false },
      faults: [],
    }),
    trialRecord({
      outcome: "saturated",
      kept: {
        ...{ askedPerSecond: 150, servedPerSecond: 147, windows: 8, shortWindows: 8 },
        ...{ droppedIterations: 13, unansweredUsers: 54 },
      },
    }),
  ],
  "source-address-ports": [
    trialRecord({
      ...failing("EADDRINUSE"),
      evidence: {
        sources: [{ role: "target", address: "198.18.0.2", usable: 500, peakInUse: 500, connections: 500 }],
      },
    }),
  ],
  "open-files": [
    trialRecord({
      ...failing("EMFILE", "log"),
      evidence: {
        processes: { target: healthyProcesses({ openFiles: 64, openFilesLimit: 64 }) },
        logged: [logged("target", "EMFILE", "http: Accept error: accept4: too many open files; retrying in 5ms")],
      },
    }),
  ],
  "connection-limit": [
    trialRecord({
      ...failing("HTTP 500", "status"),
      evidence: { logged: [logged("target", "TOO_MANY_CONNECTIONS", "(1040, 'Too many connections')")] },
    }),
    trialRecord({
      ...failing("ECONNRESET", "dial"),
      evidence: { logged: [logged("target", "WORKER_CONNECTIONS", "[alert] 24 worker_connections are not enough")] },
    }),
  ],
  "rate-limit": [
    trialRecord({
      ...failing("HTTP 503", "status"),
      evidence: {
        logged: [logged("target", "RATE_LIMITED", '[error] limiting requests, excess: 5.300 by zone "all"')],
      },
    }),
    trialRecord(failing("HTTP 429", "status")),
  ],
  "pool-exhausted": [trialRecord(failing("POOL_EXHAUSTED"))],
  "refused-dials": [
    trialRecord({
      ...failing("HTTP 502", "status"),
      evidence: { counters: { target: { AttemptFails: 300 }, db: { OutRsts: 300 } } },
    }),
    trialRecord(failing("ECONNREFUSED")),
  ],
  "unix-socket-queue": [
    trialRecord({
      ...failing("EAGAIN"),
      evidence: { unixQueues: [{ role: "target", path: "/run/app.sock", peakQueued: 9 }] },
    }),
  ],
  "syn-queue-overflow": [
    trialRecord({
      outcome: "degraded",
      evidence: { counters: { target: { PassiveOpens: 900, ListenDrops: 236, TCPReqQFullDrop: 236 } } },
    }),
    trialRecord({
      outcome: "degraded",
      evidence: { counters: { target: { PassiveOpens: 900, TCPReqQFullDoCookies: 1593 } } },
    }),
    trialRecord({
      outcome: "degraded",
      evidence: { counters: { target: { PassiveOpens: 900, ListenDrops: 236 } } },
    }),
  ],
  "udp-drops": [
    trialRecord({
      ...failing("HTTP 504", "status"),
      evidence: { counters: { db: { UdpRcvbufErrors: 59, UdpInDatagrams: 121 } } },
    }),
  ],
  "packet-loss": [
    trialRecord({
      outcome: "degraded",
      evidence: {
        counters: { generator: { RetransSegs: 154, OutSegs: 5_100, TCPSynRetrans: 40, ActiveOpens: 1_200 } },
      },
    }),
  ],
  "neighbour-table-full": [trialRecord({ outcome: "degraded", evidence: { neighbourTableFulls: 12 } })],
  "receive-drops": [trialRecord({ outcome: "degraded", evidence: { softnetDropped: 900 } })],
  "slow-accept": [
    behind({
      acceptQueues: [
        {
          ...{ role: "target", port: 8080, effectiveLimit: 4, somaxconn: 4096 },
          ...{ peakQueued: 5, looks: 9, leastQueued: 5, overflows: 365, drops: 365 },
        },
      ],
    }),
  ],
  "bandwidth-cap": [
    behind({ transfers: { target: { outBytesPerSecond: 5e6, variation: 0.01, unsentBytes: 4e6, unreadBytes: 0 } } }),
  ],
  "waits-on-upstream": [
    behind({
      connections: [
        {
          role: "target",
          destination: { address: "198.18.0.10", port: 3306, name: "db" },
          open: 61,
          growth: { fewInFlight: 0, openAtFew: 0, manyInFlight: 60, openAtMany: 61 },
        },
      ],
    }),
  ],
  "program-limit": [behind({})],
  unexplained: [
    trialRecord({
      ...failing("HTTP 500", "status"),
      evidence: { repeatedLines: { target: { line: "Error: no such table: orders", lines: 298 } } },
    }),
    starved(),
  ],
  "scan-cliff": [
    exhaustedTrial(),
    exhaustedTrial({ evidence: { cliff: null } }),
    exhaustedTrial({ evidence: { cliff: { beforePerSecond: 146, afterPerSecond: 154 } } }),
  ],
  "accept-queue-overflow": [
    overflow({ effectiveLimit: 511, somaxconn: 4096 }),
    overflow({ effectiveLimit: 128, somaxconn: 128 }),
    overflow({ effectiveLimit: null }),
  ],
  "conntrack-full": [
    trialRecord({ evidence: { conntrack: { peak: 65_536, max: 65_536, drops: 210, insertFailed: 0 } } }),
  ],
  "masquerade-ports": [
    trialRecord({
      outcome: "saturated",
      evidence: {
        conntrack: { peak: 2_104, max: 262_144, drops: 139, insertFailed: 139 },
        counters: { target: { TCPSynRetrans: 109, ActiveOpens: 2_000 } },
      },
    }),
  ],
  "cgroup-throttling": [
    trialRecord({
      evidence: {
        throttledMs: { target: 1_649 },
        throttledPeriods: { target: 37 },
        processes: { target: healthyProcesses({ cpuPeriods: 47 }) },
      },
    }),
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
  const queue = {
    ...{ role: "target", port: 8080, effectiveLimit: 511, somaxconn: 4096 },
    ...{ peakQueued: 512, looks: 47, leastQueued: 0, overflows: 4000, drops: 4100 },
  };
  return trialRecord({ evidence: { acceptQueues: [{ ...queue, ...overrides }] } });
}

function inCluster(overrides: Parameters<typeof trialRecord>[0]): TrialRecord {
  return { ...trialRecord(overrides), platform: clusterPlatform() };
}

/** A trial that broke by this. */
function failing(kind: string, seenIn: FaultRecord["seenIn"] = "body"): Partial<TrialRecord> {
  return {
    outcome: "broke",
    fault: { kind, side: "target", firstSeconds: 3, seenIn, inferred: false },
    faults: [{ kind, side: "target", count: 298 }],
    requests: 1_000,
    successes: 702,
  };
}

/** A trial in which the target kept up to 96 of 300 requests a second, its CPU idle and two requests served at a time. */
export function behind(evidence: Partial<Evidence>): TrialRecord {
  return trialRecord({
    measures: { cpuCores: { target: 0.05, db: 0.03, generator: 0.1 } },
    evidence: {
      demand: {
        ...{
          askedPerSecond: 300,
          servedPerSecond: 96,
          peakServedPerSecond: 98,
          droppedShare: 0.68,
          droppingWindows: 1,
        },
        ...{ requestsInFlight: 60, virtualUsers: 60, leastLatencyMs: 20.5, medianLatencyMs: 622 },
      },
      connections: [],
      ...evidence,
    },
  });
}

/** As one that fell behind, on CPUs that others had. */
function starved(): TrialRecord {
  return behind({ cpuBusy: [1, 0.99], processes: { target: healthyProcesses({ runDelayCores: 0.6 }) } });
}

function logged(role: string, fault: string, line: string): LoggedFault {
  return { role, fault, times: 12, perSecond: 3.5, usualPerSecond: 0, line };
}
