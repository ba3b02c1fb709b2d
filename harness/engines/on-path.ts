import { existsSync } from "node:fs";
import { delimiter, resolve } from "node:path";

/** A program by its name on PATH, absolute, also from entries that are relative; undefined where there is none. */
export function onPath(name: string, env: NodeJS.ProcessEnv): string | undefined {
  return allOnPath(name, env)[0];
}

/** Each of its name, in the order of PATH. */
export function allOnPath(name: string, env: NodeJS.ProcessEnv): string[] {
  const folders = (env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => resolve(folder, name)).filter((file) => existsSync(file));
}
