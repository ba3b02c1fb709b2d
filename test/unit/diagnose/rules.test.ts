import test from "ava";
import { diagnose } from "../../../harness/diagnose/diagnose.ts";
import type { Finding, RuleId } from "../../../harness/diagnose/finding.ts";
import type { AcceptQueueEvidence } from "../../../harness/results/evidence.ts";
import type { GeneratorSign } from "../../../harness/results/generator-signs.ts";
import type { TrialRecord } from "../../../harness/results/trial.ts";
import { clusterPlatform, portEvidence, spread } from "../../helpers/record-parts.ts";
import { exhaustedTrial, trialRecord } from "../../helpers/trial-builder.ts";

const found = <Id extends RuleId>(rule: Id, trial: TrialRecord) =>
  diagnose([trial]).find((finding): finding is Extract<Finding, { rule: Id }> => finding.rule === rule);

test("a healthy trial shows no bottleneck", (t) => {
  t.deepEqual(diagnose([trialRecord()]), []);
});

const db = { address: "198.18.0.10", port: 3306, name: "db" };
const pool = { kind: "program", role: "target", what: "pool", to: null, towards: "db" };
const reuse = { kind: "setting", role: "target", key: "net.ipv4.tcp_tw_reuse", value: "1", gain: "cure" };
const widerRange = {
  kind: "setting",
  role: "target",
  key: "net.ipv4.ip_local_port_range",
  value: "1024 65535",
  gain: "room",
};

test("port exhaustion names the upstream, the ports and the true remedy", (t) => {
  t.deepEqual(found("port-exhaustion", exhaustedTrial()), {
    rule: "port-exhaustion",
    side: "target",
    role: "target",
    limit: { used: 28_232, of: 28_232, unit: "ports" },
    strength: 1,
    evidence: [
      { kind: "ports", role: "target", destination: db, usable: 28_232, inUse: 28_232, timeWait: 28_232 },
      { kind: "fault", fault: "EADDRNOTAVAIL", seenIn: "body", requests: 298 },
      { kind: "measure", measure: "requestsBeforeWall", value: 28_232 },
      { kind: "measure", measure: "timeToWallSeconds", value: 35 },
    ],
    remedies: [pool, reuse, widerRange],
    consequenceOf: null,
    seenIn: 1,
    trials: 1,
    shownBy: { sequence: 1, block: 1 },
  });
});

test("port exhaustion that nobody said is inferred, and says so", (t) => {
  const fault = {
    kind: "EADDRNOTAVAIL",
    side: "target",
    firstSeconds: 35,
    seenIn: "inferred",
    inferred: true,
  } as const;
  const faults = [{ kind: "HTTP 503", side: "target", count: 300 } as const];
  const finding = found("port-exhaustion", exhaustedTrial({ fault, faults }));
  t.deepEqual(finding?.evidence[1], { kind: "fault", fault: "EADDRNOTAVAIL", seenIn: "inferred", requests: null });
  t.is(finding?.strength, 0.75);
});

test("an upstream whose ports to another are all taken, while the target fails, ran out of them", (t) => {
  const faults = [{ kind: "HTTP 502", side: "target", count: 560 } as const];
  const fault = { kind: "HTTP 502", side: "target", firstSeconds: 5, seenIn: "status", inferred: false } as const;
  const own = (peakInUse: number) => ({ ports: [portEvidence({ role: "api", usable: 300, peakInUse })] });
  const finding = found("port-exhaustion", exhaustedTrial({ fault, faults, evidence: own(300) }));
  t.like(finding, { side: "upstream", role: "api", limit: { used: 300, of: 300, unit: "ports" }, strength: 0.75 });
  t.is(found("port-exhaustion", exhaustedTrial({ fault, faults, evidence: own(290) })), undefined);
});

test("no port exhaustion without full ports, without a fault, or with the generator's own", (t) => {
  const few = { evidence: { ports: [portEvidence({ peakInUse: 900, peakTimeWait: 800 })] } };
  const used = { portUsePeakRatio: 0.03, timeWaitPeak: 800 };
  t.is(found("port-exhaustion", exhaustedTrial({ ...few, measures: used })), undefined);
  t.is(found("port-exhaustion", exhaustedTrial({ fault: null, faults: [], outcome: "degraded" })), undefined);
  const own = [{ kind: "EADDRNOTAVAIL", side: "generator", count: 9 } as const];
  t.is(found("port-exhaustion", exhaustedTrial({ fault: null, faults: own })), undefined);
  const generators = [portEvidence({ role: "generator", peakInUse: 28_232 }), portEvidence({ destination: null })];
  t.is(found("port-exhaustion", exhaustedTrial({ evidence: { ports: generators } })), undefined);
});

test("a table of connections that was read too seldom is made good by the count of sockets", (t) => {
  const ports = [portEvidence({ peakInUse: 11_000, peakTimeWait: 10_900 })];
  const finding = found("port-exhaustion", exhaustedTrial({ evidence: { ports } }));
  t.like(finding?.evidence[0], { inUse: 28_232, timeWait: 28_232 });
});

test("the remedy for ports fits what fills them and what is set already", (t) => {
  const open = [portEvidence({ peakInUse: 28_232, peakTimeWait: 12 })];
  t.deepEqual(found("port-exhaustion", exhaustedTrial({ evidence: { ports: open } }))?.remedies, [
    { kind: "program", role: "target", what: "pool-limit", to: null, towards: null },
    { kind: "upstream", name: "db", what: "addresses" },
  ]);
  const reading = { role: "target", key: "net.ipv4.tcp_tw_reuse", asked: "1", before: "2", effective: "1", after: "1" };
  const set = found("port-exhaustion", exhaustedTrial({ sysctls: [{ ...reading, origin: "profile" }] }));
  t.deepEqual(set?.evidence.at(-1), { kind: "setting", role: "target", key: "net.ipv4.tcp_tw_reuse", value: "1" });
  t.deepEqual(set?.remedies, [pool, { ...reuse, key: "net.ipv4.tcp_timestamps" }]);
});

test("the scan cliff has its time, half the range, and throughput before and after", (t) => {
  const finding = found("scan-cliff", exhaustedTrial());
  t.deepEqual(finding?.evidence[0], {
    kind: "scan-cliff",
    atSeconds: 7.5,
    halfOfPorts: 14_116,
    beforePerSecond: 2850,
    afterPerSecond: 465,
    isApproximate: false,
  });
  t.deepEqual(finding?.limit, { used: 28_232, of: 14_116, unit: "ports" });
  t.deepEqual(finding?.remedies, [pool, reuse, widerRange]);
  const derived = found("scan-cliff", exhaustedTrial({ evidence: { cliff: null } }));
  t.like(derived?.evidence[0], { beforePerSecond: 2900, afterPerSecond: 470, isApproximate: true });
  t.is(found("scan-cliff", exhaustedTrial({ measures: { scanCliffSeconds: null } })), undefined);
});

const queue = (overrides: Partial<AcceptQueueEvidence>) => ({
  evidence: {
    acceptQueues: [
      {
        ...{ role: "target", port: 8080, effectiveLimit: 511, somaxconn: 65_535 },
        ...{ peakQueued: 512, looks: 47, leastQueued: 0, overflows: 4_000 },
        drops: 4_100,
        ...overrides,
      },
    ],
  },
});
const somaxconn = { kind: "setting", role: "target", key: "net.core.somaxconn", value: "65535", gain: "room" };
const backlog = (to: number | null) => ({ kind: "program", role: "target", what: "backlog", to, towards: null });
const acceptFaster = { kind: "program", role: "target", what: "accept-rate", to: null, towards: null };

test("an accept queue below somaxconn is the program's own: somaxconn is no remedy", (t) => {
  const finding = found("accept-queue-overflow", trialRecord(queue({})));
  t.is(finding?.evidence[0].binding, "backlog");
  t.deepEqual(finding?.limit, { used: 512, of: 511, unit: "connections" });
  t.deepEqual(finding?.remedies, [backlog(65_535), acceptFaster]);
});

test("an accept queue at somaxconn is bound by somaxconn, and by the backlog next", (t) => {
  const finding = found("accept-queue-overflow", trialRecord(queue({ effectiveLimit: 128, somaxconn: 128 })));
  t.is(finding?.evidence[0].binding, "somaxconn");
  t.deepEqual(finding?.remedies, [somaxconn, backlog(65_535), acceptFaster]);
});

test("a queue that overflowed was full, whatever the looks saw", (t) => {
  const finding = found("accept-queue-overflow", trialRecord(queue({ peakQueued: 0 })));
  t.deepEqual(finding?.limit, { used: 511, of: 511, unit: "connections" });
  t.is(finding?.evidence[0].peakQueued, 0);
});

test("an unknown limit is said to be unknown; a handful of overflows is no bottleneck", (t) => {
  const unknown = found("accept-queue-overflow", trialRecord(queue({ effectiveLimit: null })));
  t.is(unknown?.evidence[0].binding, null);
  t.is(unknown?.limit, null);
  t.deepEqual(unknown?.remedies, [backlog(null), somaxconn, acceptFaster]);
  t.is(found("accept-queue-overflow", trialRecord(queue({ overflows: 3 }))), undefined);
});

const generatorOf = (signs: GeneratorSign[], more: Partial<TrialRecord> = {}) =>
  found("generator-bound", {
    ...trialRecord({ generator: { bound: true, signs, droppedIterations: 812 } }),
    ...more,
  });

test("a generator that was the limit is named with its signs, and gets what it lacks", (t) => {
  const cores: GeneratorSign = { kind: "cores-used", usedCores: 0.97, cores: 1 };
  const dropped: GeneratorSign = {
    kind: "iterations-dropped",
    iterations: 812,
    waitingVirtualUsers: 9,
    virtualUsers: 200,
  };
  const finding = generatorOf([cores]);
  t.is(finding?.side, "generator");
  t.deepEqual(finding?.limit, { used: 0.97, of: 1, unit: "cores" });
  t.deepEqual(finding?.evidence, [
    { kind: "generator", signs: [cores], droppedIterations: 812, virtualUsers: 200, usedCores: 0.5 },
  ]);
  const load = (what: string, place = "here") => ({ kind: "load", what, place });
  t.deepEqual(finding?.remedies, [load("cpus")]);
  t.deepEqual(generatorOf([cores], { platform: clusterPlatform() })?.remedies, [load("cpus", "cluster")]);
  t.like(generatorOf([dropped, cores]), { strength: 1, remedies: [load("virtual-users"), load("cpus")] });
  t.like(generatorOf([dropped]), { strength: 0.75, limit: null });
  const failed = (fault: string): GeneratorSign => ({ kind: "own-failures", fault, requests: 6 });
  t.deepEqual(generatorOf([failed("EADDRNOTAVAIL")])?.remedies, [
    load("kept-connections"),
    { ...widerRange, role: "generator" },
  ]);
  t.deepEqual(generatorOf([failed("EMFILE")])?.remedies, [load("log")]);
});

test("TIME_WAITs destroyed for want of buckets are a fake win; the generator's are not the target's", (t) => {
  const counters = { target: { TCPTimeWaitOverflow: 6_808 } };
  const ports = [portEvidence({ maxTimeWaitBuckets: 8_192, usable: 10_000 })];
  const finding = found("time-wait-bucket-overflow", trialRecord({ evidence: { counters, ports } }));
  t.deepEqual(finding?.evidence, [
    { kind: "time-wait-overflow", role: "target", sockets: 6_808, buckets: 8_192, usablePorts: 10_000 },
  ]);
  t.deepEqual(finding?.limit, { used: 8_192, of: 8_192, unit: "sockets" });
  t.deepEqual(finding?.remedies, [
    { kind: "setting", role: "target", key: "net.ipv4.tcp_max_tw_buckets", value: "262144", gain: "cure" },
  ]);
  const unwatched = found("time-wait-bucket-overflow", trialRecord({ evidence: { counters, ports: [] } }));
  t.like(unwatched, { limit: null, side: "target" });
  const own = { generator: { TCPTimeWaitOverflow: 6_808 }, target: { TCPTimeWaitOverflow: 0 } };
  t.is(found("time-wait-bucket-overflow", trialRecord({ evidence: { counters: own } })), undefined);
});

const oneCpu = {
  softnetProcessed: spread([96_000, 900]),
  netRxSoftirqs: spread([96_000, 48_000]),
  cpuBusy: [0.99, 0.6],
  cpuSoftirq: [0.55, 0.01],
};

test("receive work on one saturated CPU names it, its share and the mask that spreads it", (t) => {
  const finding = found("receive-work-on-one-cpu", trialRecord({ evidence: oneCpu }));
  t.like(finding?.evidence[0], {
    cpu: 0,
    packets: 96_900,
    packetShare: 96_000 / 96_900,
    netRxShare: 2 / 3,
    busyShare: 0.99,
    softirqShare: 0.55,
    otherCpus: 1,
  });
  t.true(Math.abs((finding?.evidence[0].othersBusyShare ?? 0) - 0.6) < 1e-9);
  t.is(finding?.side, "node");
  t.deepEqual(finding?.evidence[1].rpsCpus, { target: "0" });
  const steering = { kind: "node", what: "receive-steering", rpsCpus: "3", place: "here" };
  const queues = { kind: "node", what: "receive-queues" };
  t.deepEqual(finding?.remedies, [steering, queues]);
  const there = { ...trialRecord({ evidence: oneCpu }), platform: clusterPlatform() };
  t.deepEqual(found("receive-work-on-one-cpu", there)?.remedies, [{ ...steering, place: "cluster" }, queues]);
});

test("receive work on one CPU is no bottleneck while that CPU has time or a program fills it", (t) => {
  for (const evidence of [
    { ...oneCpu, cpuBusy: [0.5, 0.3] },
    { ...oneCpu, cpuSoftirq: [0.05, 0.01] },
    { ...oneCpu, softnetProcessed: spread([52_000, 44_000]) },
    { ...oneCpu, softnetProcessed: null },
  ]) {
    t.is(found("receive-work-on-one-cpu", trialRecord({ evidence })), undefined);
  }
});

test("a CPU that others may have kept busy is not saturated by what it received", (t) => {
  const beside = (share: number, disturbedWindows: number) => ({
    ...oneCpu,
    otherCpu: { cpus: 2, share, peakShare: 0.9, windows: 10, disturbedWindows },
  });
  t.is(found("receive-work-on-one-cpu", trialRecord({ evidence: beside(0.3, 9) })), undefined);
  t.truthy(
    found("receive-work-on-one-cpu", trialRecord({ evidence: beside(0.04, 3) })),
    "it would be without them too",
  );
  t.truthy(found("receive-work-on-one-cpu", trialRecord({ evidence: beside(0.08, 2) })), "not disturbed");
  t.truthy(found("receive-work-on-one-cpu", trialRecord({ evidence: { ...oneCpu, otherCpu: null } })));
});

test("the mask of a large machine has words of 32 bits", (t) => {
  const cpus = Array.from({ length: 36 }, () => 0.2);
  const evidence = {
    softnetProcessed: spread([900, ...cpus.slice(1)]),
    cpuBusy: [1, ...cpus.slice(1)],
    cpuSoftirq: [0.9],
  };
  const [steering] = found("receive-work-on-one-cpu", trialRecord({ evidence }))?.remedies ?? [];
  t.like(steering, { what: "receive-steering", rpsCpus: "f,ffffffff" });
});

test("a full conntrack table, seen full or by its drops", (t) => {
  const table = (peak: number, drops: number, max = 65_536) =>
    found("conntrack-full", trialRecord({ evidence: { conntrack: { peak, max, drops, insertFailed: 0 } } }));
  const seen = table(65_536, 210);
  t.deepEqual(seen?.evidence, [{ kind: "conntrack", peakEntries: 65_536, maxEntries: 65_536, drops: 210 }]);
  t.like(seen, { strength: 1, limit: { used: 65_536, of: 65_536, unit: "entries" } });
  t.like(table(65_000, 0), { strength: 0.75 });
  t.truthy(table(55_000, 3));
  t.is(table(55_000, 0), undefined);
  t.is(table(900, 3), undefined);
});

test("a conntrack table is never told to be made smaller", (t) => {
  const conntrack = { peak: 4_000_000, max: 4_000_000, drops: 3, insertFailed: 0 };
  const [first] = found("conntrack-full", trialRecord({ evidence: { conntrack } }))?.remedies ?? [];
  t.deepEqual(first, { kind: "node", what: "setting", key: "net.netfilter.nf_conntrack_max", value: "8000000" });
});

test("ports behind a masquerade address: flows that found none, not packets lost on the way", (t) => {
  const behind = (insertFailed: number, TCPSynRetrans: number, outcome: "saturated" | "held" = "saturated") => {
    const counters = { target: { TCPSynRetrans, ActiveOpens: 2000, RetransSegs: TCPSynRetrans, OutSegs: 9000 } };
    const conntrack = { peak: 2100, max: 262_144, drops: insertFailed, insertFailed };
    return diagnose([trialRecord({ outcome, evidence: { conntrack, counters } })]).map(({ rule, strength }) => ({
      rule,
      strength,
    }));
  };
  t.deepEqual(behind(139, 109)[0], { rule: "masquerade-ports", strength: 0.75 });
  t.false(behind(139, 109).some(({ rule }) => rule === "packet-loss"));
  t.deepEqual(behind(139, 0)[0], { rule: "masquerade-ports", strength: 0.5 });
  t.is(behind(4, 109)[0]?.rule, "packet-loss");
  t.deepEqual(behind(139, 109, "held"), []);
});

test("throttling by a cgroup counts from a twentieth of the time", (t) => {
  const throttled = (ms: number) =>
    trialRecord({ evidence: { throttledMs: { target: ms, db: null }, throttledPeriods: { target: 70 } } });
  const finding = found("cgroup-throttling", throttled(20_800));
  t.deepEqual(finding?.evidence, [
    { kind: "throttling", role: "target", throttledMs: 20_800, loadSeconds: 52, periods: 70, ofPeriods: null },
  ]);
  t.like(finding?.remedies, [{ kind: "program", role: "target", what: "cpu-limit" }]);
  t.is(found("cgroup-throttling", throttled(300)), undefined);
});

test("a target at its CPUs, or one whole thread of it where it fell short", (t) => {
  const using = (target: number, rest = {}) =>
    found("target-cpu-bound", trialRecord({ measures: { cpuCores: { target } }, ...rest }));
  const all = using(1.9);
  t.like(all?.evidence[0], { usedCores: 1.9, allowedCores: 2, bound: "all-cpus" });
  t.deepEqual(all?.limit, { used: 1.9, of: 2, unit: "cores" });
  t.like(all?.remedies, [{ what: "cpus" }, { what: "cost-of-a-request" }]);
  const pinned = using(0.97, { evidence: { cpusAllowed: { target: [1] } } });
  t.like(pinned?.evidence[0], { allowedCores: 1, bound: "all-cpus" });
  const thread = using(1.0, { outcome: "degraded" });
  t.like(thread?.evidence[0], { bound: "one-thread" });
  t.like(thread, { limit: { of: 1 }, remedies: [{ what: "workers" }, { what: "cost-of-a-request" }] });
  t.true((thread?.strength ?? 1) < (all?.strength ?? 0));
  t.is(using(1.0), undefined);
  t.is(using(1.4, { outcome: "broke" }), undefined);
});

test("a crash is read from an invalid trial too, with the last words as they are", (t) => {
  const stoppedBy = {
    criterion: "target-died",
    atSeconds: 12,
    role: "target",
    death: { kind: "ended", exitCode: 1, signal: null },
  } as const;
  const lastWords = { target: ["starting", "<script>heap out of memory"] };
  const finding = found(
    "target-crashed",
    trialRecord({ stoppedBy, lastWords, valid: false, invalidReason: { code: "part-lost" as const, words: "died" } }),
  );
  t.deepEqual(finding?.evidence, [
    {
      kind: "ended",
      role: "target",
      atSeconds: 12,
      how: { kind: "ended", exitCode: 1, signal: null },
      lastWords: lastWords.target,
    },
  ]);
  t.like(finding?.remedies, [{ kind: "program", role: "target", what: "end" }]);
  const died = {
    criterion: "upstream-died",
    atSeconds: 3,
    role: "db",
    death: { kind: "ended", exitCode: null, signal: "SIGSEGV" },
  } as const;
  t.like(found("target-crashed", trialRecord({ stoppedBy: died, lastWords: { target: [], db: ["bye"] } })), {
    side: "upstream",
    role: "db",
  });
  t.is(found("target-crashed", trialRecord({ lastWords: { target: ["stopped as asked"] } })), undefined);
  const lost = {
    criterion: "part-lost",
    atSeconds: 3,
    words: "target's pod ended under load: it was deleted",
  } as const;
  t.is(found("target-crashed", trialRecord({ stoppedBy: lost })), undefined, "what was taken away did not crash");
});

test("a target that died without ending the load, of what was done to its database", (t) => {
  const fault = { kind: "target-died", side: "target", firstSeconds: 6.1, seenIn: "log", inferred: false } as const;
  const stoppedBy = { criterion: "after", atSeconds: 12, afterMs: 12000 } as const;
  const lastWords = { "target-2": ["database lost"] };
  const finding = found("target-crashed", trialRecord({ fault, stoppedBy, outcome: "broke", lastWords }));
  t.deepEqual(finding?.evidence, [
    { kind: "ended", role: "target-2", atSeconds: 6.1, how: null, lastWords: ["database lost"] },
  ]);
  t.is(finding?.side, "target");
});
