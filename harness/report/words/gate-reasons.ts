import type { GateCheck } from "../../analysis/gate-record.ts";
import type {
  CheckOpen,
  CheckReason,
  FailedSide,
  GateReason,
  HeldReason,
  LostBecause,
  Obstacle,
} from "../../analysis/reason.ts";
import { formatGoal } from "../../core/measures.ts";
import { formatCount, formatP } from "../../core/numbers.ts";
import { counted } from "../../core/words.ts";
import { filesWords } from "./caveats-analysis.ts";
import { invalidWords } from "./invalid-reasons.ts";
import { reasonWords } from "./reasons.ts";

/** "stood the load", "p99 latency at most 50 ms", "peak: p99 latency at most 50 ms" */
export function checkName({ question }: Pick<GateCheck, "question">): string {
  if (question.kind === "outcome") return "stood the load";
  const goal = formatGoal(question.goal);
  return question.condition === null ? goal : `${question.condition}: ${goal}`;
}

/** What a check rests on, or why it is undecided, as a clause; null where it was held. */
export function checkWords(check: GateCheck): string | null {
  return check.reason === null ? null : checkReasonWords(check.reason, checkName(check));
}

/** Why a gate has its result, as a clause. */
export function gateReasonWords(reason: GateReason): string {
  switch (reason.code) {
    case "zero-in-both":
    case "neither-broke":
    case "both-reached-highest-rate":
      return heldWords[reason.code];
    case "held-too-few":
      return `${heldWords[reason.held.code]}, but only ${reason.trials} times; ${reason.needed} would do`;
    case "served-less": {
      const [over, under] = [reason.candidateRequests, reason.baselineRequests].map(formatCount);
      return `both reached the bound, but did not serve as much of the load: ${over} requests against the baseline's ${under}`;
    }
    case "sides-differ":
    case "candidate-unknown":
      return checkReasonWords(reason, "stood the load");
    default:
      return reasonWords(reason);
  }
}

const heldWords: Record<HeldReason["code"], string> = {
  "zero-in-both": "0 in every trial of both",
  "neither-broke": "neither broke within the bound",
  "both-reached-highest-rate": "both reached the highest value that was tried",
};

function checkReasonWords(reason: CheckReason, name: string): string {
  if (reason.code === "candidate-unknown") return `${name}: not known of the candidate in ${reason.trials}`;
  const sides = reason.sides.map((side) => `the ${side.side} ${sideWords(side, name)}`).join(", and ");
  return reason.open === null ? sides : `${sides}: ${openWords(reason.open)}`;
}

/** "broke in 9 blocks where the baseline did not" */
function sideWords({ side, did, blocks, failed, trials, other }: FailedSide, name: string): string {
  const words = {
    broke: "broke",
    "was-degraded": "was degraded",
    "was-saturated": "did not keep up",
    "missed-goal": `missed ${name}`,
  }[did];
  if (blocks === null)
    return `${words} in ${failed} of ${trials} trials, the other side in ${other.failed} of ${other.trials}`;
  const otherSide = side === "candidate" ? "baseline" : "candidate";
  return `${words} in ${counted(blocks, "block")} where the ${otherSide} ${did === "missed-goal" ? "kept it" : "did not"}`;
}

function openWords(open: CheckOpen): string {
  switch (open.code) {
    case "not-significant":
      return `${formatP(open.p)} after adjustment, no proof either way`;
    case "too-few":
      return `too few to tell, ${open.needed} that all point one way would do`;
    case "not-tested":
      return "no proof either way";
  }
}

/** Why a gate decides nothing, as a clause. */
export function obstacleWords(obstacle: Obstacle): string {
  switch (obstacle.code) {
    case "run-not-done": {
      const how = obstacle.ended === null ? "is not ended, or was killed" : `ended as ${obstacle.ended}`;
      return `run ${obstacle.runId} ${how}: resume it first`;
    }
    case "runs-differ":
      return `the runs differ in ${obstacle.kinds.join(", ")}; --allow ${obstacle.kinds.join(",")} where that is meant`;
    case "blocks-lost":
      return `${obstacle.profile} has no valid trial in ${obstacle.blocks} of its blocks (${lostWords(obstacle.why)})`;
    case "trials-gone":
      return `${obstacle.profile} has no record of ${trialsWords(obstacle.trials)} that the run had`;
    case "measured-late": {
      const { candidate, baseline, was, reason } = obstacle;
      const why = was.includes("invalid") ? invalidWords(reason, "no reason is known") : "others used the CPUs";
      return `${candidate.profile} was ${was.join(" or ")} ${candidate.times} times before it was measured, ${baseline.profile} ${baseline.times} times (${why})`;
    }
    case "unreadable-trials":
      return `${trialsWords(obstacle.trials)} can't be read (${obstacle.words})`;
    case "records-not-believed":
      return obstacle.why === "unsealed"
        ? `records are without their checksum: ${filesWords(obstacle.files)}`
        : `records were changed while the run went on: ${filesWords(obstacle.files)}`;
  }
}

function lostWords(why: LostBecause): string {
  switch (why.code) {
    case "invalid":
      return invalidWords(why.reason, "no reason is known");
    case "no-record":
      return "there is no record of them";
  }
}

function trialsWords(count: number): string {
  return count === 1 ? "1 trial" : `${count} trials`;
}
