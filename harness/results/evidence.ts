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
  role: z.string(),
  port: z.number(),
  /** min(what the program passed to listen(), somaxconn), as the kernel has it. */
  effectiveLimit: z.number().nullable(),
  somaxconn: z.number().nullable(),
  peakQueued: z.number(),
  /** After the ramp: looks at the queue, and the shortest that one of them saw; null without a look. */
  looks: z.number(),
  leastQueued: z.number().nullable(),
  overflows: z.number(),
  drops: z.number(),
});

/** A part's listening socket and the two limits of its accept queue. */
export type AcceptQueueEvidence = z.infer<typeof acceptQueueEvidenceShape>;

const demandShape = z.object({
  /** From the ramp's end to the fault or the stop (to the stop, where the fault came with the first requests): what was asked for (iterations that found no free user included) and what succeeded. */
  askedPerSecond: z.number(),
  servedPerSecond: z.number(),
  /** The highest rate of successes over two seconds: what it can do when nothing else is in its way. */
  peakServedPerSecond: z.number(),
  droppedShare: z.number(),
  /** Share of that time's windows in which iterations were dropped. */
  droppingWindows: z.number(),
  /** Mean of the requests that waited for the target (of those that succeeded), and the users that there were. */
  requestsInFlight: z.number(),
  virtualUsers: z.number(),
  /** The quickest answer of the whole load: the time of a request that waits for nobody. */
  leastLatencyMs: z.number().nullable(),
  medianLatencyMs: z.number().nullable(),
});

/** What was asked of the target and what it came to. */
export type Demand = z.infer<typeof demandShape>;

const openConnectionsShape = z.object({
  role: z.string(),
  destination: z.object({ address: z.string(), port: z.number(), name: z.string().nullable() }),
  /** Mean over the looks after the ramp, TIME_WAIT left out. */
  open: z.number(),
  /** Of all looks those with the fewest and the most requests in flight then: how many connections were open in each. null without two looks. */
  growth: z
    .object({
      fewInFlight: z.number(),
      openAtFew: z.number(),
      manyInFlight: z.number(),
      openAtMany: z.number(),
    })
    .nullable(),
});

/** Connections that a role keeps open to one destination. */
export type OpenConnections = z.infer<typeof openConnectionsShape>;

const sourcePortsShape = z.object({
  role: z.string(),
  address: z.string(),
  usable: z.number(),
  peakInUse: z.number(),
  /** Connections at that peak. */
  connections: z.number(),
});

/** The local address of a role from which most ports were in use, over all destinations. */
export type SourcePorts = z.infer<typeof sourcePortsShape>;

const processEvidenceShape = z.object({
  /** Cores' worth of time in which its threads waited for a CPU, from ramp's end to stop. */
  runDelayCores: z.number().nullable(),
  /** Peak of the descriptors of the process nearest to its limit. */
  openFiles: z.number().nullable(),
  openFilesLimit: z.number().nullable(),
  groupMemoryPeakBytes: z.number().nullable(),
  groupMemoryLimitBytes: z.number().nullable(),
  oomKills: z.number().nullable(),
  cpuPeriods: z.number().nullable(),
});

/** What a role's processes waited for, and how near they came to limits of their own. */
export type ProcessEvidence = z.infer<typeof processEvidenceShape>;

const transferShape = z.object({
  outBytesPerSecond: z.number(),
  /** Standard deviation over the mean of the looks' rates after the ramp. */
  variation: z.number(),
  /** Medians after the ramp of what was written and not acknowledged, and of what had come and was not read. */
  unsentBytes: z.number(),
  unreadBytes: z.number(),
});

/** What a role's namespace sent. */
export type Transfer = z.infer<typeof transferShape>;

const unixQueueShape = z.object({ role: z.string(), path: z.string(), peakQueued: z.number() });

/** A listening Unix socket's queue at its longest. */
export type UnixQueue = z.infer<typeof unixQueueShape>;

const loggedFaultShape = z.object({
  role: z.string(),
  fault: z.string(),
  /** Quarters of a second in which it was written: more lines within one are not counted. */
  times: z.number(),
  perSecond: z.number(),
  /** The same before the first failure. */
  usualPerSecond: z.number(),
  /** The first of them: plain text without secrets, at most 200 characters. */
  line: z.string(),
});

/** A fault that a part wrote into its log under load, beyond what it writes when all is well. */
export type LoggedFault = z.infer<typeof loggedFaultShape>;

const irqShape = z.object({
  irq: z.number(),
  name: z.string(),
  affinity: z.string(),
  effectiveAffinity: z.string().nullable(),
});

export const evidenceShape = z.object({
  ports: z.array(portEvidenceShape),
  acceptQueues: z.array(acceptQueueEvidenceShape),
  /** Most TIME_WAIT sockets of each role that was looked at: they are at the side that closes first. */
  timeWaits: byRole(z.number()),
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
  conntrack: z.object({ peak: z.number(), max: z.number(), drops: z.number(), insertFailed: z.number() }).nullable(),
  throttledMs: byRole(z.number().nullable()),
  throttledPeriods: byRole(z.number().nullable()),
  /** CPUs each role may run on; null = all of them. */
  cpusAllowed: byRole(z.array(z.number()).nullable()),
  /** null where the load did not go past its ramp. */
  demand: demandShape.nullable(),
  /** The busiest destinations of each role but the generator. */
  connections: z.array(openConnectionsShape),
  sources: z.array(sourcePortsShape),
  processes: byRole(processEvidenceShape),
  transfers: byRole(transferShape),
  unixQueues: z.array(unixQueueShape),
  neighbourTableFulls: z.number().nullable(),
  /** Faults by the words of the parts' logs; the most frequent first. */
  logged: z.array(loggedFaultShape),
  /** Of each part that wrote of errors the line that it repeated most, numbers and ids aside; plain text without secrets. */
  repeatedLines: byRole(z.object({ line: z.string(), lines: z.number() })),
  /** Steering at the trial's start: rps_cpus per role, the machine's network interrupts and irqbalance. */
  steering: z.object({
    rpsCpus: byRole(z.string().nullable()),
    irqs: z.array(irqShape),
    irqbalanceRunning: z.boolean().nullable(),
  }),
});

/** Numbers behind findings, all taken between the load's first request and its stop. */
export type Evidence = z.infer<typeof evidenceShape>;
