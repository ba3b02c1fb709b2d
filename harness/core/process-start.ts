import { readFileSync } from "node:fs";

/**
 * When a process was started, in ticks since boot: with its pid it names one for good (proc(5), column 22 of stat; the name in brackets
 * before it may hold anything). null: it is gone, or waits to be reaped. One whose first thread alone has ended is still there: what it
 * has open is closed by the last one (column 20 counts those that are left).
 */
export function startTicks(pid: number): string | null {
  const stat = statOf(pid);
  const columns = stat?.slice(stat.lastIndexOf(")") + 2).split(" ") ?? [];
  const isOver = columns[0] === "X" || (columns[0] === "Z" && Number(columns[17]) <= 1);
  return isOver ? null : (columns[19] ?? null);
}

function statOf(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch {
    return null;
  }
}
