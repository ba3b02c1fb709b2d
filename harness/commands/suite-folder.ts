import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { InputError } from "../core/errors.ts";
import { packageFile } from "../core/package-root.ts";
import { jsonText } from "../core/text.ts";
import { makeFolder } from "../results/make-folder.ts";
import { scenariosFolder } from "./scenarios.ts";

/** What lies beside a suite that is to be run and changed elsewhere: the script's library, and the schema for editors. */
export function libraryFiles(): Record<string, string> {
  const textOf = (file: string) => readFileSync(file, "utf8");
  return {
    "lib/k6.ts": textOf(join(scenariosFolder, "lib/k6.ts")),
    "suite.schema.json": textOf(packageFile("suite.schema.json")),
  };
}

/** Texts of a folder's files by name, each with `prefix` before it. */
export function textsIn(folder: string, prefix: string): Record<string, string> {
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(names.map(({ name }) => [prefix + name, readFileSync(join(folder, name), "utf8")]));
}

export interface Packages {
  /** What the files import. */
  dependencies: Record<string, string>;
  /** What an editor knows k6's own modules by. */
  devDependencies: Record<string, string>;
}

/** Node reads a .ts file as a module by its package; without one it guesses, and warns on every start. */
export function packageWith(packages: Packages): string {
  const needed = Object.entries(packages).filter(([, ranges]) => Object.keys(ranges).length > 0);
  return jsonText({ private: true, type: "module", ...Object.fromEntries(needed) });
}

/** Writes files into a folder. Throws InputError where one of them is there already, and writes none then. */
export function fillFolder(folder: string, files: Record<string, string>, hint: string): void {
  checkFree(folder, Object.keys(files), hint);
  for (const [name, text] of Object.entries(files)) writeInto(folder, name, text, hint);
}

/** Throws InputError where one of the files is there already. */
export function checkFree(folder: string, names: string[], hint: string): void {
  const taken = names.filter((name) => existsSync(join(folder, name)));
  if (taken.length > 0) throw new InputError(`${folder} has ${taken.join(", ")} already`, { hint });
}

/** A folder that can't be one, or may not be written, is a wrong name. */
function writeInto(folder: string, name: string, text: string, hint: string): void {
  try {
    makeFolder(dirname(join(folder, name)));
    writeFileSync(join(folder, name), text);
  } catch (cause) {
    throw new InputError(`can't write into ${folder}: ${(cause as Error).message}`, { hint, cause });
  }
}
