import test from "ava";
import { differenceKinds, differencesOf, type RunArm } from "../../../harness/analysis/differences.ts";
import type { RunRecord } from "../../../harness/results/run.ts";
import type { SysctlReading, TrialPlatform } from "../../../harness/results/trial.ts";
import { clusterPlatform } from "../../helpers/record-parts.ts";
import { profileRecord, runRecord, trialRecord } from "../../helpers/trial-builder.ts";

const arm = (run: Partial<RunRecord> = {}, sysctls: SysctlReading[] = []): RunArm => ({
  run: { ...runRecord(), ...run },
  profile: "baseline",
  trials: [trialRecord({ sysctls })],
});

const reading = (key: string, effective: string, origin: SysctlReading["origin"] = "recorded"): SysctlReading => ({
  role: "target",
  key,
  asked: null,
  before: effective,
  effective,
  after: effective,
  origin,
});

const { provenance, load, stop, judged } = runRecord();

/** What is changed in the candidate's run, and how the difference reads: kind, baseline, candidate. */
const changes: [Partial<RunRecord>, string, string, string][] = [
  [{ provenance: { ...provenance, cpus: 4 } }, "cpu", "2 x Some CPU @ 2.4GHz", "4 x Some CPU @ 2.4GHz"],
  [{ provenance: { ...provenance, memoryBytes: 16 * 2 ** 30 } }, "memory", "8 GiB", "16 GiB"],
  [{ provenance: { ...provenance, kernel: "6.19" } }, "kernel", "6.18.0", "6.19"],
  [{ provenance: { ...provenance, engine: "k6 v3" } }, "engine", "k6 v2.2.0", "k6 v3"],
  [{ provenance: { ...provenance, node: "v26" } }, "node", "v24.21.0", "v26"],
  [{ provenance: { ...provenance, tunebench: "0.2.0" } }, "tunebench", "0.1.0", "0.2.0"],
  [
    { provenance: { ...provenance, environment: { ...provenance.environment, rootless: true } } },
    "environment",
    "rootless false",
    "rootless true",
  ],
  [{ suite: "other" }, "suite", "name port-exhaustion", "name other"],
  [{ digests: { "load.ts": "0123456789abcdef" } }, "suite", "load.ts none", "load.ts 0123456789ab"],
  [{ load: { ...load, peakPerSecond: 500 } }, "load", "peakPerSecond 3000", "peakPerSecond 500"],
  [{ stop: { ...stop, requests: null } }, "stop", "requests 150000", "requests none"],
  [
    { judged: judged.slice(0, 2) },
    "measures",
    'latencyMs.p99 {"direction":"lower","tolerance":0.05}',
    "latencyMs.p99 none",
  ],
  [
    { profiles: [profileRecord("baseline", { "net.core.somaxconn": "9" })] },
    "profile",
    "target: net.core.somaxconn none",
    "target: net.core.somaxconn 9",
  ],
  [
    { profiles: [{ ...profileRecord("baseline"), upstreamEnv: { db: { CACHE: "huge" } }, load: { rate: "10/s" } }] },
    "profile",
    "db: env CACHE none, load rate none",
    "db: env CACHE huge, load rate 10/s",
  ],
];

for (const [change, kind, baseline, candidate] of changes) {
  test(`${kind}: ${candidate}`, (t) => {
    const found = differencesOf(arm(), arm(change), []);
    t.deepEqual(found, [{ kind, baseline, candidate, allowed: false }] as typeof found);
    t.true(differencesOf(arm(), arm(change), differenceKinds)[0]?.allowed);
    t.deepEqual(differencesOf(arm(change), arm(change), []), []);
  });
}

test("a little more or less memory is the same machine after a boot", (t) => {
  const memoryBytes = provenance.memoryBytes * 1.002;
  t.deepEqual(differencesOf(arm(), arm({ provenance: { ...provenance, memoryBytes } }), []), []);
});

test("settings that were found, not set: the machine's own; what a profile sets is the profile's", (t) => {
  const [one, two] = [[reading("net.ipv4.tcp_rmem", "4096")], [reading("net.ipv4.tcp_rmem", "8192")]];
  t.deepEqual(
    differencesOf(arm({}, one), arm({}, two), []).map(({ kind, baseline }) => [kind, baseline]),
    [["sysctls", "target: net.ipv4.tcp_rmem 4096"]],
  );
  const asked = [reading("net.ipv4.tcp_rmem", "8192", "profile")];
  t.deepEqual(differencesOf(arm({}, one), arm({}, asked), []), []);
});

test("profiles of two names are what is compared, not what differs", (t) => {
  const profiles = [profileRecord("baseline"), profileRecord("new", { "net.core.somaxconn": "9" })];
  t.deepEqual(differencesOf(arm({ profiles }), { ...arm({ profiles }), profile: "new" }, []), []);
});

/** On a cluster of an older tunebench's machine: what counts is where the target ran. */
function onCluster(
  platform: Partial<TrialPlatform>,
  run: Partial<RunRecord["provenance"]> = {},
  version = "v1.34.3",
): RunArm {
  const kubernetes = { version, context: "prod", namespace: "load" };
  const environment = { ...provenance.environment, kind: "kubernetes", cluster: "eks", kubernetes };
  return {
    ...arm({ provenance: { ...provenance, environment, ...run } }),
    trials: [{ ...trialRecord(), platform: clusterPlatform(platform) }],
  };
}

test("of runs in a cluster the nodes are compared, and the machine that tunebench ran on is not", (t) => {
  const laptop = { kernel: "6.19", cpus: 64, cpuModel: "another", memoryBytes: 1 };
  t.deepEqual(differencesOf(onCluster({ node: "a" }), onCluster({ node: "b" }, laptop), []), []);
  const found = (other: RunArm) =>
    differencesOf(onCluster({}), other, []).map(({ kind, baseline, candidate }) => [kind, baseline, candidate]);
  t.deepEqual(found(onCluster({ kernel: "6.18.2" })), [["kernel", "6.12.40-amd64", "6.18.2"]]);
  t.deepEqual(found(onCluster({ instanceType: "m7g.large" })), [
    ["cpu", "instance type m7i.large", "instance type m7g.large"],
  ]);
  t.deepEqual(found(onCluster({ osImage: "Bottlerocket 1.40" })), [
    ["node-image", "Amazon Linux 2023, containerd://2.1.5", "Bottlerocket 1.40, containerd://2.1.5"],
  ]);
  t.deepEqual(found(onCluster({ kubelet: "v1.35.0" }, {}, "v1.35.0")), [
    ["kubelet", "v1.34.3, API server v1.34.3", "v1.35.0, API server v1.35.0"],
  ]);
});

test("another kernel is what a gate of kernels allows", (t) => {
  const [difference, ...more] = differencesOf(onCluster({}), onCluster({ kernel: "6.18.2" }), ["kernel"]);
  t.like(difference, { kind: "kernel", allowed: true });
  t.deepEqual(more, []);
});

test("a profile that got another route, image or pool is another profile", (t) => {
  const there = { ...profileRecord("baseline"), route: "node", image: "app:2", nodeSelector: { pool: "new" } };
  const here = { ...profileRecord("baseline"), route: "pod-sysctls" };
  const [difference] = differencesOf(arm({ profiles: [here] }), arm({ profiles: [there] }), []);
  t.like(difference, {
    kind: "profile",
    baseline: "route pod-sysctls, image none, nodes pool none",
    candidate: "route node, image app:2, nodes pool new",
  });
});
