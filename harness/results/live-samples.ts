import type { Evidence } from "./evidence.ts";
import type { ConntrackCounts, DestinationPorts, PortsSample, Sample } from "./samples.ts";

/**
 * What is sampled of a live service: the kinds of a trial (but for `ports` and `listen`, which `table` is in place of), and these. They are stored
 * nowhere, but go over a pod's log. `atMs` is on one monotonic clock; counters are absolute, deltas are taken by whoever reads.
 */
export type LiveSample =
  | Exclude<Sample, { kind: "ports" | "listen" }>
  | TableSample
  | GroupSample
  | DatagramsSample
  | TrackingSample;

/**
 * TIME_WAIT sockets by the time that they have left: place 0 ends within the next second, place 1 in the second after. The kernel says
 * it in each row of /proc/net/tcp (tr 03, tm->when in hundredths of a second), so that what comes free in the next minute is known.
 */
export type Ending = number[];

/** Ports from one local address towards one remote address and port: each such pair has the whole range. */
export interface LiveDestination extends DestinationPorts {
  source: string;
  ending: Ending;
}

/** One listening port of a namespace, all its sockets together. */
export interface LiveListener {
  port: number;
  /** Finished handshakes that wait to be accepted: of the socket with the longest queue. */
  queued: number;
  /** Handshakes under way (SYN_RECV). */
  halfOpen: number;
}

/** From /proc/PID/net/tcp{,6}: all that a look at the whole table finds. */
export interface TableSample extends Omit<PortsSample, "kind" | "usable" | "destinations"> {
  kind: "table";
  /** The busiest, as many as are kept; `destinationCount` is how many there are. */
  destinations: LiveDestination[];
  destinationCount: number;
  listeners: LiveListener[];
  /** Rows of the table. */
  rows: number;
  /** TIME_WAITs of every local port, incoming connections included. */
  timeWaits: number;
  ending: Ending;
}

/** Limits of the cgroups of a role's first process: the nearest of its own and those above it. */
export interface GroupSample {
  kind: "group";
  atMs: number;
  role: string;
  /** Memory that can't be dropped at once: charged, without the inactive file cache; what a kubelet counts. null: not readable. */
  memoryBytes: number | null;
  /** null: none of them has a limit. */
  memoryLimitBytes: number | null;
  oomKills: number | null;
  /** CPU limit in cores (quota over period); null: none. */
  cpuLimitCores: number | null;
  /** Periods of that limit, those in which it held the group back, and for how long, since the group was made. */
  cpuPeriods: number | null;
  throttledPeriods: number | null;
  throttledMs: number | null;
}

/** /proc/PID/net/udp{,6}: sockets whose queue is not empty, or that have dropped datagrams. */
export interface DatagramsSample {
  kind: "datagrams";
  atMs: number;
  role: string;
  sockets: { address: string; port: number; queuedBytes: number; drops: number }[];
}

/** Connections that a namespace tracks in a table of its own, against the machine's maximum. Of the machine's own namespace a `node` sample tells. */
export interface TrackingSample extends ConntrackCounts {
  kind: "tracking";
  atMs: number;
  role: string;
}

/** Programs that move settings or interrupts by themselves. */
export const tuners = ["irqbalance", "bpftune", "tuned"] as const;
export type Tuner = (typeof tuners)[number];

/** Which CPUs a machine's packets come to. */
export interface LiveSteering {
  /** rps_cpus of its devices' receive queues, as the kernel prints a mask; differing ones joined by a blank; null: it has none that can be read. */
  rpsCpus: string | null;
  /** Its network devices' interrupts, as permitted and as in use. */
  irqs: Evidence["steering"]["irqs"];
  /** Those that run; null: other processes can't be seen. */
  tuners: Tuner[] | null;
}
