import { createHash } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { ExpectedError } from "../core/errors.ts";
import { readRegular } from "../core/read-regular.ts";
import type { MeasuredIteration } from "../results/per-iteration.ts";
import { readRun, runIds, type StoredRun } from "../results/read.ts";
import type { Suite } from "../suite/suite.ts";

/** Runs further back are another script's, or another service's. */
const mostRuns = 5;

/**
 * What an iteration of the suite's script came to in its latest run in the folder of runs, with the script as it is now: of the baseline where it has
 * a valid trial. null where there is none.
 */
export function storedIteration(suite: Suite, results: string): MeasuredIteration | null {
  const ids = existsSync(results) && statSync(results).isDirectory() ? runIds(results) : [];
  const own = ids.filter((id) => id.includes(`Z-${suite.name}-`)).slice(-mostRuns);
  const digest = createHash("sha256")
    .update(readRegular(join(suite.folder, suite.load.script)))
    .digest("hex");
  for (const id of own.toReversed()) {
    const stored = readable(join(results, id));
    if (stored === null || stored.run.digests[suite.load.script] !== digest) continue;
    const seen = stored.trials.filter(({ valid, perIteration }) => valid && perIteration !== null);
    const trial = seen.find(({ profile }) => profile === suite.baseline) ?? seen[0];
    if (trial?.perIteration) return { run: id, ...trial.perIteration };
  }
  return null;
}

function readable(folder: string): StoredRun | null {
  try {
    return readRun(folder);
  } catch (error) {
    if (error instanceof ExpectedError) return null;
    throw error;
  }
}
