/** Records that another program changed: told by whoever reads them, and a gate decides nothing by them. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { sealedJson } from "../../harness/results/checksum.ts";
import { changedSince, digestsOnDisk } from "../../harness/results/held-digests.ts";
import { readRun } from "../../harness/results/read.ts";
import { createRun, openTrialFolder, writeRun } from "../../harness/results/write.ts";
import { called } from "../helpers/calls.ts";
import { temporaryFolder } from "../helpers/cli.ts";
import { storeRun } from "../helpers/stored-run.ts";
import { runRecord, trialRecord } from "../helpers/trial-builder.ts";

const inconclusive = 5;

async function gateOf(folder: string) {
  return called(["gate", folder, "--candidate", "reuse"]);
}

async function storedIn(t: ExecutionContext) {
  const { folder, trials } = storeRun(await temporaryFolder(t));
  return { folder, record: join(trials[1] ?? "", "trial.json") };
}

test("a record whose checksum was taken away is told in every report, and a gate decides nothing", async (t) => {
  const { folder, record } = await storedIn(t);
  writeFileSync(record, readFileSync(record, "utf8").replace(/,\n {2}"sha256": "[0-9a-f]+"/, ""));
  const said = /without their checksum/;
  for (const format of ["terminal", "md", "html"]) {
    const { stdout } = await called(["report", folder, "--format", format]);
    t.regex(stdout.replace(/\s+/g, " "), said, format);
  }
  t.true((await called(["report", folder, "--format", "json"])).stdout.includes('"unsealed-records"'));
  const { exitCode, stdout } = await gateOf(folder);
  t.is(exitCode, inconclusive);
  t.regex(stdout.replace(/\s+/g, " "), said);
  const other = storeRun(await temporaryFolder(t)).folder;
  writeRun(other, { ...readRun(other).run, id: "20261121T080226Z-other-3f9b" });
  t.regex((await called(["compare", other, folder])).stdout.replace(/\s+/g, " "), said);
});

test("series without their checksum are damaged", async (t) => {
  const { folder, record } = await storedIn(t);
  const windows = record.replace("trial.json", "windows.ndjson");
  writeFileSync(windows, readFileSync(windows, "utf8").replace(/,"sha256":"[0-9a-f]+"/, ""));
  const { stdout } = await called(["report", folder, "--format", "md"]);
  t.regex(stdout, /its checksum is missing/);
});

test("a record that was replaced by another, sealed anew, is seen by whoever wrote it", async (t) => {
  const folder = createRun(await temporaryFolder(t), runRecord());
  const trial = openTrialFolder(folder, { sequence: 1, block: 1, profile: "baseline" });
  trial.finish(trialRecord(), { windows: [], samples: [], events: [] });
  t.deepEqual(digestsOnDisk(folder), trial.digests);
  t.deepEqual(changedSince(folder, trial.digests), []);
  const way = "trials/001-b1-baseline/trial.json";
  writeFileSync(join(folder, way), sealedJson({ ...trialRecord(), requests: 1_000_000 }));
  t.is(readRun(folder).trials[0]?.requests, 1_000_000, "by itself it can't be told");
  t.deepEqual(changedSince(folder, trial.digests), [way]);
  rmSync(join(folder, "trials/001-b1-baseline"), { recursive: true });
  t.is(changedSince(folder, trial.digests).length, 4);
});

test("what was found changed at a run's end keeps a gate from deciding", async (t) => {
  const { folder } = await storedIn(t);
  const { run } = readRun(folder);
  run.caveats.push({ code: "records-changed", files: ["trials/002-b1-reuse/trial.json"] });
  writeRun(folder, run);
  const { exitCode, stdout } = await gateOf(folder);
  t.is(exitCode, inconclusive);
  t.regex(stdout.replace(/\s+/g, " "), /records were changed while the run went on: trials\/002-b1-reuse/);
});
