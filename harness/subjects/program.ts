import { resolve } from "node:path";
import type { ContainerSeen, ProgramSeen } from "../observe/suite/service.ts";
import { linkAt, readProc } from "../sampling/proc.ts";

/**
 * What a process was started as: its arguments, folder and environment, as far as this user may see them. null: it is gone, or its arguments can't be
 * read. Files named from its folder on become whole paths, since a suite runs elsewhere.
 */
export function programSeen(pid: number, container: ContainerSeen | null): ProgramSeen | null {
  const words = argumentsOf(pid);
  const program = linkAt(`/proc/${pid}/exe`);
  const folder = linkAt(`/proc/${pid}/cwd`) ?? "/";
  const [first] = words ?? [];
  if (words === null || first === undefined) return null;
  const rewritten = isRewritten(words);
  const env = environmentOf(pid);
  const own = program ?? (first.includes("/") ? resolve(folder, first) : first);
  return {
    kind: "program",
    command: rewritten ? [own] : [own, ...words.slice(1).map((word) => wholePath(folder, word))],
    rewritten,
    folder,
    env,
    shared: Object.entries(env ?? {}).flatMap(([name, value]) => (process.env[name] === value ? [name] : [])),
    container,
  };
}

/** nginx and others write a title over their arguments: one word with blanks in it, or a name with a colon at its end. */
function isRewritten([first = "", ...others]: string[]): boolean {
  return /:(\s|$)/.test(first) || (others.length === 0 && /\s/.test(first));
}

/** A file below the process' own folder that its arguments name. */
function wholePath(folder: string, word: string): string {
  return /^\.{0,2}\//.test(word) || /^[\w.-]+(\/[\w.-]+)*\.[a-z]{1,5}$/i.test(word) ? pathIfThere(folder, word) : word;
}

function pathIfThere(folder: string, word: string): string {
  const path = resolve(folder, word);
  return readProc(path) === null ? word : path;
}

function environmentOf(pid: number): Record<string, string> | null {
  const lines = listIn(`/proc/${pid}/environ`);
  if (lines === null) return null;
  const pairs = lines.flatMap((line): [string, string][] => {
    const at = line.indexOf("=");
    return at < 1 ? [] : [[line.slice(0, at), line.slice(at + 1)]];
  });
  return Object.fromEntries(pairs);
}

/** What a process was started with, its program first; null where that can't be read. Untrusted text. */
export function argumentsOf(pid: number): string[] | null {
  return listIn(`/proc/${pid}/cmdline`);
}

/** Texts with a zero byte after each; null where the file can't be read. */
function listIn(path: string): string[] | null {
  const text = readProc(path);
  if (text === null) return null;
  const texts = Buffer.from(text, "latin1").toString("utf8").split("\0");
  return texts.at(-1) === "" ? texts.slice(0, -1) : texts;
}
