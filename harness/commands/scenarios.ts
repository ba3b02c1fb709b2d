import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { packageFile } from "../package-root.ts";

/** Folder of the scenarios that come with this package. */
export const scenariosFolder = packageFile("scenarios");

/** Their names, in order. */
export function scenarioNames(): string[] {
  return readdirSync(scenariosFolder)
    .filter((name) => existsSync(join(scenariosFolder, name, "suite.yaml")))
    .sort();
}
