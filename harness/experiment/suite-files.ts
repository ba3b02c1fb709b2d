import { closeSync, existsSync, openSync, readdirSync, readSync, realpathSync, statSync } from "node:fs";
import { isAbsolute, join, relative, resolve } from "node:path";
import { minimatch } from "minimatch";
import { readRegular } from "../core/read-regular.ts";
import { isRunId } from "../results/run-id.ts";
import { partialPrefix } from "../results/write.ts";

/** Folders that are never part of a suite: installed packages, results, what Python makes of the sources, anything hidden. */
const foldersLeftOut = /^(node_modules|results|__pycache__|\..*)$/;

/** What a program writes beside itself, and never reads as its own code, even where a command names it. */
const written = /\.(log|pid|sock)$/i;

/** Texts for people, and what editors and systems leave. */
const noSource =
  /(\.(md|markdown|rst|adoc|swp|orig|rej)|~|^(LICENSE|COPYING|NOTICE|\.DS_Store|\.gitignore|\.gitattributes))$/i;

/** How tunebench's own reports begin: `gate --json FILE`, `report --format html > FILE`. */
const ownReports: Record<string, RegExp> = {
  json: /^\{\s*"schemaVersion": \d+,/,
  xml: /<testsuites name="tunebench/,
  html: /: tunebench report<\/title>/,
  csv: /^run,suite,profile,measure,unit,/,
};

/** The suite that is run, and where its runs are kept. */
export interface SuitePlace {
  /** Absolute. */
  folder: string;
  file: string;
  /** Files and words of commands; those that are no file are passed over. */
  named: string[];
  out: string;
  /** Globs below the folder of what is no part of the suite; one without a slash is for names at any depth. */
  ignore: string[];
}

/**
 * Files below the suite's folder that may be part of what is run, as absolute paths, sorted; links are followed. Left out is what
 * can't be: packages, runs, reports, texts for people, other suites. Stops looking soon after `atMost`.
 */
export function filesBelow({ folder, file, out, ignore }: SuitePlace, atMost: number): string[] {
  const isIgnored = ignoredBy(ignore);
  const found: string[] = [];
  const seen = new Set<string>();
  const pending = [folder];
  while (pending.length > 0 && found.length <= atMost) {
    const next = pending.pop() as string;
    if (isSeen(next, seen)) continue;
    for (const name of namesIn(next)) {
      const path = join(next, name);
      if (isIgnored(relative(folder, path))) continue;
      const kind = kindOf(path);
      if (kind?.isDirectory() === true && !isLeftOut(path, name, out)) pending.push(path);
      if (kind?.isFile() === true && (path === file || mayMatter(path, name))) found.push(path);
    }
  }
  return found.sort();
}

/** Whether a way below the suite's folder is ignored: it, or a folder that it lies in. */
export function ignoredBy(globs: readonly string[]): (way: string) => boolean {
  const matches = (way: string) => globs.some((glob) => minimatch(way, glob, { dot: true, matchBase: true }));
  return (way) => [...way.matchAll(/\/|$/g)].some(({ index }) => matches(way.slice(0, index)));
}

/**
 * Name -> absolute path of each named file, wherever it lies. Its name is the way from the suite's folder; where a whole path leads
 * out of it, that path, since the way there depends on where the suite lies.
 */
export function namedFiles({ folder, file, named }: SuitePlace): Record<string, string> {
  const words = [file, ...named.flatMap(pathsIn)];
  const paths = words.map(
    (word) =>
      [
        word,
        resolve(
          folder,
          word.replace(/\$\{folder\}/g, () => folder),
        ),
      ] as const,
  );
  const files = paths.filter(([, path]) => !written.test(path) && kindOf(path)?.isFile() === true);
  return Object.fromEntries(files.map(([word, path]) => [nameOf(folder, word, path), path]));
}

/** A word by itself, and what an option like `--env-file=.env` names. */
function pathsIn(word: string): string[] {
  const value = /^-[^=]*=(.+)$/.exec(word)?.[1];
  return value === undefined ? [word] : [word, value];
}

function nameOf(folder: string, word: string, path: string): string {
  const way = relative(folder, path);
  return isAbsolute(word) && /^\.\.(\/|$)/.test(way) ? path : way;
}

/** Links can lead around in a circle. */
function isSeen(folder: string, seen: Set<string>): boolean {
  const real = realpathSync(folder);
  if (seen.has(real)) return true;
  seen.add(real);
  return false;
}

/** Whatever the folder's name: one that holds runs is known by them. */
function isLeftOut(path: string, name: string, out: string): boolean {
  const isRun = isRunId(name) || name.includes(partialPrefix) || existsSync(join(path, "run.json"));
  return foldersLeftOut.test(name) || resolve(path) === out || isRun;
}

function mayMatter(path: string, name: string): boolean {
  if (written.test(name) || noSource.test(name) || name.includes(partialPrefix)) return false;
  const ending = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  if (ending === "yaml" || ending === "yml") return !isSuite(path);
  return ownReports[ending]?.test(beginningOf(path)) !== true;
}

/** Whether a YAML file has the keys that every suite has, and no other file has both of. */
function isSuite(path: string): boolean {
  const text = readable(() => readRegular(path).toString("utf8")) ?? "";
  return /^["']?target["']?:/m.test(text) && /^["']?load["']?:/m.test(text);
}

function beginningOf(path: string): string {
  return (
    readable(() => {
      const handle = openSync(path, "r");
      try {
        const bytes = Buffer.alloc(1000);
        return bytes.toString("utf8", 0, readSync(handle, bytes));
      } finally {
        closeSync(handle);
      }
    }) ?? ""
  );
}

/** What is behind the links; null for what can't be looked at: a circle, a folder without rights, no path at all (a NUL in it). */
function kindOf(path: string) {
  return readable(() => statSync(path));
}

/** Nothing where the folder can't be read: what a part needs of it, it will say itself. */
function namesIn(folder: string): string[] {
  return readable(() => readdirSync(folder)) ?? [];
}

function readable<T>(look: () => T): T | null {
  try {
    return look();
  } catch {
    return null;
  }
}
