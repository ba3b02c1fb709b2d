import type { Observed } from "./observed.ts";

/** Share of a role's CPUs that it used, or waited for, above which it has none left to speak of. */
const busyShare = 0.8;
/** All CPUs so busy had nothing left, for whomever. */
const nothingLeft = 0.95;

type CpuSeen = Pick<Observed, "cpuCores" | "cpusAllowed" | "cpus" | "processes">;

/** Whether a part was short of CPU: it used it up, or others left it none. What such a part did not do says nothing of its own limits. */
export function hasLittleCpuLeft(seen: CpuSeen, role: string): boolean {
  return usedUp(seen, role) || isStarved(seen, role);
}

/** Whether a part used, or waited for, nearly all the CPU that it may use. */
export function usedUp(seen: CpuSeen, role: string): boolean {
  const allowed = coresAllowed(seen, role);
  const used = seen.cpuCores?.[role] ?? null;
  const waited = seen.processes?.[role]?.runDelayCores ?? 0;
  return used !== null && allowed > 0 && used + waited >= busyShare * allowed;
}

/**
 * Whether a part's threads waited for a CPU for longer than they ran while all the CPUs it may use were busy, most of them with others: what
 * it lacked others had. Threads that wait for one another's turns, on CPUs that are theirs, are no such part.
 */
export function isStarved(seen: CpuSeen, role: string): boolean {
  const used = seen.cpuCores?.[role] ?? null;
  const waited = seen.processes?.[role]?.runDelayCores ?? null;
  if (used === null || waited === null || waited <= used) return false;
  return areAllBusy(seen, role) && used < coresAllowed(seen, role) / 2;
}

function coresAllowed({ cpus, cpusAllowed }: CpuSeen, role: string): number {
  return cpusAllowed[role]?.length ?? cpus?.cpuBusy.length ?? 0;
}

/** Whether the CPUs that a role may use had next to no time left. */
export function areAllBusy({ cpus, cpusAllowed }: Pick<Observed, "cpus" | "cpusAllowed">, role: string): boolean {
  if (cpus === null) return false;
  const busy = cpus.cpuBusy.filter((_, cpu) => cpusAllowed[role]?.includes(cpu) ?? true);
  return busy.length > 0 && busy.reduce((sum, share) => sum + share, 0) / busy.length >= nothingLeft;
}
