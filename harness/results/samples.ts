/**
 * What the samplers saw: lines of samples.ndjson. `atMs` is on the trial's clock (see Window).
 * Counters are absolute as the kernel shows them; deltas are taken by whoever reads. Roles are
 * "generator", "target" or an upstream's name.
 */

/** Name of a part of the experiment: "generator", "target" (its further copies "target-2" ...), or the name of an upstream. */
export type Role = string;

/** /proc/net/sockstat{,6} of a role's namespace, 10 times a second. `timeWait` includes FIN_WAIT2 mini-sockets. */
export interface SocketsSample {
  kind: "sockets";
  atMs: number;
  role: Role;
  timeWait: number;
  inUse: number;
}

/** Local ports in use towards one remote address and port, by TCP state name (TIME_WAIT, ESTABLISHED, SYN_SENT ...). */
export interface DestinationPorts {
  address: string;
  port: number;
  states: Record<string, number>;
  /** Distinct local ports of the ephemeral range in use: what counts against `usable`. */
  inUse: number;
}

/** From /proc/PID/net/tcp{,6}: outgoing connections grouped by destination, the busiest few. */
export interface PortsSample {
  kind: "ports";
  atMs: number;
  role: Role;
  /** Ephemeral ports that connect() may use: the range minus the reserved ones. */
  usable: number;
  destinations: DestinationPorts[];
  /** What this look cost the harness, CPU ms. */
  costMs: number;
}

/** A listening socket's accept queue now, as /proc/net/tcp shows it. Its limit is read once, before the load (AcceptQueueEvidence). */
export interface ListenSample {
  kind: "listen";
  atMs: number;
  role: Role;
  port: number;
  queued: number;
}

/** Selected TcpExt, Tcp and IpExt counters of a role's namespace (TWRecycled, ListenOverflows, ...), absolute. */
export interface CountersSample {
  kind: "counters";
  atMs: number;
  role: Role;
  values: Record<string, number>;
}

/** CPU time spent by all processes of a role since they started, in ms of one core, and the memory they hold. */
export interface RoleCpuSample {
  kind: "roleCpu";
  atMs: number;
  role: Role;
  cpuMs: number;
  /** Resident memory (VmRSS) of all its processes now, shared pages counted in each; null where none could be read. */
  memoryBytes: number | null;
  /** cgroup throttling seen by the role's processes (cpu.stat nr_throttled, throttled ms); null where none is readable. */
  throttledPeriods: number | null;
  throttledMs: number | null;
}

/** The machine, once a second: per-CPU busy and softirq time, NET_RX softirqs, softnet rows, network interrupts. Index = CPU number. */
export interface NodeSample {
  kind: "node";
  atMs: number;
  /** Cumulative ms per CPU that was not idle (idle and iowait left out). */
  cpuBusyMs: number[];
  /** Cumulative ms per CPU in softirq context. */
  cpuSoftirqMs: number[];
  /**
   * CPU time of all the run's processes (harness, helpers, parts, generator, with all they started) up to now, ms of one core; null
   * where it can't be told: in a cluster, or without CONFIG_PROC_CHILDREN. Records from before it was taken lack it.
   */
  runCpuMs: number | null;
  netRxSoftirqs: number[];
  softnetProcessed: number[];
  softnetDropped: number[];
  softnetTimeSqueeze: number[];
  /** Sum over the rows of /proc/interrupts that belong to network devices. */
  networkInterrupts: number[];
  conntrackCount: number | null;
  conntrackMax: number | null;
  /** Packets that conntrack dropped (nf_conntrack stat "drop" + "early_drop"); null without conntrack. */
  conntrackDrops: number | null;
}

export type Sample = SocketsSample | PortsSample | ListenSample | CountersSample | RoleCpuSample | NodeSample;

/** What one sampler cost over a trial and how it paced itself. */
export interface SamplerCost {
  sampler: "sockets" | "ports" | "counters" | "node" | "roleCpu";
  looks: number;
  cpuMs: number;
  /** cpuMs over the time it ran: 0.01 is one per cent of a core. */
  shareOfCore: number;
  /** Longest and shortest time between two looks. */
  intervalMs: { shortest: number; longest: number };
}
