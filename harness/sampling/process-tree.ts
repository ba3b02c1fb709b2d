import { readdirSync } from "node:fs";
import { msPerTick, readProc } from "./proc.ts";

/**
 * CPU ms and resident memory of processes and all that descend from them; in the CPU time children that have ended and were
 * waited for are included (cutime, cstime); null where none of the roots lives. A child that nobody waited for takes its
 * time with it, so the caller keeps the highest value seen.
 */
export function treeUse(roots: readonly number[]): { cpuMs: number; memoryBytes: number } | null {
  let found = false;
  let ticks = 0;
  let pages = 0;
  const queue = [...roots];
  const seen = new Set<number>();
  for (let pid = queue.shift(); pid !== undefined; pid = queue.shift()) {
    if (seen.has(pid)) continue;
    seen.add(pid);
    const stat = readProc(`/proc/${pid}/stat`);
    if (stat === null) continue;
    found = true;
    ticks += parseStatTicks(stat);
    pages += parseResidentPages(stat);
    queue.push(...childrenOf(pid));
  }
  return found ? { cpuMs: ticks * msPerTick, memoryBytes: pages * pageBytes } : null;
}

/** Processes that live, and all that descend from them. */
export function treeOf(roots: readonly number[]): number[] {
  const queue = [...roots];
  const seen = new Set<number>();
  for (let pid = queue.shift(); pid !== undefined; pid = queue.shift()) {
    if (seen.has(pid) || readProc(`/proc/${pid}/stat`) === null) continue;
    seen.add(pid);
    queue.push(...childrenOf(pid));
  }
  return [...seen];
}

/** Whether this kernel says who a process' children are (CONFIG_PROC_CHILDREN); without that a tree is its root alone. */
export function showsChildren(): boolean {
  return readProc(`/proc/${process.pid}/task/${process.pid}/children`) !== null;
}

/** utime + stime + cutime + cstime of /proc/PID/stat (proc(5) columns 14 to 17); the name in brackets may hold anything. */
export function parseStatTicks(stat: string): number {
  const columns = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return columns.slice(11, 15).reduce((sum, word) => sum + Number(word), 0);
}

/** Pages that a process holds in memory, shared ones included (proc(5) column 24). */
function parseResidentPages(stat: string): number {
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[21] ?? 0);
}

/** Of x86-64 and of arm64 as distributions build it (4 KiB); getconf PAGESIZE says otherwise on few machines. */
const pageBytes = 4096;

/** Children of all threads: each thread lists those that it forked. */
function childrenOf(pid: number): number[] {
  return threadsOf(pid).flatMap((thread) =>
    (readProc(`/proc/${pid}/task/${thread}/children`) ?? "").split(" ").filter(Boolean).map(Number),
  );
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}
