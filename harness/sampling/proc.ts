import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/**
 * Text of a file under /proc or /sys; null where it is gone, forbidden or never was: a process may vanish between two
 * looks, and kernels differ in what they show.
 */
export function readProc(path: string): string | null {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return null;
  }
}

/** Names in a folder there; [] likewise. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Where a link there leads; null likewise. */
export function linkAt(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}

/** Pids of all processes that can be seen, lowest first. */
export function allPids(): number[] {
  return namesIn("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}

/** Kernel's USER_HZ: the unit of /proc/stat and /proc/PID/stat, 100 on every architecture that Node runs on (what `getconf CLK_TCK` says). */
export const msPerTick = 10;
