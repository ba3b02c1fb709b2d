import * as z from "zod";
import { otherCpuShape } from "./caveats-trial.ts";
import { byRole } from "./samples.ts";

const spreadShape = z.object({
  total: z.number(),
  perCpu: z.array(z.number()),
  maxShare: z.number(),
  /** Busiest CPU over the mean. */
  maxOverMean: z.number(),
  coefficientOfVariation: z.number(),
  busiestCpu: z.number(),
});

/** Evenness of work over CPUs, from deltas over the trial. `perCpu` are shares that add up to 1. */
export type Spread = z.infer<typeof spreadShape>;

const portEvidenceShape = z.object({
  role: z.string(),
  range: z.object({ low: z.number(), high: z.number() }),
  reserved: z.number(),
  usable: z.number(),
  /** The busiest destination; null where the role opened no outgoing connection. `name` is the upstream's, if known. */
  destination: z.object({ address: z.string(), port: z.number(), name: z.string().nullable() }).nullable(),
  peakInUse: z.number(),
  peakTimeWait: z.number(),
  maxTimeWaitBuckets: z.number().nullable(),
});

/** The target's outgoing ports as the arithmetic sees them. */
export type PortEvidence = z.infer<typeof portEvidenceShape>;

const acceptQueueEvidenceShape = z.object({
  port: z.number(),
  /** min(what the program passed to listen(), somaxconn), as the kernel has it. */
  effectiveLimit: z.number().nullable(),
  somaxconn: z.number().nullable(),
  peakQueued: z.number(),
  overflows: z.number(),
  drops: z.number(),
});

/** The target's listening socket and the two limits of its accept queue. */
export type AcceptQueueEvidence = z.infer<typeof acceptQueueEvidenceShape>;

const irqShape = z.object({
  irq: z.number(),
  name: z.string(),
  affinity: z.string(),
  effectiveAffinity: z.string().nullable(),
});

export const evidenceShape = z.object({
  ports: z.array(portEvidenceShape),
  acceptQueues: z.array(acceptQueueEvidenceShape),
  /** Successes a second just before and just after the scan cliff; null without one. */
  cliff: z.object({ beforePerSecond: z.number(), afterPerSecond: z.number() }).nullable(),
  /** Differences of kernel counters over the load, by role. */
  counters: byRole(z.record(z.string(), z.number())),
  /** Network interrupts, NET_RX softirqs and softnet rows over the CPUs; null where none happened. */
  interrupts: spreadShape.nullable(),
  netRxSoftirqs: spreadShape.nullable(),
  softnetProcessed: spreadShape.nullable(),
  softnetDropped: z.number().nullable(),
  softnetTimeSqueeze: z.number().nullable(),
  /** Busy and softirq share of each CPU, 0 to 1, from ramp's end to stop. */
  cpuBusy: z.array(z.number()),
  cpuSoftirq: z.array(z.number()),
  /** CPU that others than the run used, from the load's first request to its stop; null where it was not measured. */
  otherCpu: otherCpuShape.nullable(),
  conntrack: z.object({ peak: z.number(), max: z.number(), drops: z.number() }).nullable(),
  throttledMs: byRole(z.number().nullable()),
  throttledPeriods: byRole(z.number().nullable()),
  /** CPUs each role may run on; null = all of them. */
  cpusAllowed: byRole(z.array(z.number()).nullable()),
  /** Steering at the trial's start: rps_cpus per role, the machine's network interrupts and irqbalance. */
  steering: z.object({
    rpsCpus: byRole(z.string().nullable()),
    irqs: z.array(irqShape),
    irqbalanceRunning: z.boolean().nullable(),
  }),
});

/** Numbers behind findings, all taken between the load's first request and its stop. */
export type Evidence = z.infer<typeof evidenceShape>;
