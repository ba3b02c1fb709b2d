import { createHash } from "node:crypto";
import { copyFileSync, type Dirent, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { InputError } from "../errors.ts";
import type { Doubt } from "../results/trial.ts";
import { writing } from "../results/write.ts";
import type { Suite } from "../suite/suite.ts";

/** Past these a suite's folder is taken for a project of its own, and only what the suite names is copied. */
const limits = { files: 300, bytes: 10 * 1024 * 1024 };

/** Folders that are never part of a suite: installed packages, results, anything hidden. */
const leftOut = /^(node_modules|results|\..*)$/;

/** The suite's files as they were run. */
export interface SuiteCopy {
  /** Path below the suite's folder -> sha256. */
  digests: Record<string, string>;
  doubts: Doubt[];
}

/** The digests of a suite whose runs are kept in `out`. Throws InputError for a file that can't be read. */
export function digestsOf(suite: Suite, out: string): SuiteCopy {
  return digestSuite({ folder: suite.folder, file: suite.file, named: namedFiles(suite), out });
}

/** Digests of the files that belong to a suite: its whole folder, or the named files alone where the folder is large. Throws InputError for one that can't be read. */
export function digestSuite(request: { folder: string; file: string; named: string[]; out: string }): SuiteCopy {
  const all = filesBelow(request.folder, resolve(request.out));
  const bytes = all.reduce((sum, file) => sum + statSync(file).size, 0);
  const whole = all.length <= limits.files && bytes <= limits.bytes;
  const files = whole
    ? all
    : [request.file, ...request.named.filter(isFileOf(request.folder)).map((name) => join(request.folder, name))];
  const digests = Object.fromEntries(files.map((file) => [relative(request.folder, file), digest(file)]));
  const doubt = {
    code: "suite-not-copied-whole",
    message: `${basename(request.folder)}/ holds ${all.length} files; only the suite and the files it names were kept with the results`,
  };
  return { digests, doubts: whole ? [] : [doubt] };
}

/**
 * Copies the digested files into the run's suite/ folder; those that are whole there stay as they are. Throws IncompleteError
 * where that can't be written.
 */
export function copySuite(digests: SuiteCopy["digests"], from: string, to: string): void {
  writing(dirname(to), () => {
    for (const [path, wanted] of Object.entries(digests)) {
      if (existsSync(join(to, path)) && digest(join(to, path)) === wanted) continue;
      mkdirSync(dirname(join(to, path)), { recursive: true });
      copyFileSync(join(from, path), join(to, path));
    }
  });
}

/** What the suite names: the script, and the words of all commands, of which some are files of its folder. */
function namedFiles(suite: Suite): string[] {
  const parts = [suite.target, ...Object.values(suite.upstreams), ...suite.profiles];
  return [suite.load.script, ...parts.flatMap(({ command }) => command ?? [])];
}

/** Whether a word of a command is a file of the suite's folder (and not, say, `node`). */
function isFileOf(folder: string): (name: string) => boolean {
  return (name) => {
    const inside = !relative(folder, join(folder, name)).startsWith("..");
    return inside && statSync(join(folder, name), { throwIfNoEntry: false })?.isFile() === true;
  };
}

/** Nothing where the folder can't be read: what a part needs of it, it will say itself. */
function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** Regular files below a folder, links and `out` left out; stops looking soon after the limit. */
function filesBelow(folder: string, out: string): string[] {
  const found: string[] = [];
  const pending = [folder];
  while (pending.length > 0 && found.length <= limits.files) {
    const next = pending.pop() as string;
    for (const entry of entriesOf(next)) {
      const path = join(next, entry.name);
      if (leftOut.test(entry.name) || resolve(path) === out) continue;
      if (entry.isDirectory()) pending.push(path);
      else if (entry.isFile()) found.push(path);
    }
  }
  return found.sort();
}

function digest(file: string): string {
  try {
    return createHash("sha256").update(readFileSync(file)).digest("hex");
  } catch (cause) {
    throw new InputError(`a file of the suite can't be read: ${(cause as Error).message}`, { cause });
  }
}
