import { throttlingOf } from "./cgroup.ts";
import type { ObserveRequest } from "./observer.ts";
import { treeUse } from "./process-tree.ts";
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
      const { throttledPeriods = null, throttledMs = null } = throttlingOf(pids[0]) ?? {};
      onSample({ kind: "roleCpu", atMs: now(), role: role.role, cpuMs, memoryBytes, throttledPeriods, throttledMs });
    }
    return true;
  };
}
