import { accessSync, constants, statSync } from "node:fs";
import { delimiter, dirname, isAbsolute, resolve } from "node:path";

/** Where Debian keeps ip and mariadbd; an ordinary user's PATH often lacks them. */
const systemFolders = ["/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/bin", "/bin"];

/** The PATH that tools and parts get: the harness's own Node first, then the user's, then the system's folders. */
export function searchPath(nodePath: string): string {
  const own = (process.env.PATH ?? "").split(delimiter).filter((folder) => isAbsolute(folder));
  return [...new Set([dirname(nodePath), ...own, ...systemFolders])].join(delimiter);
}

/** Absolute path of a tool on the search path; null where there is none. */
export function findTool(name: string, path: string = searchPath(process.execPath)): string | null {
  const candidates = path.split(delimiter).map((folder) => resolve(folder, name));
  return candidates.find(isExecutable) ?? null;
}

/** The tool by its absolute path, so that a part's own PATH can't change which one runs; its bare name where it is missing. */
export function toolPath(name: string): string {
  return findTool(name) ?? name;
}

/** Where a part's programs are looked for. */
export interface Searched {
  /** The suite's. */
  folder: string;
  nodePath: string;
}

/**
 * Absolute path of a part's program: `node` is the harness's own Node, a name with a slash is relative to the suite's
 * folder, any other is looked for on PATH, then in the suite's folder. null where nothing executable is found.
 */
export function findPartProgram(command: string, { folder, nodePath }: Searched): string | null {
  if (command === "node") return nodePath;
  const inFolder = resolve(folder, command);
  const onPath = command.includes("/") ? null : findTool(command, searchPath(nodePath));
  return onPath ?? (isExecutable(inFolder) ? inFolder : null);
}

/** All that tools get: a part's own environment never reaches them. Their messages are matched by their English words. */
export function toolEnvironment(): Record<string, string> {
  return { PATH: searchPath(process.execPath), LC_ALL: "C" };
}

/** What every part gets before the suite's own env: never the harness's whole environment, which may hold secrets. */
export function baseEnvironment(nodePath: string): Record<string, string> {
  return {
    PATH: searchPath(nodePath),
    HOME: process.env.HOME ?? "/",
    LANG: process.env.LANG ?? "C.UTF-8",
  };
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
