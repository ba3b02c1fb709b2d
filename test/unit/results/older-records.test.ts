import { join } from "node:path";
import test from "ava";
import { analyze } from "../../../harness/analysis/analyze.ts";
import { readRun } from "../../../harness/results/read.ts";
import { runShape, shapeFault, trialShape } from "../../../harness/results/record-shape.ts";
import { clusterPlatform } from "../../helpers/record-parts.ts";
import { readOnly } from "../../helpers/routes-report.ts";
import { trialRecord } from "../../helpers/trial-builder.ts";

/** As a tunebench wrote it that knew no clusters: run.json, and the trials of the first block, with their checksums. */
const folder = join(import.meta.dirname, "../../fixtures/old-run");

test("a run that was stored before there were clusters ran on its machine, by no route, with one k6", (t) => {
  const { run, trials, unreadable } = readRun(folder);
  t.deepEqual(unreadable, []);
  t.is(trials.length, 2);
  t.deepEqual(run.provenance.environment, {
    kind: "netns",
    cluster: "local",
    clusterFile: null,
    rootless: true,
    kubernetes: null,
  });
  for (const profile of run.profiles) t.like(profile, { route: null, image: null, nodeSelector: {} });
  for (const trial of trials) {
    t.like(trial, { refusal: null, platform: null });
    t.like(trial.load, { runners: [], startSkewMs: null, k6: { exitCode: 105 } });
  }
  t.is(analyze(run, trials).profiles.length, 2);
});

test("what came later may be left out, and is damaged where it is there in part", (t) => {
  const whole = { ...trialRecord(), refusal: readOnly, platform: clusterPlatform() };
  t.is(shapeFault(trialShape, whole), null);
  const { refusal: _, platform: __, ...older } = whole;
  t.is(shapeFault(trialShape, older), null);
  t.regex(shapeFault(trialShape, { ...whole, refusal: { route: "node" } }) ?? "", /^refusal\.words/);
  t.regex(shapeFault(trialShape, { ...whole, platform: { node: "a" } }) ?? "", /^platform\.kernel/);
  const { run } = readRun(folder);
  t.is(shapeFault(runShape, run), null);
  const environment = { ...run.provenance.environment, kubernetes: { version: 1 } };
  t.regex(shapeFault(runShape, { ...run, provenance: { environment } }) ?? "", /^provenance\.environment\.kubernetes/);
});
