import type { Role } from "../results/samples.ts";
import type { Side } from "../results/window.ts";
import type { EvidenceOf, FindingEvidence } from "./evidence.ts";
import type { Remedy } from "./remedy.ts";

/** What each rule stands on, in this order: what it says is made of it. A rule's finding may have more evidence behind it. */
export interface Grounds {
  "target-crashed": [EvidenceOf<"ended">];
  "out-of-memory": [EvidenceOf<"memory">];
  hung: [EvidenceOf<"silence">];
  "generator-bound": [EvidenceOf<"generator">];
  "time-wait-bucket-overflow": [EvidenceOf<"time-wait-overflow">];
  "port-exhaustion": [EvidenceOf<"ports">, EvidenceOf<"fault">];
  "scan-cliff": [EvidenceOf<"scan-cliff">, EvidenceOf<"ports">];
  "source-address-ports": [EvidenceOf<"source-ports">, EvidenceOf<"said">];
  "open-files": [EvidenceOf<"said">];
  "connection-limit": [EvidenceOf<"said">];
  "rate-limit": [EvidenceOf<"said">];
  "pool-exhausted": [EvidenceOf<"said">];
  "refused-dials": [EvidenceOf<"refused-dials">];
  "unix-socket-queue": [EvidenceOf<"unix-queue">];
  "syn-queue-overflow": [EvidenceOf<"syn-queue">];
  "udp-drops": [EvidenceOf<"datagrams">];
  "packet-loss": [EvidenceOf<"retransmits">];
  "neighbour-table-full": [EvidenceOf<"neighbours">];
  "receive-drops": [EvidenceOf<"softnet">];
  "accept-queue-overflow": [EvidenceOf<"accept-queue">];
  "conntrack-full": [EvidenceOf<"conntrack">];
  "masquerade-ports": [EvidenceOf<"insert-failed">];
  "cgroup-throttling": [EvidenceOf<"throttling">];
  "receive-work-on-one-cpu": [EvidenceOf<"receive-work">, EvidenceOf<"steering">];
  "target-cpu-bound": [EvidenceOf<"cpu">];
  "slow-accept": [EvidenceOf<"accept-queue">, EvidenceOf<"demand">];
  "bandwidth-cap": [EvidenceOf<"transfer">, EvidenceOf<"demand">];
  "waits-on-upstream": [EvidenceOf<"connections">, EvidenceOf<"demand">];
  "program-limit": [EvidenceOf<"demand">, EvidenceOf<"cpu">];
  /** No rule: what is left to say where none holds. */
  unexplained: [EvidenceOf<"failures"> | EvidenceOf<"line"> | EvidenceOf<"demand">];
}

/** The name of a rule. */
export type RuleId = keyof Grounds;

/** The limit that binds: `used` of `of`. Where use is looked at now and then, `used` is what is certain. */
export interface BindingLimit {
  used: number;
  of: number;
  unit: "ports" | "sockets" | "connections" | "entries" | "cores" | "descriptors" | "requests" | "bytes" | "bytes/s";
}

/** What a rule says of one trial, but for its name. */
export interface Found<Id extends RuleId = RuleId> {
  /** Whose limit it is. */
  side: Side;
  /** The part, where it is one's; null for the machine's. */
  role: Role | null;
  /** null where it is none that has a number. */
  limit: BindingLimit | null;
  /** From 0 to 1: how far the evidence says this and nothing else; see `strengths`. Not how much it matters. */
  strength: number;
  evidence: [...Grounds[Id], ...FindingEvidence[]];
  /** The first to try first. */
  remedies: Remedy[];
}

/** In which trials a rule held, and of which other it is only the consequence. */
export interface SeenIn {
  /** The cause that stands before it; null where it is a cause itself. */
  consequenceOf: RuleId | null;
  /** In how many of the profile's valid trials. */
  seenIn: number;
  trials: number;
  /** Of which the evidence is: the first in which it held. */
  shownBy: { sequence: number; block: number };
}

/** A finding of one rule; of a union of rules a union, which `rule` tells apart. */
export type FindingOf<Id extends RuleId> = { [One in Id]: { rule: One } & Found<One> & SeenIn }[Id];

/** What a rule says, and whether it only follows from another: all that sentences are made of. */
export type ToldFindingOf<Id extends RuleId> = {
  [One in Id]: { rule: One } & Found<One> & Pick<SeenIn, "consequenceOf">;
}[Id];
export type ToldFinding = ToldFindingOf<RuleId>;

/** What the real bottleneck was, by a rule; see rules.ts. Data only: sentences are made in report/words. */
export type Finding = FindingOf<RuleId>;

/** What evidence is worth. */
export const strengths = {
  /** The kernel or the program says it itself: a counter, an errno, a limit that was read back. */
  said: 1,
  /** Two measurements at once that hardly have another cause. */
  implied: 0.75,
  /** One measurement that may have another cause. */
  hinted: 0.5,
} as const;
