import { createHash } from "node:crypto";
import { join } from "node:path";
import { readRegular } from "../core/read-regular.ts";
import type { MeasuredIteration } from "../results/per-iteration.ts";
import type { Suite } from "../suite/suite.ts";
import { runsOfSuite } from "./suite-runs.ts";

/** Runs further back are another script's, or another service's. */
const mostRuns = 5;

/**
 * What an iteration of the suite's script came to in its latest run in the folder of runs, with the script as it is now: of the baseline where it has
 * a valid trial. null where there is none.
 */
export function storedIteration(suite: Suite, results: string): MeasuredIteration | null {
  const digest = createHash("sha256")
    .update(readRegular(join(suite.folder, suite.load.script)))
    .digest("hex");
  for (const { run, trials } of runsOfSuite(results, suite.name, mostRuns)) {
    if (run.digests[suite.load.script] !== digest) continue;
    const seen = trials.filter(({ valid, perIteration }) => valid && perIteration !== null);
    const trial = seen.find(({ profile }) => profile === suite.baseline) ?? seen[0];
    if (trial?.perIteration) return { run: run.id, ...trial.perIteration };
  }
  return null;
}
