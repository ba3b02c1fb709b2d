import { readProc } from "./proc.ts";

/** Throttling of a cgroup since it was made; null where its controller counts none. */
export interface Throttling {
  periods: number | null;
  throttledPeriods: number | null;
  throttledMs: number | null;
}

/** Of the cgroup that a process is in; null where it is gone, or its cpu.stat can't be read. */
export function throttlingOf(pid: number | undefined): Throttling | null {
  const groups = pid === undefined ? null : readProc(`/proc/${pid}/cgroup`);
  return groups === null ? null : throttlingIn(groups);
}

/** Of the cgroup named in /proc/PID/cgroup. */
export function throttlingIn(cgroups: string): Throttling | null {
  const text = findCpuStat(cgroups);
  return text === null ? null : parseCpuStat(text);
}

/** Text of its cpu.stat, version 2 or 1; null where neither can be read. */
function findCpuStat(cgroups: string): string | null {
  for (const path of cpuStatPaths(cgroups)) {
    const text = readProc(path);
    if (text !== null && /^nr_throttled /m.test(text)) return text;
  }
  return null;
}

/**
 * Where cpu.stat may be: the unified hierarchy (`0::/path`, also mounted at unified/ on mixed systems), then the
 * version 1 controller (`3:cpu,cpuacct:/path`). Source: cgroups(7).
 */
export function cpuStatPaths(cgroups: string): string[] {
  const lines = [...cgroups.matchAll(/^\d+:([^:]*):(.*)$/gm)];
  const unified = lines.filter(([, controllers]) => controllers === "");
  const cpu = lines.filter(([, controllers = ""]) => controllers.split(",").includes("cpu"));
  return [
    ...unified.flatMap(([, , path]) => [`/sys/fs/cgroup${path}/cpu.stat`, `/sys/fs/cgroup/unified${path}/cpu.stat`]),
    ...cpu.flatMap(([, controllers, path]) => [
      `/sys/fs/cgroup/cpu${path}/cpu.stat`,
      `/sys/fs/cgroup/${controllers}${path}/cpu.stat`,
    ]),
  ].map((path) => path.replaceAll("//", "/"));
}

/** What a limit's file says; null for `max`, for no quota (-1), and for what can't be read. */
export function numberIn(path: string): number | null {
  const digits = /^(\d+)\n?$/.exec(readProc(path) ?? "")?.[1];
  return digits === undefined ? null : Number(digits);
}

/** Version 1 writes no limit as the largest multiple of a page (memory-cgroup-v1.c PAGE_COUNTER_MAX). */
const leastUnlimited = 2 ** 60;

/** Bytes that a memory controller's file of a limit says; null for none. */
export function memoryLimitIn(path: string): number | null {
  const limit = numberIn(path);
  return limit === null || limit >= leastUnlimited ? null : limit;
}

/** Version 2 counts microseconds (throttled_usec), version 1 nanoseconds (throttled_time). */
export function parseCpuStat(text: string): Throttling {
  const value = (name: string) => {
    const digits = new RegExp(`^${name} (\\d+)$`, "m").exec(text)?.[1];
    return digits === undefined ? null : Number(digits);
  };
  const microseconds = value("throttled_usec");
  const nanoseconds = value("throttled_time");
  const fromVersion1 = nanoseconds === null ? null : nanoseconds / 1e6;
  return {
    periods: value("nr_periods"),
    throttledPeriods: value("nr_throttled"),
    throttledMs: microseconds === null ? fromVersion1 : microseconds / 1000,
  };
}
