import { sep } from "node:path";
import { jsonText } from "../core/text.ts";
import type { TextFormat } from "./formats.ts";
import { type Scenario, scenarioNamed, scenarioNames } from "./scenarios.ts";

/**
 * `tunebench list`: each scenario with what it is about and where it lies, or how to get it where it can't be run there; below
 * it the other suites of its folder.
 */
export function list({ format }: { format: TextFormat }): number {
  const scenarios = scenarioNames().map(scenarioNamed);
  process.stdout.write(format === "json" ? jsonText(scenarios) : scenarios.map(scenarioText).join(""));
  return 0;
}

function scenarioText(scenario: Scenario): string {
  const { name, description, variants } = scenario;
  const lines = [name, `  ${description}`, `  ${howToRun(scenario)}`];
  return [...lines, ...variants.map((one) => `  ${one.file}: ${one.description}`), ""].join("\n");
}

/** Node refuses to strip types below node_modules, so an installed scenario is run as a copy. */
function howToRun({ name, folder }: Scenario): string {
  return folder.split(sep).includes("node_modules") ? `tunebench init DIR --scenario ${name}` : folder;
}
