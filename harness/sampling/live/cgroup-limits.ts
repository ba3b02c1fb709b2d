import type { GroupSample, LiveSample } from "../../results/live-samples.ts";
import { memoryLimitIn, numberIn, throttlingIn } from "../cgroup.ts";
import { readProc } from "../proc.ts";
import type { Look } from "../sampler.ts";

/** Folder of a cgroup's controller, and the names that its files have there. */
interface Controller {
  folder: string;
  version: 1 | 2;
}

/**
 * Looks at the memory and CPU limits of the cgroups that a role's first process is in: its own and all above, of which the nearest to its limit
 * counts. What killed it is counted there, so that they are looked at after its end, too, as long as they are there.
 */
export function createGroupLook(
  { role, partPids }: { role: string; partPids: () => number[] },
  { now, onSample }: { now: () => number; onSample: (sample: LiveSample) => void },
): Look {
  let groups: string | null = null;
  return () => {
    // Not asked again: of a process that has ended, and was not waited for yet, version 1 says the root (kernel/cgroup/cgroup.c, proc_cgroup_show).
    groups ??= readProc(`/proc/${partPids()[0] ?? "-"}/cgroup`);
    if (groups === null) return true;
    onSample({ kind: "group", atMs: now(), role, ...readMemory(groups), ...readCpu(groups) });
    return true;
  };
}

type Memory = Pick<GroupSample, "memoryBytes" | "memoryLimitBytes" | "oomKills">;

function readMemory(groups: string): Memory {
  const all = controllersOf(groups, "memory").flatMap(memoryOf);
  const share = ({ memoryBytes, memoryLimitBytes }: Memory) => (memoryBytes ?? 0) / (memoryLimitBytes ?? Infinity);
  const none: Memory = { memoryBytes: null, memoryLimitBytes: null, oomKills: null };
  return all.reduce<Memory>((most, next) => (most === none || share(next) > share(most) ? next : most), none);
}

/** Its memory without the file cache that the kernel would drop first. Source: Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/memory.rst. */
function memoryOf({ folder, version }: Controller): Memory[] {
  const [usage, limit, events, inactive] =
    version === 2
      ? ["memory.current", "memory.max", "memory.events", "inactive_file"]
      : ["memory.usage_in_bytes", "memory.limit_in_bytes", "memory.oom_control", "total_inactive_file"];
  const used = numberIn(`${folder}/${usage}`);
  if (used === null) return [];
  const cache = counterIn(readProc(`${folder}/memory.stat`), inactive) ?? 0;
  return [
    {
      memoryBytes: Math.max(0, used - cache),
      memoryLimitBytes: memoryLimitIn(`${folder}/${limit}`),
      oomKills: counterIn(readProc(`${folder}/${events}`), "oom_kill"),
    },
  ];
}

/** Quota over period, the smallest of all. Source: cgroup-v2.rst cpu.max; Documentation/scheduler/sched-bwc.rst. */
function readCpu(
  groups: string,
): Pick<GroupSample, "cpuLimitCores" | "cpuPeriods" | "throttledPeriods" | "throttledMs"> {
  const limits = controllersOf(groups, "cpu").flatMap(({ folder, version }) => {
    const [quota, period] =
      version === 2
        ? (readProc(`${folder}/cpu.max`) ?? "").split(" ").map(Number)
        : [numberIn(`${folder}/cpu.cfs_quota_us`), numberIn(`${folder}/cpu.cfs_period_us`)];
    return quota != null && period != null && quota > 0 && period > 0 ? [quota / period] : [];
  });
  const { periods: cpuPeriods = null, throttledPeriods = null, throttledMs = null } = throttlingIn(groups) ?? {};
  return { cpuLimitCores: limits.length === 0 ? null : Math.min(...limits), cpuPeriods, throttledPeriods, throttledMs };
}

/**
 * Folders of the cgroup named in /proc/PID/cgroup and of all above it, of the version that has the controller. A process that sees itself at the root
 * is in a cgroup namespace: the root of what is mounted is its own group. Source: cgroups(7).
 */
function controllersOf(groups: string, controller: string): Controller[] {
  return [...groups.matchAll(/^\d+:([^:]*):(.*)$/gm)].flatMap(([, controllers = "", path = ""]) => {
    if (controllers === "")
      return ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"].flatMap((root) => foldersUp(root, path, 2));
    if (!controllers.split(",").includes(controller)) return [];
    return foldersUp(`/sys/fs/cgroup/${controller}`, path, 1);
  });
}

function foldersUp(root: string, path: string, version: 1 | 2): Controller[] {
  const words = path.split("/").filter(Boolean);
  return Array.from({ length: words.length + 1 }, (_, cut) => ({
    folder: [root, ...words.slice(0, words.length - cut)].join("/"),
    version,
  }));
}

function counterIn(text: string | null, name: string | undefined): number | null {
  const digits = new RegExp(`^${name} (\\d+)$`, "m").exec(text ?? "")?.[1];
  return digits === undefined ? null : Number(digits);
}
