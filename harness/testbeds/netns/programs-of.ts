import { closeSync, openSync, readSync } from "node:fs";
import { basename } from "node:path";
import { findPartProgram, type Searched } from "./programs.ts";

/** The kernel reads so much of a script's first line (BINPRM_BUF_SIZE, include/uapi/linux/binfmts.h). */
const firstLineBytes = 256;

/** So many scripts may be each other's interpreters (exec_binprm, fs/exec.c). */
const mostInterpreters = 5;

/**
 * Absolute paths of the programs that a command comes to: its own, that of its #! line, and what env(1) looks for on `path`, the part's. env
 * as another user passes over a program that is closed to it and takes the next one of the name: another python3, without the packages.
 */
export function programsOf(words: string[], where: Searched, path?: string, most: number = mostInterpreters): string[] {
  const [command = "", ...args] = words;
  const file = findPartProgram(command, where);
  if (file === null || most === 0) return [];
  const next = basename(file) === "env" ? args.filter((word) => !/^-|=/.test(word)) : firstLineOf(file);
  return [file, ...programsOf(next, { ...where, path }, path, most - 1)];
}

/** Words after a script's #!; [] for any other file, and one that can't be read. */
function firstLineOf(file: string): string[] {
  let handle: number | null = null;
  try {
    handle = openSync(file, "r");
    const bytes = Buffer.alloc(firstLineBytes);
    const text = bytes.toString("utf8", 0, readSync(handle, bytes));
    return /^#!([^\n]*)/.exec(text)?.[1]?.trim().split(/\s+/) ?? [];
  } catch {
    return [];
  } finally {
    if (handle !== null) closeSync(handle);
  }
}
