import { statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRun, openTrialFolder } from "../../harness/results/write.ts";
import { mainFile } from "../helpers/cli.ts";
import { portExhaustionRun } from "../helpers/stories.ts";
import { playStory } from "../helpers/story-series.ts";
import type { Benchmark } from "./figures.ts";
import { usageOf } from "./usage.ts";

const blocks = 200;
const windows = 600;
const times = 5;

/** `tunebench report` of a long run: 200 blocks of five profiles, 300 s each. */
export const analysisBenchmark: Benchmark = {
  name: "analysis",
  about: `tunebench report of ${blocks * 5} stored trials of ${windows} windows`,
  async run() {
    const out = await mkdtemp(join(tmpdir(), "tunebench-bench-"));
    try {
      const folder = storeRun(out);
      const reports = [];
      for (let time = 0; time < times; time += 1) reports.push(await report(folder));
      return [
        {
          what: "time of tunebench report",
          unit: "s",
          values: reports.map(({ seconds }) => seconds),
          goal: { atMost: 5 },
        },
        { what: "its CPU", unit: "s CPU", values: reports.map(({ cpuSeconds }) => cpuSeconds), goal: null },
        { what: "its peak RSS", unit: "MB", values: reports.map(({ peakMb }) => peakMb), goal: { atMost: 300 } },
        { what: "report.html", unit: "MB", values: reports.map(({ htmlMb }) => htmlMb), goal: { atMost: 2 } },
      ];
    } finally {
      await rm(out, { recursive: true, force: true });
    }
  },
};

/** Trials of the stories that the reports are tested with, series 300 s long, written by the store itself. */
function storeRun(out: string): string {
  const { run, trials } = portExhaustionRun(blocks);
  const unbounded = { stopAfterRequests: Number.POSITIVE_INFINITY, stopAfterSeconds: windows / 2, cpus: 2 };
  const { windows: rows, samples } = playStory({ usable: 28_232, reuse: true, ...unbounded });
  if (rows.length !== windows) throw new Error(`${rows.length} windows instead of ${windows}`);
  const folder = createRun(out, run);
  for (const trial of trials) openTrialFolder(folder, trial).finish(trial, { windows: rows, samples, events: [] });
  return folder;
}

async function report(folder: string) {
  const usage = await usageOf([mainFile(), "report", folder]);
  return { ...usage, htmlMb: statSync(join(folder, "report.html")).size / 1e6 };
}
