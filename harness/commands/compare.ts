import { compareStoredRuns } from "../analysis/runs-comparison.ts";
import { InputError } from "../core/errors.ts";
import { screenOf } from "../core/screen.ts";
import { renderRunsMarkdown } from "../report/gate/markdown.ts";
import { renderRunsTerminal } from "../report/gate/terminal.ts";
import { renderRunsJson } from "../report/json.ts";
import { compareFormats } from "./formats.ts";
import { oneOf } from "./one-of.ts";
import { sideOf } from "./stored-side.ts";

/** `tunebench compare`: two runs, profile by profile. It decides nothing: that is the gate's. */
export function compare(first: string, second: string, options: { out: string; format: string }): number {
  const format = oneOf(compareFormats, options.format, "format");
  const [baseline, candidate] = [sideOf(first, options.out), sideOf(second, options.out)];
  if (baseline.run.id === candidate.run.id) {
    throw new InputError(`both are run ${baseline.run.id}`, { hint: "name two runs" });
  }
  const runs = compareStoredRuns(baseline, candidate);
  if (runs.profiles.length === 0) {
    const names = (side: typeof baseline) => side.run.profiles.map(({ name }) => name).join(", ");
    throw new InputError("the runs have no profile in common", {
      hint: `${baseline.run.id} has ${names(baseline)}; ${candidate.run.id} has ${names(candidate)}`,
    });
  }
  if (format === "md") process.stdout.write(renderRunsMarkdown(runs));
  else if (format === "json") process.stdout.write(renderRunsJson(runs));
  else process.stdout.write(renderRunsTerminal(runs, screenOf(process.stdout)));
  return 0;
}
