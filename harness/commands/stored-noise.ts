import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { calibrationOf } from "../analysis/calibration.ts";
import { ExpectedError } from "../core/errors.ts";
import { calibrationDifferences, calibrationSuite } from "../experiment/calibration.ts";
import { digestsOf } from "../experiment/copy-suite.ts";
import { ignoredBy } from "../experiment/suite-files.ts";
import type { Caveat } from "../results/caveats.ts";
import type { CalibrationDifference } from "../results/caveats-plan.ts";
import type { StoredRun } from "../results/read.ts";
import type { Calibration, Provenance } from "../results/run.ts";
import { loadSuite } from "../suite/load-suite.ts";
import type { Suite } from "../suite/suite.ts";
import { runsOfSuite } from "./suite-runs.ts";

/** What a run is about to be made with. */
interface Now {
  suite: Suite;
  provenance: Provenance;
  /** Folder that holds runs. */
  results: string;
}

/**
 * The noise of the newest finished calibration of the suite in the folder of runs, where it still holds; null with a caveat that
 * says why where it does not, and without one where there is none.
 */
export async function storedNoise(now: Now): Promise<{ calibration: Calibration | null; caveats: Caveat[] }> {
  const newest = newestCalibration(now);
  if (newest === null) return { calibration: null, caveats: [] };
  const { id } = newest.run;
  const { differences, added } = await differencesFrom(newest, now);
  if (differences.length > 0) {
    return { calibration: null, caveats: [{ code: "stale-calibration", calibration: id, differences }] };
  }
  const caveats: Caveat[] =
    added.length === 0 ? [] : [{ code: "files-added", since: { kind: "calibration", id }, files: added }];
  return { calibration: calibrationOf(newest.run, newest.trials), caveats };
}

/** The same, whether it still holds or not; null where there is none. */
export function newestNoise(suite: Suite, results: string): Calibration | null {
  const newest = newestCalibration({ suite, results });
  return newest === null ? null : calibrationOf(newest.run, newest.trials);
}

function newestCalibration({ suite, results }: Pick<Now, "suite" | "results">): StoredRun | null {
  for (const stored of runsOfSuite(results, suite.name)) {
    const { kind, suite: name, ended } = stored.run;
    if (kind === "calibration" && name === suite.name && ended?.reason === "done") return stored;
  }
  return null;
}

/** What is not as it was when the noise was measured, and files that were added since: those its programs may have written. */
interface Differences {
  differences: CalibrationDifference[];
  added: string[];
}

/** The suite as it was is kept with the calibration's results, so what matters of it can be compared key by key. */
async function differencesFrom({ folder, run }: StoredRun, now: Now): Promise<Differences> {
  const kept = join(folder, "suite", basename(run.suiteFile));
  if (!existsSync(kept)) return { differences: [{ kind: "suite-file", state: "gone" }], added: [] };
  try {
    const suite = await loadSuite(kept);
    const then = { suite, provenance: run.provenance };
    const { differences, added } = changedFiles(run.digests, now, basename(run.suiteFile));
    return { differences: [...calibrationDifferences(then, now), ...differences], added };
  } catch (error) {
    if (error instanceof ExpectedError)
      return { differences: [{ kind: "suite-file", state: "unreadable" }], added: [] };
    throw error;
  }
}

/** Files of the suite beside its own file, of which only some of the keys matter. */
function changedFiles(then: Record<string, string>, { suite, results }: Now, suiteFile: string): Differences {
  const { digests } = digestsOf(calibrationSuite(suite), results);
  const isIgnored = ignoredBy(suite.ignore);
  const names = Object.keys(then).filter((name) => name !== suiteFile && !isIgnored(name));
  const changed = names.filter((name) => then[name] !== digests[name]).sort();
  const added = Object.keys(digests).filter((name) => name !== suiteFile && then[name] === undefined);
  return { differences: changed.map((file) => ({ kind: "file", file })), added: added.sort() };
}
