import test from "ava";
import { summarizeTrial } from "../../../harness/detect/summarize.ts";
import type { TrialInput } from "../../../harness/detect/trial-input.ts";
import { caveatSentence } from "../../../harness/report/words/caveats.ts";
import type { LoadLoss } from "../../../harness/results/invalid-reason.ts";
import type { ProcessSample } from "../../../harness/results/samples.ts";
import { clusterPlatform } from "../../helpers/record-parts.ts";
import { cpuSamples, well } from "./story.ts";

const platform = clusterPlatform();
const withoutNode = well.samples.filter(({ kind }) => kind !== "node");

const inAPod = { contained: true, cores: null, startKnownToMs: 1000 };

function codesOf(more: Partial<TrialInput>): string[] {
  return summarizeTrial({ ...well, platform, generator: inAPod, ...more }).caveats.map(({ code }) => code);
}

test("a target without a CPU of its own in sight has no CPU use, and that is said; never 0", (t) => {
  const samples = well.samples.filter((sample) => sample.kind !== "roleCpu" || sample.role !== "target");
  const { measures, caveats, evidence } = summarizeTrial({ ...well, platform, samples });
  t.is(measures.cpuCores.target, null);
  t.is(measures.memoryPeakBytes.target, null);
  t.is(evidence.throttledMs.target, null);
  const unsampled = caveats.filter(({ code }) => code === "cpu-time-not-sampled");
  t.deepEqual(unsampled, [{ code: "cpu-time-not-sampled", role: "target" }]);
});

test("parts on nodes of their own share no CPUs; k6 on the target's node does", (t) => {
  t.false(codesOf({}).some((code) => code.startsWith("shared-")));
  t.true(codesOf({ platform: { ...platform, runnerNodes: ["node-b", "node-a"] } }).includes("shared-node"));
  t.true(codesOf({ platform: null, generator: well.generator, cpusAllowed: {} }).includes("shared-cpus"));
});

test("of several runners the CPU of one is watched, and that is said", (t) => {
  const code = "generator-watched-in-part";
  const several = { ...platform, runners: 4 };
  t.true(codesOf({ platform: several }).includes(code));
  t.false(codesOf({}).includes(code));
  const unseen = well.samples.filter((sample) => sample.kind !== "roleCpu" || sample.role !== "generator");
  t.false(codesOf({ platform: several, samples: unseen }).includes(code));
});

test("what a part's own pod does not show is said for each part: another user's descriptors, a cgroup's files", (t) => {
  const look = (role: string, openFiles: number | null, oomKills: number | null): ProcessSample => ({
    kind: "process",
    ...{ role, atMs: 2000, runDelayMs: 3, openFiles, openFilesLimit: null, oomKills },
    ...{ groupMemoryBytes: null, groupMemoryLimitBytes: null, cpuPeriods: null },
  });
  const unseen = (...looks: ReturnType<typeof look>[]) => {
    const samples = [...well.samples.filter(({ kind }) => kind !== "process"), ...looks];
    const { caveats } = summarizeTrial({ ...well, platform, generator: inAPod, samples });
    return caveats.filter(({ code }) => code === "own-limits-not-seen");
  };
  t.deepEqual(unseen(look("target", null, null), look("db", 12, null), look("generator", null, null)), [
    { code: "own-limits-not-seen", descriptors: ["target"], memory: ["target", "db"] },
  ]);
  t.deepEqual(unseen(look("target", null, null), look("target", 9, 0)), []);
  t.false(codesOf({ platform: null, samples: [look("target", null, null)] }).includes("own-limits-not-seen"));
});

test("a node that nobody watches is one caveat, not one for each thing that is not known of it", (t) => {
  t.false(codesOf({}).includes("node-not-watched"));
  const unwatched = { ...platform, nodeObserved: false };
  const { caveats, measures, evidence } = summarizeTrial({ ...well, platform: unwatched, samples: withoutNode });
  t.is(measures.softirqMaxShare, null);
  t.is(evidence.conntrack, null);
  t.is(evidence.softnetDropped, null);
  const said = caveats.map(caveatSentence).filter((sentence) => /node|receive work|interrupts/.test(sentence));
  t.is(said.length, 1);
  t.true(codesOf({ platform: null, samples: withoutNode }).includes("missing-sampler"));
});

test("a node's table that nobody looks at is a caveat once the target opened half of its limit", (t) => {
  const opened = (count: number) => {
    const row = (atMs: number, ActiveOpens: number) =>
      ({ kind: "counters", role: "target", atMs, values: { ActiveOpens, PassiveOpens: 10 } }) as const;
    const samples = [...well.samples.filter(({ kind }) => kind !== "counters"), row(0, 1000), row(9000, 1000 + count)];
    return { samples: samples.map((s) => (s.kind === "node" ? { ...s, conntrackMax: 100_000 } : s)) };
  };
  const unwatched = { ...platform, nodeObserved: false };
  t.false(codesOf({ platform: unwatched, ...opened(50_000) }).includes("conntrack-unknown"));
  t.true(codesOf({ platform: unwatched, ...opened(50_001) }).includes("conntrack-unknown"));
  t.false(codesOf({ platform, ...opened(50_001) }).includes("conntrack-unknown"));
});

test("a limit of the accept queue that can't be seen is not known, and said so in the place's words", (t) => {
  const listen = { ...well.listen, effectiveLimit: null };
  const { caveats } = summarizeTrial({ ...well, platform, listen });
  t.deepEqual(
    caveats.find(({ code }) => code === "listen-limit-unknown"),
    { code: "listen-limit-unknown", port: listen.port, place: "cluster" },
  );
});

test("how many cores a generator has that runs elsewhere is not known: its CPU use is no sign", (t) => {
  const samples = [...well.samples.filter((s) => s.kind !== "roleCpu"), ...cpuSamples(20, "generator", 1.95)];
  const boundOn = (cores: number | null) =>
    summarizeTrial({ ...well, samples, generator: { ...well.generator, cores } }).generator.signs.some(
      ({ kind }) => kind === "cores-used",
    );
  t.true(boundOn(2));
  t.false(boundOn(null));
});

test("a table that was never read says nothing of a role's ports", (t) => {
  const ports = { ...well.ports, db: { range: { low: 1, high: 2 }, reserved: 0, usable: 2, maxTimeWaitBuckets: null } };
  const { evidence } = summarizeTrial({ ...well, platform, ports });
  t.deepEqual(
    evidence.ports.map(({ role }) => role),
    ["target"],
  );
});

test("what got lost on its way here makes the trial invalid", (t) => {
  const reason = (losses: LoadLoss[]) => summarizeTrial({ ...well, platform, losses }).invalidReason;
  const silent: LoadLoss = { kind: "runner-silent", runner: 1, runners: 4 };
  const gap: LoadLoss = { kind: "testbed", words: "a gap" };
  t.is(reason([]), null);
  t.deepEqual(reason([silent]), { code: "load-lost", loss: silent, more: 0 });
  t.deepEqual(reason([gap, silent, gap]), { code: "load-lost", loss: gap, more: 2 });
});

test("a generator that its container's CPU limit holds back is the limit; on this machine the limit is everyone's", (t) => {
  const throttled = (perSecond: number) => [
    ...well.samples.filter((sample) => sample.kind !== "roleCpu" || sample.role !== "generator"),
    ...cpuSamples(20, "generator", 0.5).map((sample) =>
      sample.kind === "roleCpu" ? { ...sample, throttledPeriods: (sample.atMs / 1000) * perSecond } : sample,
    ),
  ];
  const signs = (perSecond: number, contained: boolean) =>
    summarizeTrial({ ...well, generator: { ...well.generator, contained, cores: null }, samples: throttled(perSecond) })
      .generator.signs;
  t.deepEqual(signs(4, true), [{ kind: "cpu-limited", timeShare: 0.4 }]);
  t.deepEqual(signs(0.4, true), []);
  t.deepEqual(signs(4, false), []);
});

test("what the target had before any profile is said: the kubelet's own settings, and that it was not begun anew", (t) => {
  const settings = { "net.core.somaxconn": "65535" };
  const installed = { service: "shop/web:80", pods: 3 };
  const { caveats } = summarizeTrial({ ...well, platform: { ...platform, defaultPodSysctls: settings, installed } });
  t.deepEqual(
    caveats.filter(({ code }) => ["installed-target", "node-default-sysctls"].includes(code)),
    [
      { code: "installed-target", ...installed },
      { code: "node-default-sysctls", node: "node-a", settings: [{ key: "net.core.somaxconn", value: "65535" }] },
    ],
  );
  t.false(codesOf({ platform: { ...platform, defaultPodSysctls: null } }).includes("node-default-sysctls"));
});
