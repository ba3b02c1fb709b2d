import { isDisturbed } from "../results/disturbance.ts";
import { areAllBusy } from "./cpu-left.ts";
import { strengths } from "./finding.ts";
import type { ObservedWith } from "./observed.ts";
import { program } from "./remedy.ts";
import { rule, sideOf } from "./rule.ts";
import { fellBehind, inTrouble } from "./trouble.ts";

/**
 * Periods in which it was throttled, over those that passed, from which it explains anything; where they are not known, time lost over the load's (summed
 * over CPUs it may be more than there was).
 */
const throttledShare = 0.05;
/** Cores used over cores allowed at which a program has none left. */
const boundShare = 0.9;

/** A cgroup's CPU limit stopped a part's processes (cpu.stat nr_throttled, throttled_usec). */
export const cgroupThrottling = rule("cgroup-throttling", ["throttling"], ({ throttling, processes, seconds }) => {
  const [role, ms] = Object.entries(throttling.throttledMs)
    .map(([name, value]) => [name, value ?? 0] as const)
    .reduce((most, next) => (next[1] > most[1] ? next : most), ["", 0] as const);
  const periods = throttling.throttledPeriods[role] ?? null;
  const ofPeriods = processes?.[role]?.cpuPeriods || null;
  const share = periods !== null && ofPeriods !== null ? periods / ofPeriods : ms / (seconds * 1000);
  if (ms === 0 || share < throttledShare) return null;
  return {
    side: sideOf(role),
    role,
    limit: null,
    strength: strengths.said,
    evidence: [{ kind: "throttling", role, throttledMs: ms, loadSeconds: seconds, periods, ofPeriods }],
    remedies: [program(role, "cpu-limit")],
  };
});

/** Cores used and waited for at which a single thread is certain to be at its limit, and below which it is certainly not. */
const oneThread = { from: 0.7, to: 0.95, until: 1.1 };

/**
 * The target used all the CPU that it could get: all CPUs that it may use, or what others left it of them, its threads waiting for the rest
 * (schedstat's run delay); or the one that a single thread can use.
 */
export const targetCpuBound = rule("target-cpu-bound", ["cpuCores"], (seen) => {
  const role = "target";
  const usedCores = seen.cpuCores[role] ?? null;
  const allowedCores = seen.cpusAllowed[role]?.length ?? seen.cpus?.cpuBusy.length ?? 0;
  // Past the scan cliff the target's CPU goes into the scan: that finding says it, with its remedy.
  const scans = (seen.load?.measures.scanCliffSeconds ?? null) !== null;
  if (usedCores === null || allowedCores === 0 || scans) return null;
  const waitedCores = seen.processes?.[role]?.runDelayCores ?? null;
  const wantedCores = usedCores + (areAllBusy(seen, role) ? (waitedCores ?? 0) : 0);
  const all = usedCores >= boundShare * allowedCores || (fellBehind(seen) && wantedCores >= boundShare * allowedCores);
  const ownCores = isTakenByOthers(seen) ? usedCores : wantedCores;
  const strength = all ? strengths.implied : oneThreadStrength(ownCores, seen);
  if (strength === 0) return null;
  return {
    side: "target",
    role,
    limit: { used: usedCores, of: all ? allowedCores : 1, unit: "cores" },
    strength,
    evidence: [
      { kind: "cpu", role, usedCores, allowedCores, bound: all ? "all-cpus" : "one-thread" },
      ...(waitedCores === null ? [] : [{ kind: "run-delay", role, waitedCores } as const]),
      ...(seen.cpus?.otherCpu == null ? [] : [{ kind: "other-cpu", ...seen.cpus.otherCpu } as const]),
    ],
    remedies: [program(role, all ? "cpus" : "workers"), program(role, "cost-of-a-request")],
  };
});

/** What one thread waited for while others had the CPUs is the others' doing, and no sign that one thread is too few. */
function isTakenByOthers({ cpus }: ObservedWith<"cpuCores">): boolean {
  return cpus !== null && isDisturbed({ evidence: { otherCpu: cpus.otherCpu } });
}

/** About one core, in a trial that was short of something: a healthy program may use one core by chance. The nearer to one, the stronger. */
function oneThreadStrength(cores: number, seen: ObservedWith<"cpuCores">): number {
  if (!inTrouble(seen) || cores > oneThread.until) return 0;
  const near = Math.min(1, (cores - oneThread.from) / (oneThread.to - oneThread.from));
  return near <= 0 ? 0 : strengths.hinted * near;
}
