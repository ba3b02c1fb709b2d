import * as z from "zod";

/**
 * What the samplers saw: lines of samples.ndjson. `atMs` is on the trial's clock (see Window).
 * Counters are absolute as the kernel shows them; deltas are taken by whoever reads. Roles are
 * "generator", "target" or an upstream's name.
 */

/** Name of a part of the experiment: "generator", "target" (its further copies "target-2" ...), or the name of an upstream. */
export type Role = string;

/** Of each role one value. */
export function byRole<Value extends z.ZodType>(value: Value) {
  return z.record(z.string(), value);
}

const seenOfRole = { atMs: z.number(), role: z.string() };

const socketsSample = z.object({
  kind: z.literal("sockets"),
  ...seenOfRole,
  timeWait: z.number(),
  inUse: z.number(),
});

/** /proc/net/sockstat{,6} of a role's namespace, 10 times a second. `timeWait` includes FIN_WAIT2 mini-sockets. */
export type SocketsSample = z.infer<typeof socketsSample>;

const destinationPorts = z.object({
  address: z.string(),
  port: z.number(),
  states: z.record(z.string(), z.number()),
  /** Distinct local ports of the ephemeral range in use: what counts against `usable`. */
  inUse: z.number(),
});

/** Local ports in use towards one remote address and port, by TCP state name (TIME_WAIT, ESTABLISHED, SYN_SENT ...). */
export type DestinationPorts = z.infer<typeof destinationPorts>;

const portsSample = z.object({
  kind: z.literal("ports"),
  ...seenOfRole,
  /** Ephemeral ports that connect() may use: the range minus the reserved ones. */
  usable: z.number(),
  destinations: z.array(destinationPorts),
  /** The busiest local addresses: distinct local ports of the range in use, and the connections that use them, over all destinations. */
  sources: z.array(z.object({ address: z.string(), inUse: z.number(), connections: z.number() })),
  /** Over all established connections, those that came in too: bytes written that the peer has not acknowledged, and bytes that the program has not read. */
  unsentBytes: z.number(),
  unreadBytes: z.number(),
  /** What this look cost the harness, CPU ms. */
  costMs: z.number(),
});

/** From /proc/PID/net/tcp{,6}: outgoing connections grouped by destination, the busiest few. */
export type PortsSample = z.infer<typeof portsSample>;

const listenSample = z.object({
  kind: z.literal("listen"),
  ...seenOfRole,
  port: z.number(),
  queued: z.number(),
});

/** A listening socket's accept queue now, as /proc/net/tcp shows it. Its limit is read once, before the load (AcceptQueueEvidence). */
export type ListenSample = z.infer<typeof listenSample>;

const countersSample = z.object({
  kind: z.literal("counters"),
  ...seenOfRole,
  values: z.record(z.string(), z.number()),
});

/** Selected TcpExt, Tcp and IpExt counters of a role's namespace (TWRecycled, ListenOverflows, ...), absolute. */
export type CountersSample = z.infer<typeof countersSample>;

const roleCpuSample = z.object({
  kind: z.literal("roleCpu"),
  ...seenOfRole,
  cpuMs: z.number(),
  /** Resident memory (VmRSS) of all its processes now, shared pages counted in each; null where none could be read. */
  memoryBytes: z.number().nullable(),
  /** cgroup throttling seen by the role's processes (cpu.stat nr_throttled, throttled ms); null where none is readable. */
  throttledPeriods: z.number().nullable(),
  throttledMs: z.number().nullable(),
});

/** CPU time spent by all processes of a role since they started, in ms of one core, and the memory they hold. */
export type RoleCpuSample = z.infer<typeof roleCpuSample>;

const processSample = z.object({
  kind: z.literal("process"),
  ...seenOfRole,
  /** Time that its threads waited for a CPU while they could have run, since they started, ms; null where it can't be read. */
  runDelayMs: z.number().nullable(),
  /** Of the process nearest to its limit (RLIMIT_NOFILE): descriptors open, and how many it may have. */
  openFiles: z.number().nullable(),
  openFilesLimit: z.number().nullable(),
  /** Of the first program's cgroup: memory charged, what it may have (null: no limit), and processes killed for want of it. */
  groupMemoryBytes: z.number().nullable(),
  groupMemoryLimitBytes: z.number().nullable(),
  oomKills: z.number().nullable(),
  /** Enforcement periods of its CPU limit that have passed (cpu.stat nr_periods); null or 0 where it has none. */
  cpuPeriods: z.number().nullable(),
});

/** What a role's processes wait for and how near they are to limits of their own, once a second. Another user's can't be read: null. */
export type ProcessSample = z.infer<typeof processSample>;

const unixSample = z.object({
  kind: z.literal("unix"),
  ...seenOfRole,
  listeners: z.array(z.object({ path: z.string(), queued: z.number() })),
});

/** /proc/PID/net/unix: connections that wait to be accepted, of each listening Unix socket. The queue's limit is shown nowhere. */
export type UnixSample = z.infer<typeof unixSample>;

const nodeSample = z.object({
  kind: z.literal("node"),
  atMs: z.number(),
  /** Cumulative ms per CPU that was not idle (idle and iowait left out). */
  cpuBusyMs: z.array(z.number()),
  /** Cumulative ms per CPU in softirq context. */
  cpuSoftirqMs: z.array(z.number()),
  /**
   * CPU time of all the run's processes (harness, helpers, parts, generator, with all they started) up to now, ms of one core; null
   * where it can't be told: in a cluster, or without CONFIG_PROC_CHILDREN.
   */
  runCpuMs: z.number().nullable(),
  netRxSoftirqs: z.array(z.number()),
  softnetProcessed: z.array(z.number()),
  softnetDropped: z.array(z.number()),
  softnetTimeSqueeze: z.array(z.number()),
  /** Sum over the rows of /proc/interrupts that belong to network devices. */
  networkInterrupts: z.array(z.number()),
  conntrackCount: z.number().nullable(),
  conntrackMax: z.number().nullable(),
  /** Packets that conntrack dropped (nf_conntrack stat "drop" + "early_drop"); null without conntrack. */
  conntrackDrops: z.number().nullable(),
  /** New flows that found no free port after address translation ("insert_failed"), among the drops; null without conntrack. */
  conntrackInsertFailed: z.number().nullable(),
  /** Times that the machine's IPv4 neighbour table was full (arp_cache table_fulls); null where it can't be read. */
  neighbourTableFulls: z.number().nullable(),
});

/** The machine, once a second: per-CPU busy and softirq time, NET_RX softirqs, softnet rows, network interrupts. Index = CPU number. */
export type NodeSample = z.infer<typeof nodeSample>;

/** What is known of a table of connections. */
export type ConntrackCounts = Pick<
  NodeSample,
  "conntrackCount" | "conntrackMax" | "conntrackDrops" | "conntrackInsertFailed"
>;

/** A line of samples.ndjson. */
export const sampleShape = z.discriminatedUnion("kind", [
  socketsSample,
  portsSample,
  listenSample,
  countersSample,
  roleCpuSample,
  processSample,
  unixSample,
  nodeSample,
]);

export type Sample = z.infer<typeof sampleShape>;

export const samplerCostShape = z.object({
  sampler: z.enum(["sockets", "ports", "counters", "node", "roleCpu", "process"]),
  looks: z.number(),
  cpuMs: z.number(),
  /** cpuMs over the time it ran: 0.01 is one per cent of a core. */
  shareOfCore: z.number(),
  /** Longest and shortest time between two looks. */
  intervalMs: z.object({ shortest: z.number(), longest: z.number() }),
});

/** What one sampler cost over a trial and how it paced itself. */
export type SamplerCost = z.infer<typeof samplerCostShape>;
