import type { OtherCpu } from "./other-cpu.ts";
import type { Role } from "./samples.ts";

/** Evenness of work over CPUs, from deltas over the trial. `perCpu` are shares that add up to 1. */
export interface Spread {
  total: number;
  perCpu: number[];
  maxShare: number;
  /** Busiest CPU over the mean. */
  maxOverMean: number;
  coefficientOfVariation: number;
  busiestCpu: number;
}

/** The target's outgoing ports as the arithmetic sees them. */
export interface PortEvidence {
  role: Role;
  range: { low: number; high: number };
  reserved: number;
  usable: number;
  /** The busiest destination; null where the role opened no outgoing connection. `name` is the upstream's, if known. */
  destination: { address: string; port: number; name: string | null } | null;
  peakInUse: number;
  peakTimeWait: number;
  maxTimeWaitBuckets: number | null;
}

/** The target's listening socket and the two limits of its accept queue. */
export interface AcceptQueueEvidence {
  port: number;
  /** min(what the program passed to listen(), somaxconn), as the kernel has it. */
  effectiveLimit: number | null;
  somaxconn: number | null;
  peakQueued: number;
  overflows: number;
  drops: number;
}

/** Numbers behind findings, all taken between the load's first request and its stop. */
export interface Evidence {
  ports: PortEvidence[];
  acceptQueues: AcceptQueueEvidence[];
  /** Successes a second just before and just after the scan cliff; null without one. */
  cliff: { beforePerSecond: number; afterPerSecond: number } | null;
  /** Differences of kernel counters over the load, by role. */
  counters: Record<Role, Record<string, number>>;
  /** Network interrupts, NET_RX softirqs and softnet rows over the CPUs; null where none happened. */
  interrupts: Spread | null;
  netRxSoftirqs: Spread | null;
  softnetProcessed: Spread | null;
  softnetDropped: number | null;
  softnetTimeSqueeze: number | null;
  /** Busy and softirq share of each CPU, 0 to 1, from ramp's end to stop. */
  cpuBusy: number[];
  cpuSoftirq: number[];
  /** CPU that others than the run used, from the load's first request to its stop; null where it was not measured. */
  otherCpu: OtherCpu | null;
  conntrack: { peak: number; max: number; drops: number } | null;
  throttledMs: Record<Role, number | null>;
  throttledPeriods: Record<Role, number | null>;
  /** CPUs each role may run on; null = all of them. */
  cpusAllowed: Record<Role, number[] | null>;
  /** Steering at the trial's start: rps_cpus per role, the machine's network interrupts and irqbalance. */
  steering: {
    rpsCpus: Record<Role, string | null>;
    irqs: { irq: number; name: string; affinity: string; effectiveAffinity: string | null }[];
    irqbalanceRunning: boolean | null;
  };
}
