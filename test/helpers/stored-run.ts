import { createRun, openTrialFolder } from "../../harness/results/write.ts";
import { portExhaustionReport } from "./report-fixture.ts";
import type { StoredRun } from "./stories.ts";

/** Stores the port-exhaustion story (one block, five profiles) below `out`, as a run would; its folder. */
export function storeRun(out: string): { folder: string; trials: string[] } {
  const { run, trials, series } = portExhaustionReport();
  const folder = createRun(out, run);
  const folders = trials.map((trial) => {
    const { windows = [], samples = [], events = [] } = series.find((one) => one.trial === trial) ?? {};
    return openTrialFolder(folder, trial).finish(trial, { windows, samples, events });
  });
  return { folder, trials: folders };
}

/** Stores a story without its series; its folder. */
export function storeStory(out: string, { run, trials }: StoredRun): string {
  const folder = createRun(out, run);
  for (const trial of trials) {
    openTrialFolder(folder, trial).finish({ ...trial, runId: run.id }, { windows: [], samples: [], events: [] });
  }
  return folder;
}
