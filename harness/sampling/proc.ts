import { readFileSync } from "node:fs";

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

/** Kernel's USER_HZ: the unit of /proc/stat and /proc/PID/stat, 100 on every architecture that Node runs on (what `getconf CLK_TCK` says). */
export const msPerTick = 10;
