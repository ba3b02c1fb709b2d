import { sep } from "node:path";
import { screenOf } from "../core/screen.ts";
import { jsonText } from "../core/text.ts";
import { wrap } from "../core/words.ts";
import type { TextFormat } from "./formats.ts";
import type { ResultsOptions } from "./results-option.ts";
import { type Scenario, scenarioNamed, scenarioNames } from "./scenarios.ts";

interface ListOptions extends ResultsOptions {
  format: TextFormat;
  runs?: true;
}

/**
 * `tunebench list`: each scenario with what it is about and where it lies, or how to get it where it can't be run there; below
 * it the other suites of its folder. With `--runs` the runs of a folder: then the analysis is loaded.
 */
export async function list({ format, runs, ...where }: ListOptions): Promise<number> {
  if (runs === true) return (await import("./list-runs.ts")).listRuns(where, format);
  const scenarios = scenarioNames().map(scenarioNamed);
  const { width, write } = screenOf(process.stdout);
  write(format === "json" ? jsonText(scenarios) : scenarios.map((one) => scenarioText(one, width)).join(""));
  return 0;
}

/** A path is never broken. */
function scenarioText(scenario: Scenario, width: number): string {
  const { name, description, variants } = scenario;
  const others = variants.flatMap((one) => wrap(`${one.file}: ${one.description}`, width, "    ", "  "));
  return [name, ...wrap(description, width, "  "), `  ${howToRun(scenario)}`, ...others, ""].join("\n");
}

/** Node refuses to strip types below node_modules, so an installed scenario is run as a copy. */
function howToRun({ name, folder }: Scenario): string {
  return folder.split(sep).includes("node_modules") ? `tunebench init DIR --scenario ${name}` : folder;
}
