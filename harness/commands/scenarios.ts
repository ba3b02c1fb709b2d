import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { packageFile } from "../core/package-root.ts";

/** Folder of the scenarios that come with this package. */
export const scenariosFolder = packageFile("scenarios");

/** Their names, in order. */
export function scenarioNames(): string[] {
  return readdirSync(scenariosFolder)
    .filter((name) => existsSync(join(scenariosFolder, name, "suite.yaml")))
    .sort();
}

/** Other suite files beside a scenario's suite.yaml, in order: "short.yaml". A manifest of a cluster is none. */
export function variantsOf(name: string): string[] {
  const folder = join(scenariosFolder, name);
  return readdirSync(folder)
    .filter((file) => file.endsWith(".yaml") && file !== "suite.yaml")
    .filter((file) => /^target:/m.test(readFileSync(join(folder, file), "utf8")))
    .sort();
}

/** What a suite of a scenario says of itself. It is not checked here: each that is shipped was, and checking takes most of a start. */
export function descriptionOf(name: string, file: string): string {
  const { description } = parse(readFileSync(join(scenariosFolder, name, file), "utf8"));
  return description ?? "(no description)";
}
