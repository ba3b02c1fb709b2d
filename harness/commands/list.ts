import { join, sep } from "node:path";
import { descriptionOf, scenarioNames, scenariosFolder, variantsOf } from "./scenarios.ts";

/**
 * `tunebench list`: each scenario with what it is about and where it lies, or how to get it where it can't be run there; below
 * it the other suites of its folder.
 */
export function list(): number {
  for (const name of scenarioNames()) {
    const folder = join(scenariosFolder, name);
    process.stdout.write(`${name}\n  ${descriptionOf(name, "suite.yaml")}\n  ${placeOf(name, folder)}\n`);
    for (const variant of variantsOf(name)) {
      process.stdout.write(`  ${variant}: ${descriptionOf(name, variant)}\n`);
    }
  }
  return 0;
}

/** Node refuses to strip types below node_modules, so an installed scenario is run as a copy. */
function placeOf(name: string, folder: string): string {
  return folder.split(sep).includes("node_modules") ? `tunebench init DIR --scenario ${name}` : folder;
}
