import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { InputError } from "../core/errors.ts";
import { readRegular } from "../core/read-regular.ts";
import { findRun, latestRun } from "../results/read.ts";
import type { ResultsOptions, RunChoice } from "./results-option.ts";

/** Folder that holds runs, for a command that is given no suite (results-folder.ts): it is the one in this folder that says, where there is one. */
export function resultsFolder({ results }: ResultsOptions): string {
  if (results !== undefined) return results;
  return suitesIn(".").find(({ file }) => file === "suite.yaml")?.results ?? "results";
}

/**
 * Folder of the run that is meant. `latest` is the latest run of a suite in this folder, where there is one, or with `--any` of whatever
 * is kept there. Throws InputError where there is none.
 */
export function chosenRun(reference: string, choice: RunChoice): string {
  const out = resultsFolder(choice);
  const suites = choice.any === true ? [] : suitesIn(".").map(({ name }) => name);
  if (reference !== "latest" || suites.length === 0 || existsSync("latest")) return findRun(reference, out);
  const folder = latestRun(out, suites);
  if (folder !== null) return folder;
  const other = latestRun(out);
  throw new InputError(`no run of ${suites.join(", ")} below ${out}`, {
    hint: other === null ? "`tunebench run` makes one" : `--any takes the latest of another suite: ${other}`,
  });
}

/** What a suite's file says of itself; whether the file is right is not asked where a stored run is looked for. */
interface SuiteHere {
  file: string;
  name: string;
  results: string | null;
}

function suitesIn(folder: string): SuiteHere[] {
  const files = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
  return files.flatMap((file) => {
    const text = readable(join(folder, file));
    if (text === null || !/^target:/m.test(text) || !/^load:/m.test(text)) return [];
    const { name, results } = (readableYaml(text) ?? {}) as Record<string, unknown>;
    if (typeof name !== "string") return [];
    return [{ file, name, results: typeof results === "string" ? results : null }];
  });
}

function readable(file: string): string | null {
  try {
    return readRegular(file, { mostBytes: 2 ** 20 }).toString("utf8");
  } catch {
    return null;
  }
}

function readableYaml(text: string): unknown {
  try {
    return parse(text, { logLevel: "error" });
  } catch {
    return null;
  }
}
