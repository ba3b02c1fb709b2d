import { closeSync, openSync, readSync } from "node:fs";
import { findPartProgram, findTool, type Searched, searchPath } from "./find-program.ts";

/** The kernel reads so much of a script's first line (BINPRM_BUF_SIZE, include/uapi/linux/binfmts.h). */
const firstLineBytes = 256;

/** So many scripts may be each other's interpreters (exec_binprm, fs/exec.c). */
const mostInterpreters = 5;

/** A program, and whether it is a text that its interpreter has to read. */
export interface Program {
  path: string;
  isText: boolean;
}

/**
 * The programs that a command comes to: its own, those on PATH that its words name (prlimit, timeout and env start another one), and their
 * interpreters. As another user execvp(3) passes over what is closed to it and takes the next one of the name: another python3, without the
 * packages.
 */
export function programsOf([command = "", ...args]: string[], where: Searched, most = mostInterpreters): Program[] {
  const path = searchPath(where.nodePath);
  const named = args.filter((word) => /^[\w.+-]+$/.test(word)).map((word) => findTool(word, path));
  return [findPartProgram(command, where), ...named].flatMap((file) => {
    if (file === null || most === 0) return [];
    const interpreter = firstLineOf(file);
    return [{ path: file, isText: interpreter.length > 0 }, ...programsOf(interpreter, where, most - 1)];
  });
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
