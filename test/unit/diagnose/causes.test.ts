/** Each rule both ways: that it fires, and what must not set it off. */
import test from "ava";
import { diagnose } from "../../../harness/diagnose/diagnose.ts";
import type { RuleId } from "../../../harness/diagnose/finding.ts";
import type { Evidence, LoggedFault } from "../../../harness/results/evidence.ts";
import type { FaultRecord, TrialRecord } from "../../../harness/results/trial.ts";
import { behind, findingExamples } from "../../helpers/finding-examples.ts";
import { healthyEvidence, healthyProcesses } from "../../helpers/record-parts.ts";
import { trialRecord } from "../../helpers/trial-builder.ts";

const rulesOf = (trial: TrialRecord) => diagnose([trial]).map(({ rule }) => rule);
const first = (trial: TrialRecord) => diagnose([trial])[0];

/** A trial that broke by this. */
function broke(kind: string, seenIn: FaultRecord["seenIn"], evidence: Partial<Evidence> = {}): TrialRecord {
  return trialRecord({
    ...{ outcome: "broke", requests: 1_000, successes: 702 },
    fault: { kind, side: "target", firstSeconds: 3, seenIn, inferred: false },
    faults: [{ kind, side: "target", count: 298 }],
    evidence,
  });
}

const logged = (fault: string, role = "target"): LoggedFault[] => [
  { role, fault, times: 12, perSecond: 3, usualPerSecond: 0, line: "what it wrote" },
];

for (const [rule, trials] of Object.entries(findingExamples)) {
  test(`${rule}: the same evidence in a trial that was well raises nothing that needs trouble`, (t) => {
    const needsNone: readonly string[] = [
      ...["out-of-memory", "target-crashed", "generator-bound", "time-wait-bucket-overflow", "accept-queue-overflow"],
      ...["conntrack-full", "cgroup-throttling", "receive-work-on-one-cpu", "target-cpu-bound", "port-exhaustion"],
      ...["scan-cliff", "refused-dials", "hung"],
    ];
    if (needsNone.includes(rule)) return t.true(trials.length > 0);
    const demand = healthyEvidence().demand;
    for (const { evidence } of trials) {
      const well = trialRecord({ evidence: { ...evidence, demand } });
      t.false(rulesOf(well).includes(rule as RuleId), rule);
    }
  });
}

test("a fault in responses is the service's own word; in a log that explains failures worth less, a log alone half at most", (t) => {
  t.is(first(broke("EMFILE", "body"))?.strength, 1);
  t.is(first(broke("EMFILE", "log", { logged: logged("EMFILE") }))?.strength, 0.75);
  const slow = trialRecord({ outcome: "degraded", evidence: { logged: logged("EMFILE") } });
  t.like(first(slow), { rule: "open-files", strength: 0.5 });
  t.deepEqual(rulesOf(trialRecord({ evidence: { logged: logged("EMFILE") } })), []);
});

test("descriptors at their limit confirm EMFILE and are the limit", (t) => {
  const processes = { target: healthyProcesses({ openFiles: 24, openFilesLimit: 24 }) };
  const finding = first(broke("HTTP 502", "status", { processes, logged: logged("EMFILE") }));
  t.like(finding, { rule: "open-files", limit: { used: 24, of: 24, unit: "descriptors" } });
  t.like(finding?.remedies[0], { kind: "program", what: "nofile" });
});

test("too many connections is the upstream's limit, whoever writes it down", (t) => {
  const finding = first(broke("HTTP 500", "status", { logged: logged("TOO_MANY_CONNECTIONS") }));
  t.like(finding, { rule: "connection-limit", side: "upstream", role: "db" });
  t.like(finding?.remedies[0], { what: "max_connections", role: "db" });
  const nginx = first(broke("ECONNRESET", "dial", { logged: logged("WORKER_CONNECTIONS") }));
  t.like(nginx, { rule: "connection-limit", side: "target", role: "target" });
});

test("refused dials are named by counters of both ends without a word, and not by a log line alone", (t) => {
  const counters = { target: { AttemptFails: 74 }, db: { OutRsts: 74 }, cache: { OutRsts: 0 } };
  t.like(first(broke("HTTP 502", "status", { counters })), { rule: "refused-dials", role: "db", strength: 1 });
  const one = trialRecord({ outcome: "degraded", evidence: { logged: logged("ECONNREFUSED") } });
  t.false(rulesOf(one).includes("refused-dials"));
});

test("ports of a source address: EADDRINUSE with all ports of it in use, never tcp_tw_reuse", (t) => {
  const sources = [{ role: "target", address: "198.18.0.2", usable: 500, peakInUse: 500, connections: 500 }];
  const finding = first(broke("EADDRINUSE", "body", { sources }));
  t.like(finding, { rule: "source-address-ports", limit: { used: 500, of: 500, unit: "ports" } });
  t.false(JSON.stringify(finding?.remedies).includes("tcp_tw_reuse"));
  const few = [{ ...sources[0], role: "target", address: "198.18.0.2", usable: 500, peakInUse: 40, connections: 40 }];
  t.deepEqual(rulesOf(broke("EADDRINUSE", "body", { sources: few })), ["unexplained"]);
});

test("an accept queue that is always long is its workers', and its overflows no matter of the backlog", (t) => {
  const queue = {
    ...{ role: "target", port: 8080, effectiveLimit: 4, somaxconn: 4096 },
    ...{ peakQueued: 5, looks: 9, leastQueued: 5, overflows: 365, drops: 365 },
  };
  t.deepEqual(rulesOf(behind({ acceptQueues: [queue] })), ["slow-accept"]);
  t.deepEqual(rulesOf(behind({ acceptQueues: [{ ...queue, leastQueued: 0 }] })), ["accept-queue-overflow"]);
});

test("what holds the requests is an upstream only where its connections grow with them", (t) => {
  const open = (growth: { openAtFew: number; openAtMany: number }) => ({
    role: "target",
    destination: { address: "198.18.0.10", port: 3306, name: "db" },
    open: 60,
    growth: { fewInFlight: 0, manyInFlight: 60, ...growth },
  });
  t.deepEqual(rulesOf(behind({ connections: [open({ openAtFew: 0, openAtMany: 60 })] })), ["waits-on-upstream"]);
  t.deepEqual(rulesOf(behind({ connections: [open({ openAtFew: 60, openAtMany: 60 })] })), ["program-limit"]);
});

test("a limit inside the program says about how many it serves at once", (t) => {
  t.like(first(behind({})), { rule: "program-limit", limit: { of: 2, unit: "requests" }, strength: 0.75 });
  const sleeping = { ...behind({}).evidence.demand, medianLatencyMs: 21 };
  const slept = first(behind({ demand: sleeping as Evidence["demand"] }));
  t.like(slept, { rule: "program-limit", limit: null });
  // With answers as quick as alone, only more users show whether it can serve more.
  t.like(slept?.remedies[0], { kind: "load", what: "virtual-users" });
  t.like(first(behind({}))?.remedies[0], { kind: "program", what: "places" });
});

test("with a generator that was the limit the target did not fall behind", (t) => {
  const trial = behind({});
  const bound = { ...trial.generator, bound: true };
  t.false(rulesOf({ ...trial, outcome: "held", generator: bound }).includes("program-limit"));
});

test("users that are free make no trial that fell behind", (t) => {
  const demand = { ...behind({}).evidence.demand, requestsInFlight: 3 };
  t.deepEqual(rulesOf(behind({ demand: demand as Evidence["demand"] })), []);
});

test("threads that wait for a CPU make a target CPU-bound on a machine that others use", (t) => {
  const trial = behind({
    cpuBusy: [1, 0.99],
    processes: { target: healthyProcesses({ runDelayCores: 1.8 }) },
    otherCpu: { cpus: 2, share: 0.8, peakShare: 0.9, windows: 9, disturbedWindows: 9 },
  });
  t.like(first(trial), { rule: "target-cpu-bound", limit: { used: 0.05, of: 2 } });
  t.deepEqual(rulesOf(behind({ cpuBusy: [0.4, 0.3] })), ["program-limit"]);
});

test("a thread that waits while others have the CPUs is not one too few", (t) => {
  const waiting = (disturbedWindows: number) =>
    behind({
      cpuBusy: [1, 0.99],
      processes: { target: healthyProcesses({ runDelayCores: 0.85 }) },
      otherCpu: { cpus: 2, share: 0.77, peakShare: 0.9, windows: 9, disturbedWindows },
    });
  t.deepEqual(rulesOf(waiting(9)).includes("target-cpu-bound"), false);
  t.like(first(waiting(0)), { rule: "target-cpu-bound", limit: { of: 1 } });
});

test("whose threads waited for busy CPUs longer than they ran shows no limit of its own", (t) => {
  const queue = { ...{ role: "target", port: 8080, effectiveLimit: 4, somaxconn: 4096 }, peakQueued: 5, looks: 9 };
  const acceptQueues = [{ ...queue, leastQueued: 5, overflows: 0, drops: 0 }];
  const waiting = (runDelayCores: number, cpuBusy = [1, 0.99]) =>
    rulesOf(behind({ cpuBusy, acceptQueues, processes: { target: healthyProcesses({ runDelayCores }) } }));
  t.deepEqual(waiting(0.6), ["unexplained"]);
  t.deepEqual(waiting(0.04), ["slow-accept"], "it had what it wanted");
  t.deepEqual(waiting(0.6, [0.9, 0.8]), ["slow-accept"], "there was CPU to be had");
});

test("what waits on its own threads has no lack that others made", (t) => {
  const cpuCores = { target: 1.74, generator: 0.25 };
  const evidence = { cpuBusy: [1, 0.99], processes: { target: healthyProcesses({ runDelayCores: 3 }) } };
  const [finding] = diagnose([trialRecord({ outcome: "broke", measures: { cpuCores }, evidence })]);
  t.false(finding?.evidence.some(({ kind }) => kind === "run-delay") ?? false);
});

test("what a starved target lacks the upstream that it waits on may have", (t) => {
  const open = {
    role: "target",
    destination: { address: "198.18.0.10", port: 3306, name: "db" },
    open: 61,
    growth: { fewInFlight: 0, manyInFlight: 60, openAtFew: 0, openAtMany: 60 },
  };
  const processes = { target: healthyProcesses({ runDelayCores: 0.2 }) };
  const trial = behind({ cpuBusy: [1, 0.99], connections: [open], processes });
  const told = (db: number) =>
    rulesOf({ ...trial, measures: { ...trial.measures, cpuCores: { target: 0.15, generator: 0.2, db } } });
  t.deepEqual(told(1.6), ["waits-on-upstream"]);
  t.deepEqual(told(0.1), ["unexplained"]);
});

test("one thread is a matter of strength, not of a threshold", (t) => {
  const strength = (cores: number) =>
    diagnose([trialRecord({ outcome: "degraded", measures: { cpuCores: { target: cores } } })])[0]?.strength ?? 0;
  t.true(strength(0.94) > 0.45 && strength(0.96) === 0.5);
  t.true(strength(0.8) < strength(0.9));
  t.is(strength(0.6), 0);
});

test("a full SYN queue is none where the accept queue was full, or where nothing was taken", (t) => {
  const seen = (values: Record<string, number>) =>
    rulesOf(trialRecord({ outcome: "degraded", evidence: { counters: { target: values } } }));
  t.deepEqual(seen({ PassiveOpens: 900, TCPReqQFullDoCookies: 1593 }), ["syn-queue-overflow"]);
  t.deepEqual(seen({ PassiveOpens: 900, TCPReqQFullDoCookies: 53, ListenOverflows: 303, ListenDrops: 303 }), []);
  t.deepEqual(seen({ PassiveOpens: 0, ListenDrops: 60 }), []);
});

test("retransmits are loss only where no listener dropped anything", (t) => {
  const sent = { RetransSegs: 154, OutSegs: 5_100, TCPSynRetrans: 40, ActiveOpens: 1_200 };
  const seen = (more: Evidence["counters"]) =>
    rulesOf(trialRecord({ outcome: "degraded", evidence: { counters: { generator: sent, ...more } } }));
  t.deepEqual(seen({}), ["packet-loss"]);
  t.deepEqual(seen({ db: { ListenDrops: 303 } }), []);
});

test("reserved ports are said where they are a good part of the range", (t) => {
  const [example] = findingExamples["port-exhaustion"];
  const [ports] = example?.evidence.ports ?? [];
  if (example === undefined || ports === undefined) return t.fail();
  const trial = { ...example, evidence: { ...example.evidence, ports: [{ ...ports, reserved: 1_600 * 10 }] } };
  const keys = first(trial)?.remedies.map((remedy) => (remedy.kind === "setting" ? remedy.key : remedy.kind));
  t.true(keys?.includes("net.ipv4.ip_local_reserved_ports"));
});

test("a trial that no rule explains says its fault by name and count, and the line that was repeated most", (t) => {
  const trial = broke("HTTP 500", "status", {
    repeatedLines: { target: { line: "Error: no such table", lines: 298 } },
  });
  t.like(first(trial), { rule: "unexplained", strength: 0 });
  t.like(first(trial)?.evidence[0], { kind: "failures", fault: "HTTP 500", requests: 298, of: 1_000 });
  t.like(first(trial)?.evidence[1], { kind: "line", line: "Error: no such table", lines: 298 });
  t.deepEqual(rulesOf(trialRecord()), []);
});

test("one cause first, and its consequence told as such", (t) => {
  const trial = trialRecord({
    outcome: "degraded",
    measures: { cpuCores: { target: 1.95 } },
    evidence: { throttledMs: { target: 20_800 }, throttledPeriods: { target: 70 } },
  });
  t.deepEqual(
    diagnose([trial]).map(({ rule, consequenceOf }) => [rule, consequenceOf]),
    [
      ["cgroup-throttling", null],
      ["target-cpu-bound", "cgroup-throttling"],
    ],
  );
});
