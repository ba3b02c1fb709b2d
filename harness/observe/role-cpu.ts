import { readdirSync } from "node:fs";
import { findCpuStat, parseCpuStat } from "./cgroup.ts";
import { msPerTick } from "./node.ts";
import type { ObserveRequest, WatchedRole } from "./observer.ts";
import { readProc } from "./proc.ts";
import type { Look } from "./sampler.ts";

/**
 * Looks at the CPU time and memory of every role's processes. A role whose programs have not started yet, or are gone, gives no
 * sample; the look goes on, since parts start after the observer.
 */
export function createRoleCpuLook({ roles, now, onSample }: ObserveRequest): Look {
  const seen = new Map<string, { roots: string; beforeMs: number; cpuMs: number }>();
  return () => {
    for (const role of roles) {
      const pids = role.partPids();
      const use = treeUse(pids);
      if (use === null) continue;
      const roots = pids.join(" ");
      const last = seen.get(role.role) ?? { roots, beforeMs: 0, cpuMs: 0 };
      // A part that was started again counts from 0: its role goes on from what it had.
      const beforeMs = last.roots === roots ? last.beforeMs : last.cpuMs;
      const cpuMs = Math.max(beforeMs + use.cpuMs, last.cpuMs);
      seen.set(role.role, { roots, beforeMs, cpuMs });
      const { memoryBytes } = use;
      onSample({ kind: "roleCpu", atMs: now(), role: role.role, cpuMs, memoryBytes, ...readThrottling(role) });
    }
    return true;
  };
}

/**
 * CPU ms and resident memory of processes and all that descend from them; in the CPU time children that have ended and were
 * waited for are included (cutime, cstime); null where none of the roots lives. A child that nobody waited for takes its
 * time with it, so the caller keeps the highest value seen.
 */
function treeUse(roots: readonly number[]): { cpuMs: number; memoryBytes: number } | null {
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

/** Throttling of the cgroup that the role's first program is in. */
function readThrottling(role: WatchedRole): { throttledPeriods: number | null; throttledMs: number | null } {
  const pid = role.partPids()[0];
  const groups = pid === undefined ? null : readProc(`/proc/${pid}/cgroup`);
  const text = groups === null ? null : findCpuStat(groups);
  return text === null ? { throttledPeriods: null, throttledMs: null } : parseCpuStat(text);
}
