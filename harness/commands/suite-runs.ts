import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { ExpectedError } from "../core/errors.ts";
import { readRun, runIds, type StoredRun } from "../results/read.ts";

/**
 * Runs of the suite of this name in a folder of runs, the newest first, `most` at the most; what can't be read is no part of what is asked, and
 * left out. None where the folder can't hold runs: the run's own folder is what that is said of (exit 4).
 */
export function* runsOfSuite(results: string, suite: string, most = Number.POSITIVE_INFINITY): Generator<StoredRun> {
  const ids = existsSync(results) && statSync(results).isDirectory() ? runIds(results) : [];
  const own = ids.filter((id) => id.includes(`Z-${suite}-`)).toReversed();
  for (const id of own.slice(0, most)) {
    const stored = readable(join(results, id));
    if (stored !== null) yield stored;
  }
}

function readable(folder: string): StoredRun | null {
  try {
    return readRun(folder);
  } catch (error) {
    if (error instanceof ExpectedError) return null;
    throw error;
  }
}
