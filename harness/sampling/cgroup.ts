import { readProc } from "./proc.ts";

/** Throttling of a cgroup since it was made; null where its controller counts none. */
export interface Throttling {
  periods: number | null;
  throttledPeriods: number | null;
  throttledMs: number | null;
}

/** Text of the cpu.stat of the cgroup named in /proc/PID/cgroup, version 2 or 1; null where neither can be read. */
export function findCpuStat(cgroups: string): string | null {
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
