import { screenOf } from "../core/screen.ts";
import { jsonText, printable } from "../core/text.ts";
import { listedRunsText } from "../report/runs/listed-run.ts";
import { resultsFolder } from "./chosen-run.ts";
import type { TextFormat } from "./formats.ts";
import type { ResultsOptions } from "./results-option.ts";
import { storedRuns } from "./stored-runs.ts";

/** `tunebench list --runs`: the runs of a folder with their verdicts, oldest first, as the shell's own lists end with what is newest. */
export function listRuns(where: ResultsOptions, format: TextFormat): number {
  const results = resultsFolder(where);
  const runs = storedRuns(results).map((run) => ("listed" in run ? run.listed : run));
  if (runs.length === 0) process.stderr.write(`tunebench: there is no run below ${printable(results)}\n`);
  const { width } = screenOf(process.stdout);
  process.stdout.write(format === "json" ? jsonText(runs) : listedRunsText(runs, width));
  return 0;
}
