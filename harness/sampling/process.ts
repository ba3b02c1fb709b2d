import { statSync } from "node:fs";
import type { ProcessSample } from "../results/samples.ts";
import { throttlingOf } from "./cgroup.ts";
import { findMemoryGroup, type MemoryGroup, readMemoryGroup } from "./memory-group.ts";
import type { ObserveRequest } from "./observer.ts";
import { namesIn, readProc } from "./proc.ts";
import { treeOf } from "./process-tree.ts";
import type { Look } from "./sampler.ts";

/**
 * Looks at what every role's processes wait for and how near they are to limits of their own. A role without a process gives no sample, but
 * for one whose cgroup is known: what killed it is counted there.
 */
export function createProcessLook({ roles, now, onSample }: ObserveRequest): Look {
  const ours = findMemoryGroup(readProc("/proc/self/cgroup") ?? "");
  const seen = new Map<string, { group: MemoryGroup | null; runDelayMs: number | null }>();
  return () => {
    for (const { role, partPids } of roles) {
      const pids = treeOf(partPids());
      const before = seen.get(role) ?? { group: null, runDelayMs: null };
      const found = before.group ?? findMemoryGroup(readProc(`/proc/${pids[0] ?? "-"}/cgroup`) ?? "");
      // What is charged to the harness's own group says nothing of a part.
      const group = found?.used === ours?.used ? null : found;
      if (pids.length === 0 && group === null) continue;
      // A thread that ended takes its time with it.
      const delayMs = runDelayOf(pids);
      const runDelayMs = delayMs === null ? before.runDelayMs : Math.max(delayMs, before.runDelayMs ?? 0);
      seen.set(role, { group, runDelayMs });
      onSample({
        kind: "process",
        atMs: now(),
        role,
        runDelayMs,
        ...filesOf(pids),
        ...readMemoryGroup(group),
        cpuPeriods: throttlingOf(pids[0])?.periods ?? null,
      });
    }
    return true;
  };
}

/** The second number of schedstat, ns, over all threads: a process' own file is its first thread's. Source: Documentation/scheduler/sched-stats.rst. */
function runDelayOf(pids: readonly number[]): number | null {
  const delays = pids
    .flatMap((pid) => namesIn(`/proc/${pid}/task`).map((thread) => readProc(`/proc/${pid}/task/${thread}/schedstat`)))
    .flatMap((text) => (text === null ? [] : [parseRunDelay(text)]));
  return delays.length === 0 ? null : delays.reduce((sum, ms) => sum + ms, 0);
}

/** ms of /proc/PID/task/TID/schedstat: time on a CPU, time waiting for one (both ns), slices. */
export function parseRunDelay(text: string): number {
  return Number(text.split(" ")[1] ?? 0) / 1e6;
}

/** Of the process nearest to its limit. */
function filesOf(pids: readonly number[]): Pick<ProcessSample, "openFiles" | "openFilesLimit"> {
  const all = pids.flatMap((pid) => {
    const limit = parseFileLimit(readProc(`/proc/${pid}/limits`) ?? "");
    const open = openFilesOf(pid);
    return limit === null || open === 0 ? [] : [{ openFiles: open, openFilesLimit: limit }];
  });
  return all.reduce<Pick<ProcessSample, "openFiles" | "openFilesLimit">>(
    (most, next) => (shareOf(next) > shareOf(most) ? next : most),
    { openFiles: null, openFilesLimit: null },
  );
}

/**
 * From Linux 6.2 on the folder's size, which any user may ask for; before it its entries, which only the process' own user sees (ptrace(2)).
 * Source: fs/proc/fd.c, proc_fd_getattr.
 */
function openFilesOf(pid: number): number {
  const folder = `/proc/${pid}/fd`;
  try {
    const { size } = statSync(folder);
    return size > 0 ? size : namesIn(folder).length;
  } catch {
    return 0;
  }
}

function shareOf({ openFiles, openFilesLimit }: Pick<ProcessSample, "openFiles" | "openFilesLimit">): number {
  return openFiles === null || openFilesLimit === null ? -1 : openFiles / openFilesLimit;
}

/** The soft limit of open files in /proc/PID/limits; null where there is none. */
export function parseFileLimit(text: string): number | null {
  const digits = /^Max open files\s+(\d+)/m.exec(text)?.[1];
  return digits === undefined ? null : Number(digits);
}
