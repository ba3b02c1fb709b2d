import { stat } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../core/errors.ts";
import { escaped } from "../core/text.ts";
import { fileProblems } from "./named-files.ts";
import { readSuite } from "./parse.ts";
import { SuiteError } from "./problems.ts";
import { readText } from "./read-text.ts";
import type { Suite } from "./suite.ts";

/**
 * Reads and checks a suite.
 * @param path a scenario's folder (with suite.yaml in it) or a suite file
 * @throws InputError where there is no such file, SuiteError with every fault of it
 */
export async function loadSuite(path: string): Promise<Suite> {
  const file = await findSuiteFile(path);
  const { suite, document } = readSuite(await readText(file, "suite"), file);
  const problems = await fileProblems(suite, document.locate);
  if (problems.length > 0) throw new SuiteError(file, problems);
  return suite;
}

async function findSuiteFile(path: string): Promise<string> {
  const file = (await isFolder(path)) ? join(path, "suite.yaml") : path;
  if (await isFile(file)) return file;
  throw new InputError(`no suite here: looked for the file ${escaped(file)}`, {
    hint: "give a scenario's folder (with a suite.yaml in it) or a suite file; `tunebench init` makes one",
  });
}

async function isFile(path: string): Promise<boolean> {
  return (await statOrNull(path))?.isFile() ?? false;
}

async function isFolder(path: string): Promise<boolean> {
  return (await statOrNull(path))?.isDirectory() ?? false;
}

/** null for whatever can't be looked at: absent, unreadable, or no path at all (a NUL in it). */
async function statOrNull(path: string) {
  return stat(path).catch(() => null);
}
