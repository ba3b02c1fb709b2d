import { formatDecimal } from "../core/numbers.ts";
import { formatPercent, formatSeconds } from "../core/units.ts";
import type { Evidence } from "../results/evidence.ts";
import { isDisturbed } from "../results/other-cpu.ts";
import type { TrialRecord } from "../results/trial.ts";
import { called, fact, type Rule, sideOf, type TrialFinding } from "./rule.ts";

/** One CPU does nearly all receive work ... */
const nearlyAll = 0.9;
/** ... while it has no time left, ... */
const saturated = 0.9;
/** ... a good part of it for softirqs (a busy program on that CPU is not the receive work's fault). */
const softirqPart = 0.15;
/** Time lost to throttling, over the load's time, from which it explains anything. */
const throttledShare = 0.05;
/** Cores used over cores allowed at which a program has none left. */
const boundShare = 0.9;

/**
 * Nearly every packet is received by one CPU that is saturated by it. Who did the work is in softnet's `processed`:
 * under RPS a CPU that only hands packets on raises NET_RX softirqs too. The others' load says what spreading can give.
 */
export const receiveWorkOnOneCpu: Rule = { rule: "receive-work-on-one-cpu", find: findReceiveWork };

/** A cgroup's CPU limit stopped a part's processes (cpu.stat nr_throttled, throttled_usec). */
export const cgroupThrottling: Rule = { rule: "cgroup-throttling", find: findThrottling };

/** The target used all CPUs it may use. */
export const targetCpuBound: Rule = { rule: "target-cpu-bound", find: findBoundTarget };

function findReceiveWork({ evidence, platform }: TrialRecord): TrialFinding | null {
  const spread = evidence.softnetProcessed;
  const cpus = evidence.cpuBusy.length;
  if (spread === null || spread.maxShare < nearlyAll || cpus < 2) return null;
  const cpu = spread.busiestCpu;
  const busy = evidence.cpuBusy[cpu] ?? 0;
  const softirq = evidence.cpuSoftirq[cpu] ?? 0;
  if (busy - othersAtMost(evidence) < saturated || softirq < softirqPart) return null;
  const others = (evidence.cpuBusy.reduce((sum, share) => sum + share, 0) - busy) / (cpus - 1);
  const netRx = evidence.netRxSoftirqs?.perCpu[cpu] ?? null;
  return {
    side: "node",
    bottleneck:
      `CPU ${cpu} received ${formatPercent(spread.maxShare)} of all packets${netRx === null ? "" : ` (${formatPercent(netRx)} of NET_RX softirqs)`} ` +
      `and was ${formatPercent(busy)} busy, ${formatPercent(softirq)} in softirqs, while the other${cpus > 2 ? "s were" : " was"} ${formatPercent(others)} busy.`,
    evidence: [
      fact("CPU", cpu),
      fact("share of packets received", formatPercent(spread.maxShare)),
      ...(netRx === null ? [] : [fact("share of NET_RX softirqs", formatPercent(netRx))]),
      fact("packets received", spread.total),
      fact("busy", formatPercent(busy)),
      fact("in softirqs", formatPercent(softirq)),
      fact("the others' mean busy", formatPercent(others)),
      ...steeringFacts(evidence),
    ],
    remedy:
      `Spread it: echo ${maskOf(cpus)} > /sys/class/net/DEV/queues/rx-0/rps_cpus (software steering; ${here(platform, maskOf(cpus))}). On a network card with several queues: irqbalance, or smp_affinity of each queue's interrupt, ` +
      "or more queues (ethtool -L DEV combined N). No sysctl of the target changes this.",
  };
}

/**
 * What others may have used of one CPU at most, its share of the time: on which they ran is not known. 0 where they left the trial
 * alone. A CPU that somebody else's program kept busy is not saturated by what it received.
 */
function othersAtMost(evidence: Evidence): number {
  const { otherCpu } = evidence;
  return otherCpu === null || !isDisturbed({ evidence }) ? 0 : Math.min(1, otherCpu.share * otherCpu.cpus);
}

function here(platform: TrialRecord["platform"], mask: string): string {
  return platform === null ? `here the profile key rps: "${mask}"` : "on the node itself: no pod can do it";
}

function steeringFacts({ steering, interrupts }: Evidence) {
  const masks = Object.entries(steering.rpsCpus).flatMap(([role, mask]) => (mask === null ? [] : [`${role} ${mask}`]));
  return [
    ...(masks.length > 0 ? [fact("rps_cpus", masks.join(", "))] : []),
    ...(interrupts === null ? [] : [fact("network interrupts on the busiest CPU", formatPercent(interrupts.maxShare))]),
    ...(steering.irqbalanceRunning === null
      ? []
      : [fact("irqbalance", steering.irqbalanceRunning ? "running" : "not running")]),
  ];
}

/** All CPUs as the kernel writes a mask: hexadecimal words of 32 bits, comma between. */
function maskOf(cpus: number): string {
  const full = "ffffffff";
  const rest = cpus % 32;
  const words = [
    ...(rest > 0 ? [(2 ** rest - 1).toString(16)] : []),
    ...Array<string>(Math.floor(cpus / 32)).fill(full),
  ];
  return words.join(",");
}

function findThrottling({ evidence, loadSeconds }: TrialRecord): TrialFinding | null {
  const [role, ms] = Object.entries(evidence.throttledMs)
    .map(([name, value]) => [name, value ?? 0] as const)
    .reduce((most, next) => (next[1] > most[1] ? next : most), ["", 0] as const);
  const share = ms / (loadSeconds * 1000);
  if (ms === 0 || share < throttledShare) return null;
  return {
    side: sideOf(role),
    bottleneck: `A cgroup's CPU limit held ${called(role)} back for ${formatSeconds(ms / 1000)} of ${formatSeconds(loadSeconds)} (${formatPercent(share)}).`,
    evidence: [
      fact("throttled", ms, "ms"),
      fact("share of the load's time", formatPercent(share)),
      fact("throttled periods", evidence.throttledPeriods[role] ?? "unknown"),
    ],
    remedy:
      "Raise or remove the CPU limit (cpu.max; limits.cpu in Kubernetes) and measure again: no sysctl gives this time back.",
  };
}

function findBoundTarget(trial: TrialRecord): TrialFinding | null {
  const used = trial.measures.cpuCores.target ?? null;
  if (used === null) return null;
  const allowed = trial.evidence.cpusAllowed.target?.length ?? trial.evidence.cpuBusy.length;
  if (allowed === 0) return null;
  // Past the scan cliff the target's CPU goes into the scan: that finding says it, with its remedy.
  if (trial.measures.scanCliffSeconds !== null) return null;
  const all = used >= boundShare * allowed;
  if (!all && !isOneThread(used, trial)) return null;
  const limit = all ? `all it may use (${allowed})` : "one whole core, as a single-threaded program at its limit does";
  return {
    side: "target",
    bottleneck: `The target used ${formatDecimal(used)} cores: ${limit}.`,
    evidence: [fact("target's CPU", used, "cores"), fact("allowed", allowed, "cores")],
    remedy: all
      ? "Give the target more CPUs, or make a request cheaper (profile it): a kernel setting only matters for what the kernel spends."
      : "Run more than one process or thread (Node: cluster or several instances), or make a request cheaper.",
  };
}

/** About one core, in a trial that was short of something: a healthy program may use one core by chance. */
function isOneThread(used: number, trial: TrialRecord): boolean {
  const short = trial.outcome !== "censored" || trial.generator.droppedIterations > 0;
  return short && used >= 0.95 && used <= 1.06;
}
