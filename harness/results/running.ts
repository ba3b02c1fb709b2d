import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "./write.ts";

/** File in a run's folder that names the process which writes there. After SIGKILL it stays, and names nobody alive. */
export const runningMark = ".running";

/**
 * Marks a run's folder as written by this process: its pid, and its start in clock ticks since boot, since the pid may be
 * another process's later. Throws IncompleteError where it can't be written.
 */
export function markRunning(folder: string): void {
  writeWhole(join(folder, runningMark), `${process.pid} ${startTicksOf(process.pid)}`);
}

/** Takes the mark away: the run has ended. On a disk that became read-only it stays, and names nobody alive soon. */
export function unmarkRunning(folder: string): void {
  try {
    rmSync(join(folder, runningMark), { force: true });
  } catch {
    // nobody takes it for a run under way once this process is gone
  }
}

/** Whether the process that writes the run is alive. */
export function isRunning(folder: string): boolean {
  const text = textOf(join(folder, runningMark));
  const [, pid, startTicks] = /^(\d+) (\d+)$/.exec(text ?? "") ?? [];
  return pid !== undefined && startTicksOf(Number(pid)) === startTicks;
}

/** Column 22 of /proc/PID/stat (proc(5)), whose name in brackets may hold anything; null where there is no such process. */
function startTicksOf(pid: number): string | null {
  const stat = textOf(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
}

/** null where it is not there (any more). */
function textOf(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
