import type { MeasureName } from "../core/measures.ts";
import type { PortRange } from "../core/ports.ts";
import type { OtherCpu } from "../results/disturbance.ts";
import type {
  AcceptQueueEvidence,
  Demand,
  OpenConnections,
  PortEvidence,
  SourcePorts,
  Transfer,
  UnixQueue,
} from "../results/evidence.ts";
import type { GeneratorSign } from "../results/generator-signs.ts";
import type { Role } from "../results/samples.ts";
import type { PartDeath } from "../results/stop-reason.ts";
import type { FaultRecord } from "../results/trial.ts";

/** A role's ports to its busiest destination, at the peak. */
export interface PortUse extends Pick<PortEvidence, "role" | "usable"> {
  destination: NonNullable<PortEvidence["destination"]>;
  inUse: number;
  timeWait: number;
}

/**
 * A piece of what a finding stands on: numbers with their units in their names, shares from 0 to 1. null: not known. What a piece
 * says in words is in report/words/evidence.ts.
 */
export type FindingEvidence =
  /** `lastWords` are the part's own: untrusted text. */
  | { kind: "ended"; role: Role; atSeconds: number; how: PartDeath | null; lastWords: string[] }
  | {
      kind: "generator";
      signs: GeneratorSign[];
      droppedIterations: number;
      virtualUsers: number;
      usedCores: number | null;
    }
  | ({ kind: "ports" } & PortUse)
  /** `seenIn` "totals": among the failures of the whole trial; `requests` that failed with it, null where none said it. */
  | { kind: "fault"; fault: string; seenIn: FaultRecord["seenIn"] | "totals"; requests: number | null }
  | { kind: "measure"; measure: MeasureName; value: number }
  /** Rates are successes a second on both sides of the cliff; `isApproximate`: from whole phases, not as detection judged it. */
  | {
      kind: "scan-cliff";
      atSeconds: number;
      halfOfPorts: number;
      beforePerSecond: number | null;
      afterPerSecond: number | null;
      isApproximate: boolean;
    }
  /** TIME_WAITs that the kernel destroyed early (TCPTimeWaitOverflow). */
  | { kind: "time-wait-overflow"; role: Role; sockets: number; buckets: number | null; usablePorts: number | null }
  /** `binding`: which of the two limits is the smaller one. */
  | ({ kind: "accept-queue"; binding: "backlog" | "somaxconn" | null } & AcceptQueueEvidence)
  | { kind: "conntrack"; peakEntries: number; maxEntries: number; drops: number }
  /** New flows that found no port behind a masquerade address, and SYNs that the parts sent again. */
  | { kind: "insert-failed"; flows: number; synRetransmits: number; entries: number }
  | {
      kind: "throttling";
      role: Role;
      throttledMs: number;
      loadSeconds: number;
      periods: number | null;
      ofPeriods: number | null;
    }
  /** `cpu` received `packetShare` of `packets`; the other CPUs' mean is `othersBusyShare`. */
  | {
      kind: "receive-work";
      cpu: number;
      packets: number;
      packetShare: number;
      netRxShare: number | null;
      busyShare: number;
      softirqShare: number;
      otherCpus: number;
      othersBusyShare: number;
    }
  /** rps_cpus by role, as the kernel writes a mask; the busiest CPU's share of network interrupts. */
  | {
      kind: "steering";
      rpsCpus: Record<Role, string>;
      interruptMaxShare: number | null;
      irqbalanceRunning: boolean | null;
    }
  /** `bound`: by all the CPUs that it may use, or by the one that a single thread can. */
  | { kind: "cpu"; role: Role; usedCores: number; allowedCores: number; bound: "all-cpus" | "one-thread" | "idle" }
  /** Cores' worth of time in which threads of a role could have run and got no CPU. */
  | { kind: "run-delay"; role: Role; waitedCores: number }
  /** CPU that others than the run used meanwhile. */
  | ({ kind: "other-cpu" } & OtherCpu)
  /** A fault by its name: requests that failed with it (null: none says so), and the log that does, with its line: untrusted text, quotable. */
  | {
      kind: "said";
      fault: string;
      requests: number | null;
      seenIn: "responses" | "log";
      role: Role | null;
      times: number | null;
      line: string | null;
    }
  /** Requests that failed with a fault that no rule explains. */
  | { kind: "failures"; fault: string; requests: number; of: number }
  /** The line of an error that a part repeated most: untrusted text, quotable. */
  | { kind: "line"; role: Role; line: string; lines: number }
  | ({ kind: "demand" } & Demand)
  | ({ kind: "connections"; upstreamCores: number | null } & OpenConnections)
  | ({ kind: "source-ports" } & SourcePorts)
  | { kind: "descriptors"; role: Role; open: number | null; limit: number }
  | {
      kind: "memory";
      role: Role;
      peakBytes: number | null;
      limitBytes: number | null;
      oomKills: number | null;
    }
  /** Dials of a role that failed at once (AttemptFails), and the resets that the upstream sent which refused them. */
  | { kind: "refused-dials"; role: Role; attempts: number; towards: Role | null; resets: number | null }
  /** Segments sent again over all sent, and SYNs over the connections opened. */
  | { kind: "retransmits"; role: Role; segments: number; of: number; synRetransmits: number; opens: number }
  | ({ kind: "transfer"; role: Role } & Transfer)
  | { kind: "datagrams"; role: Role; dropped: number; received: number }
  | { kind: "neighbours"; tableFulls: number }
  | { kind: "softnet"; dropped: number; squeezed: number; processed: number }
  /** TCPReqQFullDrop, TCPReqQFullDoCookies, ListenDrops; `limit`: of the queue, where it is known. */
  | { kind: "syn-queue"; dropped: number; cookies: number; listenDrops: number; limit: number | null }
  | ({ kind: "unix-queue"; somaxconn: number | null; refused: number | null } & UnixQueue)
  /** Nothing was completed from then on; null where only a part of the users was never answered. */
  | { kind: "silence"; sinceSeconds: number | null; served: number; unansweredUsers: number; virtualUsers: number }
  | { kind: "reserved-ports"; role: Role; reserved: number; range: PortRange }
  /** A profile of the same run set it, and the finding stayed. */
  | { kind: "ruled-out"; role: Role; key: string; value: string; profile: string }
  /** A value as it was read back inside. */
  | { kind: "setting"; role: Role; key: string; value: string };

/** The evidence of a kind. */
export type EvidenceOf<Kind extends FindingEvidence["kind"]> = Extract<FindingEvidence, { kind: Kind }>;
