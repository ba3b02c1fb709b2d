import { readdirSync } from "node:fs";
import { readProc } from "../sampling/proc.ts";

/**
 * Roots of the processes of the pod's other containers, where they share a process namespace; [] where this process is alone. The first
 * program of each container has no parent that is seen. What lost its parent hangs under the pause process, PID 1, which stands last,
 * and so is counted with them.
 */
export function otherContainers(own: number = process.pid): number[] {
  // In a namespace of its own this process is PID 1.
  if (own === 1) return [];
  const roots = pids().filter((pid) => pid !== 1 && pid !== own && parentOf(pid) === 0);
  return roots.length === 0 ? [] : [...roots, 1];
}

function pids(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** Fourth column of /proc/PID/stat; the name in brackets may hold anything. */
function parentOf(pid: number): number | null {
  const stat = readProc(`/proc/${pid}/stat`);
  return stat === null ? null : Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
}
