import { msPerTick, namesIn, readProc } from "./proc.ts";

/**
 * CPU ms and resident memory of processes and all that descend from them; in the CPU time children that have ended and were
 * waited for are included (cutime, cstime); null where none of the roots lives. A child that nobody waited for takes its
 * time with it, so the caller keeps the highest value seen.
 */
export function treeUse(roots: readonly number[]): { cpuMs: number; memoryBytes: number } | null {
  let found = false;
  let cpuMs = 0;
  let pages = 0;
  const queue = [...roots];
  const seen = new Set<number>();
  for (let pid = queue.shift(); pid !== undefined; pid = queue.shift()) {
    if (seen.has(pid)) continue;
    seen.add(pid);
    const stat = readProc(`/proc/${pid}/stat`);
    if (stat === null) continue;
    found = true;
    const { own, children } = parseStatTicks(stat);
    cpuMs += Math.max(own * msPerTick, threadsMs(pid)) + children * msPerTick;
    pages += parseResidentPages(stat);
    queue.push(...childrenOf(pid));
  }
  return found ? { cpuMs, memoryBytes: pages * pageBytes } : null;
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

/**
 * utime + stime of /proc/PID/stat (proc(5) columns 14 and 15), and cutime + cstime (16 and 17), of children that were waited for; the name
 * in brackets may hold anything.
 */
export function parseStatTicks(stat: string): { own: number; children: number } {
  const columns = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [user = 0, system = 0, childrenUser = 0, childrenSystem = 0] = columns.slice(11, 15).map(Number);
  return { own: user + system, children: childrenUser + childrenSystem };
}

/** CPU ms of a process' threads, to the ns where a tick has 10 ms: that of threads which ended is in the ticks alone. */
function threadsMs(pid: number): number {
  const times = threadsOf(pid).map((thread) => readProc(`/proc/${pid}/task/${thread}/schedstat`));
  return times.reduce((sum, text) => sum + (text === null ? 0 : parseRunTime(text)), 0);
}

/** ms of /proc/PID/task/TID/schedstat: time on a CPU comes first, ns. Source: Documentation/scheduler/sched-stats.rst. */
function parseRunTime(text: string): number {
  return Number(text.split(" ")[0] ?? 0) / 1e6;
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
  return namesIn(`/proc/${pid}/task`);
}
