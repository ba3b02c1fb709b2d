import { join, resolve } from "node:path";
import { analyzeStored } from "../analysis/analyze.ts";
import type { AnalysedRun } from "../analysis/trends.ts";
import { InputError } from "../core/errors.ts";
import { type ListedRun, listedRun, type UnreadableRun } from "../report/runs/listed-run.ts";
import { readRun, runIds } from "../results/read.ts";
import { isRunning } from "../results/running.ts";

/** A run of a folder, read and analysed. */
export interface StoredAnalysis extends AnalysedRun {
  listed: ListedRun;
}

/** Every run below a folder, oldest first; what can't be read is named, and stops nothing. */
export function storedRuns(results: string): (StoredAnalysis | UnreadableRun)[] {
  return runIds(results).map((id) => {
    const folder = join(resolve(results), id);
    try {
      const stored = readRun(folder);
      const analysed = { run: stored.run, trials: stored.trials, analysis: analyzeStored(stored) };
      return { ...analysed, listed: listedRun(analysed, folder, isRunning(folder)) };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return { id, folder, unreadable: error.message };
    }
  });
}

export function isReadable(run: StoredAnalysis | UnreadableRun): run is StoredAnalysis {
  return "listed" in run;
}
