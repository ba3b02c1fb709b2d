import type { MeasureName } from "../core/measures.ts";
import type { InvalidReason } from "../results/invalid-reason.ts";
import type { JudgeReason } from "../stats/reason.ts";
import type { DifferenceKind } from "./differences.ts";

/** Why two trials of a block, or two arms, have no ratio of a measure. */
export type NoRatioReason =
  | { code: "no-pair" }
  | { code: "no-valid-trial"; profile: string }
  /** A search found no rate that kept its goals. */
  | { code: "no-rate-kept"; profile: string }
  | { code: "not-measured"; profile: string }
  | { code: "generator-bound"; profile: string }
  /** Of both only a lower bound is known. */
  | { code: "both-censored" }
  | { code: "side-is-zero" }
  /** A wall came within a second of the ramp's end. */
  | { code: "no-common-phase" }
  /** Failing fast looks quick. */
  | { code: "fault-shares-differ" }
  | { code: "few-requests"; profile: string; requests: number; needed: number; measure: MeasureName };

/** A side's trials of which something holds. */
export interface SomeTrials {
  profile: string;
  trials: number;
  of: number;
}

/**
 * Why a comparison is inconclusive, or what a verdict rests on that has no ratio. Fractions: a width of 0.09 is 9%. A new reason has a
 * sentence in report/words/reasons.ts.
 */
export type Reason =
  | JudgeReason
  | NoRatioReason
  /** Leaving such blocks out would flatter a side. */
  | { code: "blocks-without-ratio"; blocks: number; of: number; because: NoRatioReason }
  | ({ code: "searches-without-rate" } & SomeTrials)
  | ({ code: "broke-before-measured" } & SomeTrials)
  | { code: "coarse-histogram"; width: number; tolerance: number }
  | { code: "served-nothing"; measure: MeasureName; sides: SomeTrials[]; needed: number | null }
  | { code: "zeros"; candidate: SomeTrials; baseline: SomeTrials; needed: number | null }
  /** Fewer than 0.1% of the requests failed on either side. */
  | { code: "next-to-no-faults" };

/** Why ports did not run out although the arithmetic said so. */
export type PredictionMiss =
  /** The TIME_WAITs are at the other end, where they take no port of the target. */
  | { code: "other-side-closes"; role: string; timeWait: number }
  | { code: "connections-kept"; connectionsPerSecond: number }
  | { code: "served-too-few"; requests: number; ports: number };

/** Why it can't be told what a profile does to a wall. */
export type WallObstacle =
  /** Others used the CPUs during trials of these. */
  | { code: "disturbed"; profiles: string[] }
  /** Nobody knows what others used of the CPUs, on which it depends who keeps up: that many blocks are too few to tell. */
  | { code: "others-not-measured"; blocks: number; needed: number }
  | { code: "target-died-in-both" }
  /** Within the first two windows. */
  | { code: "broke-at-once"; profile: string }
  | { code: "few-requests"; profile: string; requests: number }
  /** Both met the wall of the same ports: how they met it depends on how fast the machine was. */
  | { code: "same-ports"; ports: number }
  /** Both broke at about the same time after the first request, baseline first: their distance is chance. */
  | { code: "near-in-time"; seconds: [before: number, after: number] }
  /** Nothing shows that the wall itself is elsewhere. */
  | { code: "ended-otherwise"; worse: "broke" | "degraded"; milder: "degraded" | "saturated" }
  /** The profile met no wall, but failures of that kind. */
  | { code: "fault-there-too"; profile: string; fault: string; requests: number }
  /** The profile met no wall, and served no more requests (no more a second) than the other did before its wall. */
  | { code: "served-no-more"; profile: string; than: string }
  | { code: "no-faster"; profile: string; than: string }
  | { code: "ports-nearly-used-up"; profile: string; usedRatio: number };

/** What both arms did alike where there is no ratio. */
export type HeldReason = { code: "zero-in-both" } | { code: "neither-broke" } | { code: "both-reached-highest-rate" };

/** A side that answered a check as it should not. `blocks`: in which the other side did not; null between two runs, where counts stand side by side. */
export interface FailedSide {
  side: "candidate" | "baseline";
  did: "broke" | "was-degraded" | "was-saturated" | "missed-goal";
  blocks: number | null;
  failed: number;
  trials: number;
  other: { failed: number; trials: number };
}

/** What a check rests on, or why it is undecided. */
export type CheckReason =
  /** Worse side first. `open`: why no test tells; null where one does. */
  | { code: "sides-differ"; sides: FailedSide[]; open: CheckOpen | null }
  /** Not known of the candidate in so many trials or blocks in which it is known of the baseline. */
  | { code: "candidate-unknown"; trials: number };

export type CheckOpen =
  | { code: "not-significant"; p: number }
  | { code: "too-few"; needed: number }
  | { code: "not-tested" };

/** Why a gate has its result. */
export type GateReason =
  | Reason
  | HeldReason
  | { code: "held-too-few"; held: HeldReason; trials: number; needed: number }
  /** Both reached the bound, but did not serve as much of the load. */
  | { code: "served-less"; candidateRequests: number; baselineRequests: number }
  /** Only one arm broke. */
  | CheckReason;

/** Why a gate decides nothing, whatever the numbers say. `words` are somebody else's: untrusted text. */
export type Obstacle =
  /** `ended`: how; null where it was killed, or goes on. */
  | { code: "run-not-done"; runId: string; ended: "interrupted" | "failed" | null }
  | { code: "runs-differ"; kinds: DifferenceKind[] }
  | { code: "blocks-lost"; profile: string; blocks: number; why: LostBecause }
  | { code: "trials-gone"; profile: string; trials: number }
  | {
      code: "measured-late";
      candidate: Attempts;
      baseline: Attempts;
      was: ("invalid" | "disturbed")[];
      /** Why the first of them was invalid; null where none was, or no reason was recorded. */
      reason: InvalidReason | null;
    }
  | { code: "unreadable-trials"; trials: number; words: string }
  /** Records that may be anyone's: without their checksum, or changed while the run went on. */
  | { code: "records-not-believed"; why: "unsealed" | "changed"; files: string[] };

/** Attempts that do not count, of a profile that was measured in the end. */
export interface Attempts {
  profile: string;
  times: number;
}

export type LostBecause = { code: "invalid"; reason: InvalidReason | null } | { code: "no-record" };
