import { basename, dirname } from "node:path";

/** As many may be run again: more than these a busy machine does not account for. */
export const mostAgain = 3;

/** Follows each file that ava gave up because nothing came of it any more, and names no file itself. */
const timeOut = "  ✘ Timed out while running tests";

/**
 * Which of the files that ava ran failed, or hung, from what it printed: each once, in order. null where something failed that is no
 * file's: an error of ava's own. Pure.
 */
export function failedFiles(output: string, files: string[]): string[] | null {
  // A file that ran beside one that ended the process, and hangs, is given up without its name.
  if (
    output
      .split(timeOut)
      .slice(1)
      .some((after) => !after.split("\n").some(namesHeldFile))
  )
    return null;
  const lines = output.split("\n").filter((line) => isFailure(line) && line !== timeOut);
  const failed = lines.map((line) => fileOf(line, files));
  if (failed.length === 0 || failed.includes(undefined)) return null;
  return [...new Set(failed as string[])];
}

function isFailure(line: string): boolean {
  return line.startsWith("  ✘ ") || namesHeldFile(line);
}

/** What ava tells of what never came to its end: files, and the tests that were pending in them. Pure. */
export function heldIn(output: string): string[] {
  return output.split("\n").filter((line) => namesHeldFile(line) || line.startsWith("  ◌ "));
}

function namesHeldFile(line: string): boolean {
  return /^ {2}(?:\d+ tests were pending in|Failed to exit when running) /.test(line);
}

/** Where ava runs several files it puts before a test's title the way to its file, from the folder on that all have in common. */
function fileOf(line: string, files: string[]): string | undefined {
  const [, title] = /^ {2}✘ \[[a-z ]+\]: (.+)$/.exec(line) ?? [];
  if (title === undefined) return files.find((file) => line.split(" ").includes(file));
  if (files.length === 1) return files[0];
  return files.find((file) => waysTo(file).some((way) => title.startsWith(`${way} › `)));
}

/** What ava printed without the lines of some files' tests. Pure. */
export function withoutFiles(output: string, files: string[]): string {
  const prefixes = files.map(titlePrefix);
  const isOf = (line: string) => prefixes.some((prefix) => line.includes(` ${prefix} › `));
  return output
    .split("\n")
    .filter((line) => !isOf(line))
    .join("\n");
}

/** "limits", "observe › limits", "test › observe › limits" of test/observe/limits.test.ts. */
function waysTo(file: string): string[] {
  const folders = dirname(file).split("/");
  return [...folders.keys(), folders.length].map((from) => [...folders.slice(from), titlePrefix(file)].join(" › "));
}

function titlePrefix(file: string): string {
  return basename(file, ".test.ts");
}
