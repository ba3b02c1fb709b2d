import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { packageFile } from "../core/package-root.ts";

/** A scenario that comes with this package. */
export interface Scenario {
  name: string;
  description: string;
  folder: string;
  /** Other suite files beside its suite.yaml, in order. */
  variants: { file: string; description: string }[];
}

/** Folder of the scenarios that come with this package. */
export const scenariosFolder = packageFile("scenarios");

/** Their names, in order. */
export function scenarioNames(): string[] {
  return readdirSync(scenariosFolder)
    .filter((name) => existsSync(join(scenariosFolder, name, "suite.yaml")))
    .sort();
}

export function scenarioNamed(name: string): Scenario {
  const folder = join(scenariosFolder, name);
  const others = readdirSync(folder).filter((file) => file.endsWith(".yaml") && file !== "suite.yaml");
  const variants = others.filter((file) => isSuite(join(folder, file))).sort();
  return {
    name,
    description: descriptionIn(join(folder, "suite.yaml")),
    folder,
    variants: variants.map((file) => ({ file, description: descriptionIn(join(folder, file)) })),
  };
}

/** A manifest of a cluster is none. */
function isSuite(file: string): boolean {
  return /^target:/m.test(readFileSync(file, "utf8"));
}

/** What a suite of a scenario says of itself. No more of it is parsed, and nothing checked: each that is shipped was, and that takes most of a start. */
function descriptionIn(file: string): string {
  const [written = ""] = /^description:.*(?:\n(?:[ \t].*)?)*/m.exec(readFileSync(file, "utf8")) ?? [];
  return parse(written)?.description ?? "(no description)";
}
