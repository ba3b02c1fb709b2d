import test from "ava";
import { diagnose } from "../../../harness/diagnose/diagnose.ts";
import type { Finding } from "../../../harness/diagnose/finding.ts";
import type { AcceptQueueEvidence } from "../../../harness/results/evidence.ts";
import type { TrialRecord } from "../../../harness/results/trial.ts";
import { clusterPlatform, portEvidence, spread } from "../../helpers/record-parts.ts";
import { exhaustedTrial, trialRecord } from "../../helpers/trial-builder.ts";

const found = (rule: Finding["rule"], trial: TrialRecord) => diagnose([trial]).find((finding) => finding.rule === rule);
const shownBy = (finding: Finding | undefined, what: string) =>
  finding?.evidence.find((line) => line.what === what)?.value;

test("a healthy trial shows no bottleneck", (t) => {
  t.deepEqual(diagnose([trialRecord()]), []);
});

test("port exhaustion names the upstream, the ports and the true remedy", (t) => {
  const finding = found("port-exhaustion", exhaustedTrial());
  t.is(
    finding?.bottleneck,
    "The target ran out of local ports to db (198.18.0.10:3306): 28,232 of 28,232 in use, 28,232 in TIME_WAIT.",
  );
  t.is(finding?.side, "target");
  t.is(shownBy(finding, "fault seen in"), "body");
  t.is(shownBy(finding, "EADDRNOTAVAIL"), 298);
  t.regex(finding?.remedy ?? "", /pool.*tcp_tw_reuse=1.*tcp_timestamps=1/);
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
  t.is(shownBy(finding, "fault seen in"), "nowhere: inferred from port use");
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
  t.is(shownBy(finding, "peak ports in use"), 28_232);
  t.is(shownBy(finding, "peak TIME_WAIT"), 28_232);
});

test("the remedy for ports fits what fills them and what is set already", (t) => {
  const open = [portEvidence({ peakInUse: 28_232, peakTimeWait: 12 })];
  t.regex(
    found("port-exhaustion", exhaustedTrial({ evidence: { ports: open } }))?.remedy ?? "",
    /open, not in TIME_WAIT/,
  );
  const reading = { role: "target", key: "net.ipv4.tcp_tw_reuse", asked: "1", before: "2", effective: "1", after: "1" };
  const set = exhaustedTrial({ sysctls: [{ ...reading, origin: "profile" }] });
  t.regex(found("port-exhaustion", set)?.remedy ?? "", /is 1 already.*tcp_tw_reuse_delay/);
});

test("the scan cliff has its time, half the range, and throughput before and after", (t) => {
  const finding = found("scan-cliff", exhaustedTrial());
  t.is(shownBy(finding, "time of the cliff"), 7.5);
  t.is(shownBy(finding, "half the usable ports"), 14_116);
  t.is(shownBy(finding, "throughput before"), 2850);
  t.is(shownBy(finding, "throughput after"), 465);
  const derived = found("scan-cliff", exhaustedTrial({ evidence: { cliff: null } }));
  t.regex(derived?.bottleneck ?? "", /from about 2,900 to 470 requests a second/);
  t.is(found("scan-cliff", exhaustedTrial({ measures: { scanCliffSeconds: null } })), undefined);
});

const queue = (overrides: Partial<AcceptQueueEvidence>) => ({
  evidence: {
    acceptQueues: [
      {
        port: 8080,
        effectiveLimit: 511,
        somaxconn: 65_535,
        peakQueued: 512,
        overflows: 4_000,
        drops: 4_100,
        ...overrides,
      },
    ],
  },
});

test("an accept queue below somaxconn is the program's own: raising somaxconn alone does nothing", (t) => {
  const finding = found("accept-queue-overflow", trialRecord(queue({})));
  t.regex(finding?.bottleneck ?? "", /limit of 511 is the program's own backlog.*raising somaxconn alone does nothing/);
  t.regex(finding?.remedy ?? "", /larger backlog to listen\(\)/);
});

test("an accept queue at somaxconn is bound by somaxconn", (t) => {
  const finding = found("accept-queue-overflow", trialRecord(queue({ effectiveLimit: 128, somaxconn: 128 })));
  t.regex(finding?.bottleneck ?? "", /limit of 128 is net.core.somaxconn/);
  t.regex(finding?.remedy ?? "", /somaxconn=65535.*before the program starts/);
});

test("an unknown limit is said to be unknown; a handful of overflows is no bottleneck", (t) => {
  const unknown = found("accept-queue-overflow", trialRecord(queue({ effectiveLimit: null })));
  t.regex(unknown?.bottleneck ?? "", /not known/);
  t.is(found("accept-queue-overflow", trialRecord(queue({ overflows: 3 }))), undefined);
});

test("a generator that was the limit is named with its reasons", (t) => {
  const reasons = ["generator used 0.97 of its 1 cores"];
  const finding = found(
    "generator-bound",
    trialRecord({ generator: { bound: true, reasons, droppedIterations: 812 } }),
  );
  t.is(finding?.side, "generator");
  t.regex(finding?.bottleneck ?? "", /0\.97 of its 1 cores/);
  t.is(shownBy(finding, "dropped iterations"), 812);
  t.regex(finding?.remedy ?? "", /CPUs of its own, or another machine/);
  const generator = { bound: true, reasons };
  const there = found("generator-bound", { ...trialRecord({ generator }), platform: clusterPlatform() });
  t.regex(there?.remedy ?? "", /more pods \(load\.runners\), or nodes beside the target's own/);
});

test("TIME_WAITs destroyed for want of buckets are a fake win; the generator's are not the target's", (t) => {
  const counters = { target: { TCPTimeWaitOverflow: 6_808 } };
  const ports = [portEvidence({ maxTimeWaitBuckets: 8_192, usable: 10_000 })];
  const finding = found("time-wait-bucket-overflow", trialRecord({ evidence: { counters, ports } }));
  t.regex(finding?.bottleneck ?? "", /6,808 TIME_WAIT sockets.*fake win/);
  t.is(shownBy(finding, "net.ipv4.tcp_max_tw_buckets"), 8_192);
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
  t.regex(
    finding?.bottleneck ?? "",
    /^CPU 0 received 99\.1% of all packets \(66\.7% of NET_RX softirqs\) .* 99% busy, 55% in softirqs, while the other was 60% busy/,
  );
  t.is(finding?.side, "node");
  t.is(shownBy(finding, "rps_cpus"), "target 0");
  t.regex(finding?.remedy ?? "", /echo 3 > .*rps_cpus .*here the profile key rps: "3"/);
  const there = found("receive-work-on-one-cpu", {
    ...trialRecord({ evidence: oneCpu }),
    platform: clusterPlatform(),
  });
  t.regex(there?.remedy ?? "", /echo 3 > .*rps_cpus \(software steering; on the node itself: no pod can do it\)/);
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
  t.regex(found("receive-work-on-one-cpu", trialRecord({ evidence }))?.remedy ?? "", /echo f,ffffffff >/);
});

test("a full conntrack table, seen full or by its drops", (t) => {
  const table = (peak: number, drops: number) => trialRecord({ evidence: { conntrack: { peak, max: 65_536, drops } } });
  t.regex(found("conntrack-full", table(65_536, 210))?.bottleneck ?? "", /65,536 of 65,536 entries, 210/);
  t.truthy(found("conntrack-full", table(55_000, 3)));
  t.is(found("conntrack-full", table(55_000, 0)), undefined);
  t.is(found("conntrack-full", table(900, 3)), undefined);
});

test("throttling by a cgroup counts from a twentieth of the time", (t) => {
  const throttled = (ms: number) =>
    trialRecord({ evidence: { throttledMs: { target: ms, db: null }, throttledPeriods: { target: 70 } } });
  const finding = found("cgroup-throttling", throttled(20_800));
  t.is(finding?.bottleneck, "A cgroup's CPU limit held the target back for 20.8 s of 52 s (40%).");
  t.is(found("cgroup-throttling", throttled(300)), undefined);
});

test("a target at its CPUs, or one whole thread of it where it fell short", (t) => {
  const using = (target: number, rest = {}) => trialRecord({ measures: { cpuCores: { target } }, ...rest });
  t.regex(found("target-cpu-bound", using(1.9))?.bottleneck ?? "", /1\.9 cores: all it may use \(2\)/);
  const pinned = using(0.97, { evidence: { cpusAllowed: { target: [1] } } });
  t.regex(found("target-cpu-bound", pinned)?.bottleneck ?? "", /all it may use \(1\)/);
  t.regex(found("target-cpu-bound", using(1.0, { outcome: "degraded" }))?.bottleneck ?? "", /single-threaded/);
  t.is(found("target-cpu-bound", using(1.0)), undefined);
  t.is(found("target-cpu-bound", using(1.4, { outcome: "broke" })), undefined);
});

test("a crash is read from an invalid trial too, with the last words as they are", (t) => {
  const stoppedBy = { criterion: "target-died", atSeconds: 12, detail: "exit code 1" } as const;
  const lastWords = { target: ["starting", "<script>heap out of memory"] };
  const finding = found("target-crashed", trialRecord({ stoppedBy, lastWords, valid: false, invalidReason: "died" }));
  t.regex(finding?.bottleneck ?? "", /The target ended under load after 12 s; its last words: <script>heap/);
  const db = { criterion: "upstream-died", atSeconds: 3, detail: "signal SIGSEGV" } as const;
  t.is(found("target-crashed", trialRecord({ stoppedBy: db, lastWords: { db: ["bye"] } }))?.side, "upstream");
  t.is(found("target-crashed", trialRecord({ lastWords: { target: ["stopped as asked"] } })), undefined);
  for (const role of ["generator", "target's pod"]) {
    const lastWords = { [role]: ["it was deleted"] };
    t.is(found("target-crashed", trialRecord({ stoppedBy: db, lastWords })), undefined, `${role} is no part`);
  }
});

test("a target that died without ending the load, of what was done to its database", (t) => {
  const fault = { kind: "target-died", side: "target", firstSeconds: 6.1, seenIn: "log", inferred: false } as const;
  const stoppedBy = { criterion: "after", atSeconds: 12, detail: "" } as const;
  const lastWords = { "target-2": ["database lost"] };
  const finding = found("target-crashed", trialRecord({ fault, stoppedBy, outcome: "broke", lastWords }));
  t.regex(
    finding?.bottleneck ?? "",
    /^Copy 2 of the target ended under load after 6\.1 s; its last words: database lost$/,
  );
  t.is(finding?.side, "target");
});
