import type { Side } from "../results/window.ts";

/** One number (or text) behind a finding, ready to be shown. */
export interface FindingEvidence {
  what: string;
  value: number | string;
  unit: string | null;
}

/** What the real bottleneck was, by a rule; see rules.ts. */
export interface Finding {
  rule:
    | "port-exhaustion"
    | "scan-cliff"
    | "accept-queue-overflow"
    | "generator-bound"
    | "time-wait-bucket-overflow"
    | "receive-work-on-one-cpu"
    | "conntrack-full"
    | "cgroup-throttling"
    | "target-cpu-bound"
    | "target-crashed";
  side: Side;
  /** The bottleneck in a sentence, with its numbers. */
  bottleneck: string;
  evidence: FindingEvidence[];
  remedy: string;
  /** In how many of the profile's valid trials the rule held. */
  seenIn: number;
  trials: number;
}
