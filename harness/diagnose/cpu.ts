import { strengths } from "./finding.ts";
import type { ObservedWith } from "./observed.ts";
import { program } from "./remedy.ts";
import { rule, sideOf } from "./rule.ts";

/** Time lost to throttling, over the load's time, from which it explains anything. */
const throttledShare = 0.05;
/** Cores used over cores allowed at which a program has none left. */
const boundShare = 0.9;

/** A cgroup's CPU limit stopped a part's processes (cpu.stat nr_throttled, throttled_usec). */
export const cgroupThrottling = rule("cgroup-throttling", ["throttling"], ({ throttling, seconds }) => {
  const [role, ms] = Object.entries(throttling.throttledMs)
    .map(([name, value]) => [name, value ?? 0] as const)
    .reduce((most, next) => (next[1] > most[1] ? next : most), ["", 0] as const);
  if (ms === 0 || ms < throttledShare * seconds * 1000) return null;
  const periods = throttling.throttledPeriods[role] ?? null;
  return {
    side: sideOf(role),
    role,
    limit: null,
    strength: strengths.said,
    evidence: [{ kind: "throttling", role, throttledMs: ms, loadSeconds: seconds, periods }],
    remedies: [program(role, "cpu-limit")],
  };
});

/** The target used all CPUs it may use. */
export const targetCpuBound = rule("target-cpu-bound", ["cpuCores"], (seen) => {
  const role = "target";
  const usedCores = seen.cpuCores[role] ?? null;
  const allowedCores = seen.cpusAllowed[role]?.length ?? seen.cpus?.cpuBusy.length ?? 0;
  // Past the scan cliff the target's CPU goes into the scan: that finding says it, with its remedy.
  const scans = (seen.load?.measures.scanCliffSeconds ?? null) !== null;
  if (usedCores === null || allowedCores === 0 || scans) return null;
  const all = usedCores >= boundShare * allowedCores;
  if (!all && !isOneThread(usedCores, seen)) return null;
  return {
    side: "target",
    role,
    limit: { used: usedCores, of: all ? allowedCores : 1, unit: "cores" },
    strength: all ? strengths.implied : strengths.hinted,
    evidence: [{ kind: "cpu", role, usedCores, allowedCores, bound: all ? "all-cpus" : "one-thread" }],
    remedies: [program(role, all ? "cpus" : "workers"), program(role, "cost-of-a-request")],
  };
});

/** About one core, in a trial that was short of something: a healthy program may use one core by chance. */
function isOneThread(used: number, { load, generator }: ObservedWith<"cpuCores">): boolean {
  const short = (load !== null && load.outcome !== "held") || (generator?.droppedIterations ?? 0) > 0;
  return short && used >= 0.95 && used <= 1.06;
}
