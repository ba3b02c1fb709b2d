import { join } from "node:path";
import { loadSuite } from "../suite/load-suite.ts";
import { scenarioNames, scenariosFolder } from "./scenarios.ts";

/** `tunebench list`: each scenario with what it is about and where it lies. */
export async function list(): Promise<number> {
  for (const name of scenarioNames()) {
    const folder = join(scenariosFolder, name);
    const suite = await loadSuite(folder);
    process.stdout.write(`${name}\n  ${suite.description ?? "(no description)"}\n  ${folder}\n`);
  }
  return 0;
}
