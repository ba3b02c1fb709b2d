import test from "ava";
import { InputError } from "../../../harness/core/errors.ts";
import {
  calibrationDifferences,
  calibrationSuite,
  machineDifferences,
} from "../../../harness/experiment/calibration.ts";
import {
  addedFiles,
  assertSameMachine,
  assertSameRoutes,
  fileDifferences,
} from "../../../harness/experiment/resume-checks.ts";
import { loadSuite } from "../../../harness/suite/load-suite.ts";
import { treeFile } from "../../helpers/cli.ts";
import { profileOf, suiteOf } from "../../helpers/suites.ts";
import { runRecord } from "../../helpers/trial-builder.ts";

const { provenance } = runRecord();

test("each file that is not as it was is named", (t) => {
  const then = { "suite.yaml": "1", "load.ts": "2", "lib/a.ts": "3" };
  t.deepEqual(fileDifferences(then, then), { added: [], others: [] });
  t.deepEqual(fileDifferences(then, { "suite.yaml": "1", "load.ts": "changed", "new.ts": "4" }), {
    added: ["new.ts"],
    others: ["lib/a.ts is gone", "load.ts was changed"],
  });
  const run = runRecord({ digests: then });
  t.deepEqual(addedFiles(run, then), []);
  t.deepEqual(addedFiles(run, { ...then, "dump.rdb": "4" }), [
    { code: "files-added", since: { kind: "run", id: run.id }, files: ["dump.rdb"] },
  ]);
  t.throws(() => addedFiles(run, {}), {
    instanceOf: InputError,
    message: /lib\/a\.ts is gone\n {2}load\.ts is gone/,
  });
});

test("what else a run belongs to is named with both values", (t) => {
  t.notThrows(() => assertSameMachine(runRecord(), { ...provenance, node: "v99", memoryBytes: 1 }));
  const other = {
    ...provenance,
    kernel: "6.19.0",
    cpus: 4,
    engine: "k6 v3.0.0",
    tunebench: "9.0.0",
    environment: { ...provenance.environment, rootless: true },
  };
  t.deepEqual(machineDifferences(provenance, other), [
    { kind: "fact", name: "kernel", before: "6.18.0", now: "6.19.0" },
    { kind: "fact", name: "number of CPUs", before: "2", now: "4" },
    { kind: "fact", name: "load by", before: "k6 v2.2.0", now: "k6 v3.0.0" },
    { kind: "fact", name: "tunebench", before: "0.1.0", now: "9.0.0" },
    { kind: "fact", name: "rights", before: "root's", now: "an ordinary user's" },
  ]);
  t.throws(() => assertSameMachine(runRecord(), other), {
    instanceOf: InputError,
    message: /kernel 6\.18\.0 \(now 6\.19\.0\)/,
  });
});

test("in a cluster the cluster counts, not the machine that tunebench runs on", (t) => {
  const kubernetes = { version: "v1.34.3", context: "prod", namespace: "load" };
  const environment = { ...provenance.environment, kind: "kubernetes", cluster: "eks", kubernetes };
  const there = { ...provenance, engine: "image grafana/k6:2.2.0", environment };
  const elsewhere = { ...there, kernel: "6.19.0", cpuModel: "another", cpus: 64, memoryBytes: 1 };
  t.deepEqual(machineDifferences(there, elsewhere), []);
  const other = { version: "v1.35.0", context: "stage", namespace: "load-2" };
  t.deepEqual(machineDifferences(there, { ...there, environment: { ...environment, kubernetes: other } }), [
    { kind: "fact", name: "context", before: "prod", now: "stage" },
    { kind: "fact", name: "Kubernetes", before: "v1.34.3", now: "v1.35.0" },
    { kind: "fact", name: "namespace", before: "load", now: "load-2" },
  ]);
  t.deepEqual(machineDifferences(there, provenance).slice(0, 2), [
    { kind: "fact", name: "load by", before: "image grafana/k6:2.2.0", now: "k6 v2.2.0" },
    { kind: "fact", name: "cluster", before: "eks", now: "local" },
  ]);
});

test("a route that the cluster file now has otherwise is named with the profile that took it", (t) => {
  const suite = suiteOf({ profiles: [profileOf({ name: "baseline" }), profileOf({ name: "reuse", route: "node" })] });
  const [baseline, reuse] = runRecord().profiles;
  if (baseline === undefined || reuse === undefined) return t.fail();
  const run = runRecord({
    profiles: [
      { ...baseline, route: "pod-sysctls" },
      { ...reuse, route: "node" },
    ],
  });
  t.notThrows(() => assertSameRoutes(run, suite, "pod-sysctls"));
  t.throws(() => assertSameRoutes(run, suite, "privileged-init"), {
    instanceOf: InputError,
    message: /\n {2}route of baseline pod-sysctls \(now privileged-init\)$/,
  });
  t.notThrows(() => assertSameRoutes(runRecord(), suiteOf(), null));
});

test("a calibration holds for what its baseline does, whatever else the suite has", async (t) => {
  const suite = await loadSuite(treeFile("test/fixtures/whole"));
  const then = { suite, provenance };
  const others = { ...suite, profiles: suite.profiles.slice(0, 1), blocks: { min: 3, max: 9 }, tolerance: 0.1 };
  t.deepEqual(calibrationDifferences(then, { suite: others, provenance }), []);
  const changed = {
    ...suite,
    target: { ...suite.target, sysctls: {} },
    load: { ...suite.load, virtualUsers: 1 },
    profiles: suite.profiles.map((profile) => ({ ...profile, env: { A: "1" } })),
  };
  t.deepEqual(calibrationDifferences(then, { suite: changed, provenance: { ...provenance, cpus: 8 } }), [
    { kind: "fact", name: "number of CPUs", before: "2", now: "8" },
    { kind: "suite-key", key: "target" },
    { kind: "suite-key", key: "load" },
    { kind: "baseline" },
  ]);
  const automatic = (virtualUsers: number) => ({
    ...suite,
    automaticUsers: true,
    load: { ...suite.load, virtualUsers },
  });
  const users = calibrationDifferences({ suite: automatic(200), provenance }, { suite: automatic(245), provenance });
  t.deepEqual(users, [], "how many automatic users there are follows from the latest run");
});

test("a calibration is the baseline twice", async (t) => {
  const suite = calibrationSuite(await loadSuite(treeFile("test/fixtures/whole")));
  t.deepEqual(
    suite.profiles.map(({ name, sysctls }) => ({ name, sysctls })),
    [
      { name: "baseline", sysctls: {} },
      { name: "baseline-again", sysctls: {} },
    ],
  );
  t.like(suite, { recheckBlocks: 0, baseline: "baseline" });
});
