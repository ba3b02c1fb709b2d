import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import test from "ava";
import { IncompleteError } from "../../../harness/core/errors.ts";
import { readRun } from "../../../harness/results/read.ts";
import {
  createRun,
  discardRun,
  openTrialFolder,
  removePartialTrials,
  writeWhole,
} from "../../../harness/results/write.ts";
import { temporaryFolder } from "../../helpers/cli.ts";
import { runRecord, trialRecord } from "../../helpers/trial-builder.ts";

const planned = { sequence: 1, block: 1, profile: "baseline" };
const nothing = { windows: [], samples: [], events: [] };

test("a trial is there once it is finished, and not before", async (t) => {
  const folder = createRun(await temporaryFolder(t), runRecord());
  const trial = openTrialFolder(folder, planned);
  t.deepEqual(readRun(folder).trials, []);
  t.is(trial.finish(trialRecord(), nothing), join(folder, "trials/001-b1-baseline"));
  t.deepEqual(readRun(folder), { folder, run: runRecord(), trials: [trialRecord()], unreadable: [] });
});

test("a discarded trial leaves nothing, an unfinished one of the same name is taken away", async (t) => {
  const folder = createRun(await temporaryFolder(t), runRecord());
  writeFileSync(join(openTrialFolder(folder, planned).folder, "k6.log"), "of an earlier try");
  const again = openTrialFolder(folder, planned);
  t.deepEqual(readdirSync(again.folder), []);
  again.discard();
  t.deepEqual(readdirSync(join(folder, "trials")), []);
});

test("a run taken back takes the folder of runs along only where it is empty", async (t) => {
  const out = join(await temporaryFolder(t), "results");
  const other = join(out, "20261121T080225Z-other-3f9a");
  mkdirSync(other, { recursive: true });
  discardRun(out, createRun(out, runRecord()));
  t.deepEqual(readdirSync(out), ["20261121T080225Z-other-3f9a"]);
  rmSync(other, { recursive: true });
  discardRun(out, createRun(out, runRecord()));
  t.false(existsSync(out));
});

test("an id that another run has is refused; that run stays as it is", async (t) => {
  const out = await temporaryFolder(t);
  const folder = createRun(out, runRecord({ seed: 1 }));
  t.throws(() => createRun(out, runRecord({ seed: 2 })), { instanceOf: IncompleteError, message: /ENOTEMPTY|EEXIST/ });
  t.is(readRun(folder).run.seed, 1);
  t.deepEqual(readdirSync(out), [basename(folder)]);
});

test("a run whose trials were all deleted with their folder can be taken up", async (t) => {
  const folder = createRun(await temporaryFolder(t), runRecord());
  rmSync(join(folder, "trials"), { recursive: true });
  removePartialTrials(folder);
  t.deepEqual(readdirSync(join(folder, "trials")), []);
});

test("what the file system refuses is no bug", async (t) => {
  const out = await temporaryFolder(t);
  writeFileSync(join(out, "file"), "");
  const refused = { instanceOf: IncompleteError, message: /^can't write results into / };
  t.throws(() => createRun(join(out, "file/results"), runRecord()), refused);
  t.throws(() => writeWhole(join(out, "missing/report.html"), ""), refused);
  const folder = createRun(out, runRecord());
  const trial = openTrialFolder(folder, planned);
  rmSync(folder, { recursive: true });
  t.throws(() => trial.finish(trialRecord(), nothing), refused);
});
