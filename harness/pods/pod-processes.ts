import { allPids, readProc } from "../sampling/proc.ts";

/**
 * Roots of the processes of the pod's other containers, where they share a process namespace; [] where this process is alone. The first
 * program of each container has no parent that is seen. What lost its parent hangs under the pause process, PID 1, which stands last,
 * and so is counted with them.
 */
export function otherContainers(own: number = process.pid): number[] {
  // In a namespace of its own this process is PID 1.
  if (own === 1) return [];
  const roots = allPids().filter((pid) => pid !== 1 && pid !== own && parentOf(pid) === 0);
  return roots.length === 0 ? [] : [...roots, 1];
}

/**
 * First processes of the container, or of the pod, whose process namespace this one is in: those that no process of it started, but for this one.
 * [] where this process has a namespace of its own. `hasPause`: the pod shares one namespace, in which PID 1 is the sandbox's.
 */
export function firstProcesses(hasPause: boolean, own: number = process.pid): number[] {
  if (own === 1) return [];
  return allPids().filter((pid) => pid !== own && parentOf(pid) === 0 && !(pid === 1 && hasPause));
}

/**
 * First processes of a container, in a /proc that shows the whole node: those whose cgroup bears the container's id, as every runtime has it, and
 * whose parent's does not.
 */
export function processesOfContainer(id: string): number[] {
  const own = allPids().filter((pid) => (readProc(`/proc/${pid}/cgroup`) ?? "").includes(id));
  return own.filter((pid) => !own.includes(parentOf(pid) ?? 0));
}

/** Fourth column of /proc/PID/stat; the name in brackets may hold anything. */
function parentOf(pid: number): number | null {
  const stat = readProc(`/proc/${pid}/stat`);
  return stat === null ? null : Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
}
