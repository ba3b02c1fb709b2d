import type { ToldFinding } from "../diagnose/finding.ts";
import type { Remedy } from "../diagnose/remedy.ts";
import type { LiveSteering, Tuner } from "../results/live-samples.ts";

/**
 * What a look at a live service comes to: data only; sentences are made in report/. null is what was not seen, never 0. Pure functions make it
 * of samples (observe.ts), wherever those were taken.
 */
export interface Observation {
  outlook: Outlook;
  /** What counts as soon. */
  withinSeconds: number;
  /** The nearest to being full first. */
  limits: Limit[];
  /** By the rules that need no load, the most telling first. */
  findings: LiveFinding[];
  settings: LiveSetting[];
  /** Of the machine beneath; null: it is not seen from there. */
  steering: LiveSteering | null;
  caveats: LiveCaveat[];
  /** What was looked at. */
  subjects: string[];
  /** How long, and what the looks cost: CPU ms of the sampler. */
  seconds: number;
  costMs: number;
}

/** What limits there are. `syn-queue` to `udp-queue` are a listener's or a socket's, the others a namespace's, a process', a group's or a machine's. */
const limitNames = [
  "ports",
  "source-ports",
  "accept-queue",
  "syn-queue",
  "unix-queue",
  "udp-queue",
  "time-wait-buckets",
  "descriptors",
  "memory",
  "cpu",
  "conntrack",
  "softirq",
  "retransmits",
] as const;
export type LimitName = (typeof limitNames)[number];

export interface Limit {
  limit: LimitName;
  /** Whose it is, in a word or two: "10.0.3.7:3306", "port 8080", "nginx (4711)". Of unknown origin. */
  subject: string;
  /** Namespace, pod or container that it is in, where several were looked at; null otherwise. */
  place: string | null;
  used: number;
  /** null: it has none, or it is not readable from here, which a caveat says. */
  of: number | null;
  /** used / of */
  share: number | null;
  /** How fast `used` grows; null where it was seen once, or is a rate itself. */
  perSecond: number | null;
  /** At this growth, of which what expires in the next minute is known; null: it does not fill. 0: it is full. */
  secondsToFull: number | null;
  unit: "ports" | "connections" | "bytes" | "sockets" | "descriptors" | "cores" | "entries" | "share" | "segments/s";
  detail: LimitDetail;
  /** The first to try first; of a limit that is near. */
  remedies: Remedy[];
}

/** What is known of a limit beside its use. */
export type LimitDetail =
  | {
      kind: "ports";
      timeWait: number;
      /** New ones taken a second, and TIME_WAITs that end a second. */
      openedPerSecond: number | null;
      expiringPerSecond: number | null;
      /** Where its use comes to rest at this rate; null: it does not, or is not known. */
      levelsOffAt: number | null;
      /** TIME_WAITs that connect() may take again (tcp_tw_reuse): not in `used`. */
      reusable: number;
      /** From here on connect() scans the busy half first, without an error; null where TIME_WAITs are reused. */
      scanCliffAt: number | null;
    }
  | {
      kind: "time-waits";
      madePerSecond: number | null;
      expiringPerSecond: number | null;
      levelsOffAt: number | null;
      destroyedPerSecond: number | null;
    }
  | { kind: "queue"; now: number; binding: "backlog" | "somaxconn" | null; overflowsPerSecond: number | null }
  | { kind: "drops"; perSecond: number | null }
  /** What binds: the group's quota, or the CPUs that there are; share of its periods in which a quota held it back. */
  | { kind: "cpu"; by: "quota" | "cpus"; throttledShare: number | null }
  /** Segments sent a second. */
  | { kind: "sent"; perSecond: number }
  | { kind: "none" };

/** The answer. `limit` is the place of the limit that it is about in `limits`. */
export type Outlook =
  /** A limit is reached. */
  | { kind: "reached"; limit: number }
  /** It will be within `withinSeconds` at this rate. */
  | { kind: "soon"; limit: number }
  /** It fills, later than that. */
  | { kind: "later"; limit: number }
  /** It grows and comes to rest below. */
  | { kind: "levels-off"; limit: number }
  /** Most of it is used, and it does not grow. */
  | { kind: "high"; limit: number }
  | { kind: "room" }
  /** Nothing that was seen is near, but settings, and with them what ports and queues are held against, were not. */
  | { kind: "unseen" };

/** What a rule says, and of which place (see Limit). */
export type LiveFinding = ToldFinding & { place: string | null };

/** A value as the namespace has it, and where it is from as far as that can be told (by elimination). */
export interface LiveSetting {
  key: string;
  value: string;
  place: string | null;
  origin: SettingOrigin;
}

export type SettingOrigin =
  /** What a new namespace of this kernel has. */
  | { kind: "kernel-default" }
  /** A pod's securityContext.sysctls, or a container's --sysctl. */
  | { kind: "spec"; of: "pod" | "container" }
  /** What runtimes give each container, unasked. */
  | { kind: "runtime" }
  /** A file that sysctl(8) reads has this value. */
  | { kind: "file"; path: string }
  /** It differs from the kernel's default, and no spec has it: the machine's administrator (own namespace), or node, runtime or CNI. */
  | { kind: "changed"; by: "machine" | "runtime"; kernelDefault: string }
  /** The default goes by the machine's memory. */
  | { kind: "unknown" };

/** What could not be seen and why, and what must be known to believe the rest. */
export type LiveCaveat =
  | { code: "not-readable"; what: Unseen; why: Why; place: string | null }
  /** Looks at queues were this far apart: what filled and emptied between is missed. */
  | { code: "looks-apart"; longestMs: number }
  /** TIME_WAIT sockets have no owner: they, and so ports, are the namespace's, in which so many other processes are. */
  | { code: "time-waits-of-namespace"; processes: number }
  /** The process ended while it was looked at. */
  | { code: "ended"; who: string; afterSeconds: number }
  /** It was stopped by a signal before its time. */
  | { code: "cut-short"; seconds: number; ofSeconds: number }
  /** So many other namespaces have a listener on the same port. */
  | { code: "also-in"; namespaces: number }
  /** Something on this machine moves settings or interrupts by itself. */
  | { code: "tuner-runs"; program: Tuner }
  /** Namespaces whose tables were not read, for sockstat says that they hold little. */
  | { code: "tables-skipped"; namespaces: number; of: number }
  /** With many namespaces descriptors, memory and CPU of their processes are not looked at. */
  | { code: "processes-not-looked-at" }
  /** The pod has its node's network: ports, queues and TIME_WAITs are those of the whole node. */
  | { code: "host-network"; pod: string; node: string }
  /** The container that looked ends by itself; that it was there stays in the pod's spec as long as the pod. */
  | { code: "container-stays"; pod: string; container: string }
  /** Of the pods that were meant: more than are looked at together, and those that do not run. */
  | { code: "pods-left-out"; running: number; notRunning: number }
  /** No container could be put into the pod, so it was looked at from its node alone. */
  | { code: "no-look-inside"; words: string }
  /** No cgroup could be read: memory is resident memory, against the pod's limit. */
  | { code: "memory-resident" }
  /** Some of what was seen never came: the log's own trouble. */
  | { code: "look-cut"; words: string };

export type Unseen =
  | "settings"
  | "ports"
  | "listen-limits"
  | "descriptors"
  | "memory"
  | "cpu"
  | "conntrack"
  | "steering"
  | "namespaces"
  | "processes"
  | "counters";

/** `words`: the system's own. */
export type Why =
  | { kind: "rights" }
  | { kind: "no-ss" }
  | { kind: "not-the-node" }
  | { kind: "not-there" }
  | { kind: "from-a-pod" }
  /** It is read by who is inside, and to enter takes a right that was not asked for. */
  | { kind: "from-the-node" }
  | { kind: "no-process" };
