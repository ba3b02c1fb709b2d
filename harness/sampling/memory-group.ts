import type { ProcessSample } from "../results/samples.ts";
import { memoryLimitIn, numberIn } from "./cgroup.ts";
import { readProc } from "./proc.ts";

/** Files of a cgroup's memory controller, of version 2 or 1. */
export interface MemoryGroup {
  used: string;
  limit: string;
  kills: string;
}

/** The memory controller of the cgroup named in /proc/PID/cgroup; null where it can't be read, or is the root, which has no limit. */
export function findMemoryGroup(cgroups: string): MemoryGroup | null {
  return memoryGroups(cgroups).find(({ used }) => readProc(used) !== null) ?? null;
}

/** Where its files may be, as of cpu.stat (cgroup.ts). Source: cgroups(7), Documentation/admin-guide/cgroup-v2.rst. */
export function memoryGroups(cgroups: string): MemoryGroup[] {
  const lines = [...cgroups.matchAll(/^\d+:([^:]*):(.*)$/gm)];
  return lines.flatMap(([, controllers = "", path = ""]): MemoryGroup[] => {
    if (path === "/") return [];
    if (controllers === "") {
      return ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"].map((root) => ({
        used: `${root}${path}/memory.current`,
        limit: `${root}${path}/memory.max`,
        kills: `${root}${path}/memory.events`,
      }));
    }
    if (!controllers.split(",").includes("memory")) return [];
    const folder = `/sys/fs/cgroup/memory${path}`;
    return [
      {
        used: `${folder}/memory.usage_in_bytes`,
        limit: `${folder}/memory.limit_in_bytes`,
        kills: `${folder}/memory.oom_control`,
      },
    ];
  });
}

type GroupMemory = Pick<ProcessSample, "groupMemoryBytes" | "groupMemoryLimitBytes" | "oomKills">;

/** What they say now. */
export function readMemoryGroup(group: MemoryGroup | null): GroupMemory {
  if (group === null) return { groupMemoryBytes: null, groupMemoryLimitBytes: null, oomKills: null };
  const kills = /^oom_kill (\d+)$/m.exec(readProc(group.kills) ?? "")?.[1];
  return {
    groupMemoryBytes: numberIn(group.used),
    groupMemoryLimitBytes: memoryLimitIn(group.limit),
    oomKills: kills === undefined ? null : Number(kills),
  };
}
