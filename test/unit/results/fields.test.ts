/** What the writers write is what the shapes of the records have: nothing is lost between them, and a key of nobody's is dropped. */
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import type { ZodType } from "zod";
import { conditionResults } from "../../../harness/detect/conditions.ts";
import { summarizeTrial } from "../../../harness/detect/summarize.ts";
import { newRunRecord } from "../../../harness/experiment/run-record.ts";
import { failedTrial, movedTrial } from "../../../harness/experiment/unmeasured-trial.ts";
import { makePlan } from "../../../harness/plan/make-plan.ts";
import { caveatShape } from "../../../harness/results/caveats.ts";
import { sealedJson } from "../../../harness/results/checksum.ts";
import { type Happening, trialEventShape } from "../../../harness/results/events.ts";
import { readRun } from "../../../harness/results/read.ts";
import { runShape } from "../../../harness/results/run.ts";
import { trialShape } from "../../../harness/results/trial.ts";
import { loadSuite } from "../../../harness/suite/load-suite.ts";
import { PartFailure } from "../../../harness/testbeds/failures.ts";
import { caveatExamples } from "../../helpers/caveat-examples.ts";
import { temporaryFolder, treeFile } from "../../helpers/cli.ts";
import { clusterReport } from "../../helpers/cluster-report.ts";
import { conditionsReport } from "../../helpers/conditions-report.ts";
import { factorReport } from "../../helpers/judged-reports.ts";
import { lostFields } from "../../helpers/lost-fields.ts";
import { clusterPlatform } from "../../helpers/record-parts.ts";
import { searchReport } from "../../helpers/search-story.ts";
import { storeRun, storeStory } from "../../helpers/stored-run.ts";
import { runRecord, trialRecord } from "../../helpers/trial-builder.ts";
import { storyInput, well } from "../detect/story.ts";

const provenance = runRecord().provenance;
const calibration = {
  runId: "20261121T080225Z-keep-alive-3f9a",
  at: "2026-11-21T08:02:25.000Z",
  blocks: 10,
  measures: { "latencyMs.p99": { logRatioDeviation: 0.1, pairs: 10 } },
};

for (const path of globSync("scenarios/*/*.yaml", { cwd: treeFile() })) {
  test(`run.json of ${path}`, async (t) => {
    const suite = await loadSuite(treeFile(path));
    const plan = makePlan(suite, { seed: 1, memoryBytes: 8 * 2 ** 30 });
    const copy = { digests: { "load.ts": "0" }, caveats: [] };
    const noise = { calibration, caveats: [] };
    const run = newRunRecord({ suite, plan, kind: "experiment", provenance, copy, route: null, noise });
    t.deepEqual(stored(runShape, run), run);
  });
}

test("trial.json as detection and the run make it", (t) => {
  const planned = {
    sequence: 1,
    block: 1,
    profile: "reuse",
    attempt: 1,
    purpose: "compare",
    step: null,
    find: null,
  } as const;
  const identity = { run: runRecord(), planned, startedAt: new Date(0) };
  const calm = { ...well, conditions: [{ name: "normal", perSecond: 200, lastingMs: 20_000, actions: [], goals: [] }] };
  const trials = [
    { ...trialRecord(), ...summarizeTrial(storyInput) },
    { ...trialRecord(), ...summarizeTrial(calm), conditions: conditionResults(calm) },
    failedTrial(identity, new PartFailure("target", "ended", ["bye"])),
    movedTrial(identity, clusterPlatform(), "node-b"),
  ];
  for (const trial of trials) t.deepEqual(stored(trialShape, trial), trial);
});

test("records and series of whole runs: of a fixed load, conditions, a search, factors, in a cluster", async (t) => {
  const out = await temporaryFolder(t);
  t.deepEqual(lostFields(storeRun(out).folder), []);
  for (const [index, report] of [conditionsReport, searchReport, factorReport, clusterReport].entries()) {
    const { run, trials } = report();
    t.deepEqual(lostFields(storeStory(join(out, String(index)), { run, trials: [...trials] })), []);
  }
});

test("every caveat", (t) => {
  for (const [code, fields] of Object.entries(caveatExamples)) {
    const caveat = { code, ...fields };
    t.deepEqual(stored(caveatShape, caveat), caveat as never, code);
  }
});

const action = { role: "db", condition: "failure" };
const happenings: Happening[] = [
  { kind: "load-started", runners: null },
  { kind: "stop-decided", criterion: "fault" },
  { kind: "generator-idle" },
  { kind: "fault-logged", role: "target", fault: "POOL EMPTY", line: "no free connection" },
  { kind: "log-lost", role: "target", words: "ENOSPC" },
  { kind: "harness-stood-still", fromMs: 9.5, lastedMs: 3040 },
  { kind: "export-failed", line: "failed to upload metrics" },
  { kind: "script-error", words: "x is not defined" },
  { kind: "unauthenticated-requests", requests: 3 },
  { kind: "part-died", role: "db", death: { kind: "ended", exitCode: null, signal: "SIGKILL" } },
  { kind: "action-started", ...action, action: "kill" },
  { kind: "action-started", ...action, action: "latency", addedMs: 50 },
  { kind: "action-ended", ...action, action: "kill", restart: { awayMs: 1200, startMs: 200 } },
  { kind: "action-ended", ...action, action: "pause" },
  { kind: "action-skipped", ...action, action: "pause" },
  { kind: "action-failed", ...action, action: "kill", words: "ESRCH" },
];

test("every event", (t) => {
  for (const happening of happenings) {
    const event = { atMs: 12.5, ...happening };
    t.deepEqual(stored(trialEventShape, event), event, happening.kind);
  }
});

test("a key of nobody's is dropped, however deep", async (t) => {
  const { folder, trials } = storeRun(await temporaryFolder(t));
  const file = join(trials[0] ?? "", "trial.json");
  const trial = JSON.parse(readFileSync(file, "utf8"));
  const { sha256, ...written } = trial;
  const strange = { ...written, odd: 1, load: { ...trial.load, odd: 1 } };
  writeFileSync(file, sealedJson(strange));
  t.deepEqual(lostFields(folder), [file]);
  t.deepEqual(readRun(folder).trials[0], written);
});

/** A record as it comes back from the disk. */
function stored<T>(shape: ZodType<T>, record: T): T {
  return shape.parse(JSON.parse(JSON.stringify(record)));
}
