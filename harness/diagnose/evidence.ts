import type { MeasureName } from "../core/measures.ts";
import type { AcceptQueueEvidence, PortEvidence } from "../results/evidence.ts";
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
  | { kind: "throttling"; role: Role; throttledMs: number; loadSeconds: number; periods: number | null }
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
  | { kind: "cpu"; role: Role; usedCores: number; allowedCores: number; bound: "all-cpus" | "one-thread" }
  /** A value as it was read back inside. */
  | { kind: "setting"; role: Role; key: string; value: string };

/** The evidence of a kind. */
export type EvidenceOf<Kind extends FindingEvidence["kind"]> = Extract<FindingEvidence, { kind: Kind }>;
