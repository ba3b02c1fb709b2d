import { join } from "node:path";
import { InputError } from "../core/errors.ts";
import { ownText } from "../core/read-regular.ts";
import { engines } from "../engines/engines.ts";
import { distinctCaveats } from "../results/caveat-keys.ts";
import type { Caveat } from "../results/caveats.ts";
import { readRun } from "../results/read.ts";
import type { RunRecord } from "../results/run.ts";
import { markRunning, unmarkRunning } from "../results/running.ts";
import type { TrialRecord } from "../results/trial.ts";
import { createRun, discardRun, removePartialTrials, writeRun, writeWhole } from "../results/write.ts";
import type { Suite } from "../suite/suite.ts";
import { copySuite } from "./copy-suite.ts";
import { secretTexts } from "./suite-secrets.ts";

/** A run's state, new or as it was left: all that the next trial follows from. Its folder is marked as this process's. */
export interface RunState {
  folder: string;
  run: RunRecord;
  trials: TrialRecord[];
  /** The script as the engine takes it. */
  scriptFile: string;
}

/**
 * Makes a run's folder below `out` with all that its trials share. Throws InputError for a script that can't be bundled and
 * IncompleteError where the folder can't be written; what fails here leaves no run behind.
 */
export async function openNewRun(out: string, suite: Suite, run: RunRecord): Promise<RunState> {
  const folder = createRun(out, run, markRunning);
  try {
    const scriptFile = bundleFile(folder, suite);
    writeWhole(scriptFile, await bundleOf(suite));
    copySuite(run.digests, suite.folder, join(folder, "suite"), secretTexts(suite));
    return { folder, run, trials: [], scriptFile };
  } catch (error) {
    discardRun(out, folder);
    throw error;
  }
}

/**
 * Takes up a stored run where it was left; the suite is the one it was made with (see resume-checks.ts). What was never
 * finished is removed, finished trials stay as they are. `caveats` are new ones, of what is not as it was. Throws InputError where another process writes the run, a trial can't
 * be read or the script would be another one, with the run as it was.
 */
export async function reopenRun(folder: string, suite: Suite, caveats: readonly Caveat[] = []): Promise<RunState> {
  markRunning(folder);
  try {
    // Read again: between the first look at it and the mark, another process may have gone on with it.
    const { run, trials, unreadable } = readRun(folder);
    if (unreadable[0] !== undefined) throw damagedTrial(unreadable[0]);
    const scriptFile = await sameBundle(folder, suite);
    removePartialTrials(folder);
    copySuite(run.digests, suite.folder, join(folder, "suite"), secretTexts(suite));
    const open = { ...run, caveats: distinctCaveats([...run.caveats, ...caveats]), ended: null };
    writeRun(folder, open);
    return { folder, run: open, trials, scriptFile };
  } catch (error) {
    unmarkRunning(folder);
    throw error;
  }
}

function damagedTrial(words: string): InputError {
  return new InputError(words, { hint: "remove that trial's folder to have the trial run again" });
}

/** Bundled again and compared: what the script imports from outside the suite's folder is in no digest. */
async function sameBundle(folder: string, suite: Suite): Promise<string> {
  const scriptFile = bundleFile(folder, suite);
  const before = ownText(scriptFile);
  const again = await bundleOf(suite);
  if (before === null) writeWhole(scriptFile, again);
  else if (withoutMap(before) !== withoutMap(again)) {
    throw new InputError(`${suite.load.script} imports something that was changed since the run began`, {
      hint: "a run is made with one script: start a new one",
    });
  }
  return scriptFile;
}

function bundleOf({ folder, load }: Suite): Promise<string> {
  return engines[load.engine].bundle(join(folder, load.script));
}

function bundleFile(folder: string, { load }: Suite): string {
  return join(folder, engines[load.engine].bundleName);
}

/** The source map names the suite's files by their content: a comment that was changed is none of the script's doing. */
function withoutMap(bundle: string): string {
  return bundle.replace(/^\/\/# sourceMappingURL=.*$/m, "");
}
