import { readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { InputError } from "../errors.ts";
import { readSuite } from "./parse.ts";
import { pathText, plain, SuiteError, shown } from "./problems.ts";
import type { Suite } from "./suite.ts";

/**
 * Reads and checks a suite.
 * @param path a scenario's folder (with suite.yaml in it) or a suite file
 * @throws InputError where there is no such file, SuiteError with every fault of it
 */
export async function loadSuite(path: string): Promise<Suite> {
  const file = await findSuiteFile(path);
  const { suite, document } = readSuite(await readText(file), file);
  const script = join(dirname(file), suite.load.script);
  if (await isFile(script)) return suite;
  const where = ["load", "script"];
  const text = `${pathText(where)}: there is no file ${shown(suite.load.script)} in the suite's folder; give the k6 script's path from there`;
  throw new SuiteError(file, [{ ...document.locate(where, "value"), text }]);
}

async function findSuiteFile(path: string): Promise<string> {
  const file = (await isFolder(path)) ? join(path, "suite.yaml") : path;
  if (await isFile(file)) return file;
  throw new InputError(`no suite here: looked for the file ${plain(file)}`, {
    hint: "give a scenario's folder (with a suite.yaml in it) or a suite file; `tunebench init` makes one",
  });
}

async function readText(file: string): Promise<string> {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await readFile(file));
  } catch (cause) {
    const reason = cause instanceof TypeError ? "it is not UTF-8 text" : plain((cause as Error).message);
    throw new InputError(`can't read the suite ${plain(file)}: ${reason}`, { cause });
  }
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
