import { isDisturbed } from "../results/disturbance.ts";
import type { EvidenceOf } from "./evidence.ts";
import { strengths } from "./finding.ts";
import type { ObservedWith } from "./observed.ts";
import { rule } from "./rule.ts";

/** One CPU does nearly all receive work ... */
const nearlyAll = 0.9;
/** ... while it has no time left, ... */
const saturated = 0.9;
/** ... a good part of it for softirqs (a busy program on that CPU is not the receive work's fault). */
const softirqPart = 0.15;

/**
 * Nearly every packet is received by one CPU that is saturated by it. Who did the work is in softnet's `processed`:
 * under RPS a CPU that only hands packets on raises NET_RX softirqs too. The others' load says what spreading can give.
 */
export const receiveWorkOnOneCpu = rule("receive-work-on-one-cpu", ["receiveWork", "cpus", "steering"], (seen) => {
  const { busiestCpu: cpu, maxShare: packetShare, total: packets } = seen.receiveWork;
  const { cpuBusy, cpuSoftirq } = seen.cpus;
  const otherCpus = cpuBusy.length - 1;
  if (packetShare < nearlyAll || otherCpus < 1) return null;
  const busyShare = cpuBusy[cpu] ?? 0;
  const softirqShare = cpuSoftirq[cpu] ?? 0;
  if (busyShare - othersAtMost(seen) < saturated || softirqShare < softirqPart) return null;
  const othersBusyShare = (cpuBusy.reduce((sum, share) => sum + share, 0) - busyShare) / otherCpus;
  const netRxShare = seen.netRxSoftirqs?.perCpu[cpu] ?? null;
  const load = { cpu, packets, packetShare, netRxShare, busyShare, softirqShare, otherCpus, othersBusyShare };
  return {
    side: "node",
    role: null,
    limit: { used: busyShare, of: 1, unit: "cores" },
    strength: strengths.implied,
    evidence: [{ kind: "receive-work", ...load }, steeringOf(seen)],
    remedies: [
      { kind: "node", what: "receive-steering", rpsCpus: maskOf(cpuBusy.length), place: seen.place },
      { kind: "node", what: "receive-queues" },
    ],
  };
});

/**
 * What others may have used of one CPU at most, its share of the time: on which they ran is not known. 0 where they left the trial
 * alone. A CPU that somebody else's program kept busy is not saturated by what it received.
 */
function othersAtMost({ cpus }: ObservedWith<"cpus">): number {
  const { otherCpu } = cpus;
  return otherCpu === null || !isDisturbed({ evidence: cpus }) ? 0 : Math.min(1, otherCpu.share * otherCpu.cpus);
}

function steeringOf({ steering, interrupts }: ObservedWith<"steering">): EvidenceOf<"steering"> {
  const masks = Object.entries(steering.rpsCpus).flatMap(([role, mask]) => (mask === null ? [] : [[role, mask]]));
  return {
    kind: "steering",
    rpsCpus: Object.fromEntries(masks),
    interruptMaxShare: interrupts?.maxShare ?? null,
    irqbalanceRunning: steering.irqbalanceRunning,
  };
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
