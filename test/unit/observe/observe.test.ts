import test from "ava";
import type { Limit, LimitName } from "../../../harness/observe/observation.ts";
import { observe } from "../../../harness/observe/observe.ts";
import type { Seen } from "../../../harness/observe/seen.ts";
import { verdictWords } from "../../../harness/report/words/observe.ts";
import type { LiveSample } from "../../../harness/results/live-samples.ts";
import { counters, destination, dialled, input, seen, table } from "../../helpers/live-samples.ts";

const of = (limits: Limit[], name: LimitName) => limits.find(({ limit }) => limit === name);
const observed = (samples: LiveSample[], over: Parameters<typeof seen>[1] = {}) =>
  observe(input([seen(samples, over)]));

/** Two looks, ten seconds apart. */
const dialling = (perSecond: number, seconds: number) => [
  table(0, { destinations: [dialled(perSecond, seconds)] }),
  table(10_000, { destinations: [dialled(perSecond, seconds + 10)] }),
];

test("a service that is well: no limit is near", (t) => {
  const { outlook, findings, limits } = observed([table(0), counters(0), table(10_000), counters(10_000)]);
  t.deepEqual(outlook, { kind: "room" });
  t.deepEqual(findings, []);
  t.is(of(limits, "ports")?.of, 28_232);
  t.true(limits.every(({ remedies }) => remedies.length === 0));
});

test("ports that run out, with what is opened and what leaves TIME_WAIT", (t) => {
  const seenNow = observed(dialling(600, 20));
  t.is(
    verdictWords(seenNow),
    "Ports to 10.0.3.7:3306 run out in about 17 s: 18,010 of 28,232 in use, growing by 600 a second (600 opened, 0 leave TIME_WAIT).",
  );
  t.is(seenNow.outlook.kind, "soon");
  t.true((of(seenNow.limits, "ports")?.remedies.length ?? 0) > 0);
});

test("ports that level off are no alarm", (t) => {
  const { outlook, limits } = observed(dialling(280, 30));
  t.is(outlook.kind, "levels-off");
  t.is(
    verdictWords({ outlook, limits }),
    "Ports to 10.0.3.7:3306 level off at about 16,800 of 28,232: 11,210 of 28,232 in use, growing by 280 a second (280 opened, 0 leave TIME_WAIT).",
  );
});

test("ports that connect() may take again are not in use", (t) => {
  const reused = observed(dialling(600, 30), { sysctls: { "net.ipv4.tcp_tw_reuse": "1" } });
  const limit = of(reused.limits, "ports");
  t.is(limit?.used, 610);
  t.is(limit?.detail.kind === "ports" ? limit.detail.reusable : null, 600 * 39);
  t.is(limit?.secondsToFull, null);
  t.is(reused.outlook.kind, "room");
});

test("a range of four ports that is used up: reached, found, with its remedies", (t) => {
  const four = destination({ states: { ESTABLISHED: 4 }, inUse: 4 });
  const all = [table(0, { destinations: [four] }), counters(0), table(5000, { destinations: [four] }), counters(5000)];
  const { outlook, findings, limits } = observed(all, { sysctls: { "net.ipv4.ip_local_port_range": "40000 40003" } });
  t.is(outlook.kind, "reached");
  t.is(limits[0]?.limit, "ports");
  t.deepEqual(
    findings.map(({ rule }) => rule),
    ["port-exhaustion"],
  );
});

test("one destination from two local addresses has the range twice", (t) => {
  const destinations = ["10.0.0.5", "10.0.0.6"].map((source) =>
    destination({ source, inUse: 20_000, states: { ESTABLISHED: 20_000 } }),
  );
  const { limits, outlook } = observed([table(0, { destinations }), table(5000, { destinations })]);
  t.deepEqual(
    limits.filter(({ limit }) => limit === "ports").map(({ subject, used }) => `${subject} ${used}`),
    ["10.0.3.7:3306 from 10.0.0.5 20000", "10.0.3.7:3306 from 10.0.0.6 20000"],
  );
  t.is(outlook.kind, "room");
});

test("settings that can't be read: the range is unknown, never guessed, and nobody says that there is room", (t) => {
  const caveats: Seen["caveats"] = [{ code: "not-readable", what: "settings", why: { kind: "rights" }, place: null }];
  const { limits, outlook } = observe(input([{ ...seen(dialling(600, 20), { caveats }), settings: [] }]));
  t.is(of(limits, "ports")?.of, null);
  t.is(of(limits, "ports")?.share, null);
  t.is(outlook.kind, "unseen");
});

test("an accept queue that overflows, and which limit binds", (t) => {
  const full = { listeners: [{ port: 8080, queued: 512, halfOpen: 3 }] };
  const samples = [table(0, full), counters(0), table(10_000, full), counters(10_000, { ListenOverflows: 50 })];
  const { outlook, limits, findings } = observed(samples);
  t.is(outlook.kind, "reached");
  const queue = of(limits, "accept-queue");
  t.deepEqual(queue?.detail, { kind: "queue", now: 512, binding: "backlog", overflowsPerSecond: 5 });
  t.deepEqual(
    findings.map(({ rule }) => rule),
    ["accept-queue-overflow"],
  );
  t.is(of(limits, "syn-queue")?.used, 3);
});

test("buckets for TIME_WAITs that overflow", (t) => {
  const sockets = (atMs: number): LiveSample => ({ kind: "sockets", atMs, role: "target", timeWait: 500, inUse: 3 });
  const samples = [
    table(0),
    sockets(0),
    counters(0),
    table(5000),
    sockets(5000),
    counters(5000, { TCPTimeWaitOverflow: 20 }),
  ];
  const { outlook, limits, findings } = observed(samples, { sysctls: { "net.ipv4.tcp_max_tw_buckets": "500" } });
  t.is(outlook.kind, "reached");
  t.is(limits[0]?.limit, "time-wait-buckets");
  t.deepEqual(
    findings.map(({ rule }) => rule),
    ["time-wait-bucket-overflow"],
  );
});

const group = (atMs: number, memoryBytes: number, throttledPeriods = 0): LiveSample => ({
  ...{ kind: "group", atMs, role: "target", memoryBytes, memoryLimitBytes: 100e6, oomKills: 0 },
  ...{ cpuLimitCores: 0.5, cpuPeriods: atMs / 100, throttledPeriods, throttledMs: throttledPeriods * 50 },
});
const cpu = (atMs: number, cores: number): LiveSample => ({
  ...{
    kind: "roleCpu",
    atMs,
    role: "target",
    cpuMs: atMs * cores,
    memoryBytes: 50e6,
    throttledPeriods: null,
    throttledMs: null,
  },
});
const files = (atMs: number, openFiles: number): LiveSample => ({
  ...{ kind: "process", atMs, role: "target", runDelayMs: 0, openFiles, openFilesLimit: 1024 },
  ...{ groupMemoryBytes: null, groupMemoryLimitBytes: null, oomKills: null, cpuPeriods: null },
});
const every = (make: (atMs: number) => LiveSample) => Array.from({ length: 11 }, (_, second) => make(second * 1000));

test("descriptors and memory that grow fill in their time", (t) => {
  const { limits, outlook } = observed([
    ...every((atMs) => files(atMs, 100 + atMs / 100)),
    ...every((atMs) => group(atMs, 40e6 + atMs * 500)),
  ]);
  t.is(Math.round(of(limits, "descriptors")?.secondsToFull ?? 0), 82);
  t.is(Math.round(of(limits, "memory")?.secondsToFull ?? 0), 110);
  t.deepEqual(outlook, { kind: "soon", limit: 0 });
  t.is(limits[0]?.limit, "descriptors");
});

test("a CPU limit that holds a group back is reached though its mean is not", (t) => {
  const { limits, findings } = observed([
    ...every((atMs) => cpu(atMs, 0.2)),
    ...every((atMs) => group(atMs, 1e6, atMs / 200)),
  ]);
  const limit = of(limits, "cpu");
  t.deepEqual(limit?.detail, { kind: "cpu", by: "quota", throttledShare: 0.5 });
  t.is(limit?.of, 0.5);
  t.is(limit?.secondsToFull, 0);
  t.deepEqual(
    findings.map(({ rule }) => rule),
    ["cgroup-throttling"],
  );
});

test("of many namespaces the nearest stands first, and each limit says where it is", (t) => {
  const two = [seen(dialling(100, 30), { subject: "pod web-1" }), seen(dialling(600, 30), { subject: "pod web-2" })];
  const { limits, settings } = observe(input(two));
  t.is(limits[0]?.place, "pod web-2");
  t.true(settings.every(({ place }) => place !== null));
  t.regex(verdictWords(observe(input(two))), /^Ports to 10\.0\.3\.7:3306 of pod web-2 run out/);
});

test("connection tracking that is not seen is no limit of 0", (t) => {
  const node = (atMs: number, conntrackCount: number | null): LiveSample => ({
    ...{ kind: "node", atMs, cpuBusyMs: [0, 0], cpuSoftirqMs: [0, 0], runCpuMs: null, netRxSoftirqs: [0, 0] },
    ...{ softnetProcessed: [0, 0], softnetDropped: [0, 0], softnetTimeSqueeze: [0, 0], networkInterrupts: [] },
    ...{ conntrackCount, conntrackMax: 1000, conntrackDrops: 0, conntrackInsertFailed: 0, neighbourTableFulls: 0 },
  });
  const withNode = (count: number | null) =>
    observe(input([seen([table(0)])], { node: [node(0, count), node(5000, count)] }));
  t.is(of(withNode(null).limits, "conntrack"), undefined);
  t.is(of(withNode(900).limits, "conntrack")?.share, 0.9);
  t.is(withNode(900).outlook.kind, "high");
  t.deepEqual(
    withNode(990).findings.map(({ rule }) => rule),
    ["conntrack-full"],
  );
});

test("a CPU in softirqs for most of its time: which one, and no word of where it goes", (t) => {
  const node = (atMs: number, ms: number): LiveSample => ({
    ...{ kind: "node", atMs, cpuBusyMs: [0, ms], cpuSoftirqMs: [0, ms], runCpuMs: null, netRxSoftirqs: [0, 0] },
    ...{ softnetProcessed: [0, 0], softnetDropped: [0, 0], softnetTimeSqueeze: [0, 0], networkInterrupts: [] },
    ...{ conntrackCount: null, conntrackMax: null, conntrackDrops: null, conntrackInsertFailed: null },
    neighbourTableFulls: 0,
  });
  const words = (share: number) =>
    verdictWords(observe(input([seen([table(0)])], { node: [node(0, 0), node(5000, 5000 * share)] })));
  t.is(words(0.5), "No limit is near.");
  t.is(words(0.9), "Packet work (softirqs) on CPU 1 is at 90% of its time.");
  t.is(words(0.97), "Packet work (softirqs) on CPU 1 is at its limit: 97% of its time.");
});

test("connections that a namespace tracks itself are its own limit, and the table nearer to its end is the finding", (t) => {
  const tracking = (atMs: number, conntrackCount: number, conntrackDrops: number): LiveSample => ({
    ...{ kind: "tracking", atMs, role: "target", conntrackCount, conntrackMax: 1000 },
    ...{ conntrackDrops, conntrackInsertFailed: 0 },
  });
  const own = (count: number, drops = 0) =>
    observe(input([seen([table(0), tracking(0, count, 0), tracking(5000, count, drops)])], { node: [] }));
  t.is(of(own(0).limits, "conntrack"), undefined);
  t.like(of(own(500).limits, "conntrack"), { subject: "the namespace", used: 500, of: 1000, secondsToFull: null });
  const full = own(1000, 50);
  t.like(full.limits[0], { limit: "conntrack", secondsToFull: 0, detail: { kind: "drops", perSecond: 10 } });
  t.is(
    verdictWords(full),
    "Connection tracking of the namespace is full: 10 dropped a second (1,000 of 1,000 in use).",
  );
  t.like(full.findings[0], { rule: "conntrack-full", limit: { used: 1000, of: 1000 } });
});

test("ports of a source address that are bound before they connect last for all destinations together", (t) => {
  const destinations = [3306, 3307].map((port) => destination({ port, inUse: 500, states: { ESTABLISHED: 500 } }));
  const bound = { destinations, sources: [{ address: "10.0.0.5", inUse: 1000, connections: 1000 }] };
  const sysctls = { "net.ipv4.ip_local_port_range": "40000 40999" };
  const { limits, outlook } = observed([table(0, bound), table(5000, bound)], { sysctls });
  t.is(limits[0]?.limit, "source-ports");
  t.is(outlook.kind, "reached");
  const shared = { destinations, sources: [{ address: "10.0.0.5", inUse: 700, connections: 1000 }] };
  t.is(of(observed([table(0, shared), table(5000, shared)], { sysctls }).limits, "source-ports"), undefined);
});

test("ports of a source address that are bound and held fill, in their time", (t) => {
  const held = (each: number) => ({
    destinations: [3306, 3307].map((port) => destination({ port, inUse: each, states: { ESTABLISHED: each } })),
    sources: [{ address: "10.0.0.5", inUse: 2 * each, connections: 2 * each }],
  });
  const sysctls = { "net.ipv4.ip_local_port_range": "40000 40999" };
  const { limits, outlook } = observed([table(0, held(100)), table(5000, held(150))], { sysctls });
  t.is(outlook.kind, "soon");
  t.like(limits[0], { limit: "source-ports", perSecond: 20, secondsToFull: 35 });
});

test("a Unix listener's queue against its limit, and none where nobody waits", (t) => {
  const unix = (atMs: number, queued: number): LiveSample => ({
    ...{ kind: "unix", atMs, role: "target", listeners: [{ path: "/run/app.sock", queued }] },
  });
  const listenLimits = [{ path: "/run/app.sock", limit: 128 }];
  const full = observed([unix(0, 3), unix(1000, 128)], { listenLimits });
  t.is(full.limits[0]?.limit, "unix-queue");
  t.is(full.outlook.kind, "reached");
  t.is(of(observed([unix(0, 0)], { listenLimits }).limits, "unix-queue"), undefined);
});

test("handshakes that wait: with cookies off three quarters of tcp_max_syn_backlog bind", (t) => {
  const waiting = { listeners: [{ port: 8080, queued: 0, halfOpen: 90 }] };
  const samples = [table(0, waiting), counters(0), table(5000, waiting), counters(5000)];
  const sysctls = { "net.ipv4.tcp_syncookies": "0", "net.ipv4.tcp_max_syn_backlog": "128" };
  t.is(of(observed(samples, { sysctls }).limits, "syn-queue")?.of, 96);
  t.is(of(observed(samples).limits, "syn-queue")?.of, 511);
});
