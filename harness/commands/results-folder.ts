import { resolve } from "node:path";
import type { Suite } from "../suite/suite.ts";
import type { ResultsOptions } from "./results-option.ts";

/** Absolute path of the folder in which a suite's runs are kept: what the command line says, else the suite, else ./results. */
export function resultsFolderOf(suite: Pick<Suite, "results" | "folder">, { results }: ResultsOptions): string {
  if (results !== undefined) return resolve(results);
  return suite.results === null ? resolve("results") : resolve(suite.folder, suite.results);
}
