import type { Arm } from "../results/find.ts";
import { significanceLevel } from "../stats/significance.ts";
import { isSameArm } from "./arm.ts";
import { wallBlocks } from "./cost.ts";
import type { Course } from "./course.ts";
import { type Compared, differenceOf, type FreshBlock, screenedResponse } from "./evidence-of-loss.ts";
import type { Gain } from "./found.ts";
import { gainOf } from "./gain.ts";
import type { ObservedTrial } from "./observed-trial.ts";
import type { Screened } from "./screening.ts";
import { endsBetter, responseOf } from "./standing.ts";

/** A confirmation on its way. */
export interface Confirmation {
  course: Course;
  ratePerSecond: number | null;
  screened: Screened | null;
  blocks: FreshBlock[];
}

/** Two arms in every block that holds both. */
export function compared({ blocks, screened }: Confirmation, before: Arm, after: Arm): Compared {
  const pairs = blocks.flatMap((one) => {
    const [under, over] = [trialOf(one, before), trialOf(one, after)];
    return under === null || over === null ? [] : [{ before: under, after: over }];
  });
  const response = screenedResponse(screened, before, after) ?? responseOf(pairs.map((pair) => pair.before));
  return { pairs, before, after, response };
}

export function trialOf(fresh: FreshBlock, arm: Arm): ObservedTrial | null {
  return fresh.find((one) => isSameArm(one.arm, arm))?.trial ?? null;
}

/** Where every block shows the same, three at least; alike where they do not. */
export function byOutcome({ pairs }: Compared): "better" | "worse" | "alike" {
  const [before, after] = [pairs.map((pair) => pair.before), pairs.map((pair) => pair.after)];
  if (pairs.length < wallBlocks) return "alike";
  if (endsBetter(after, before)) return "better";
  return endsBetter(before, after) ? "worse" : "alike";
}

/** The logarithm that the larger arm is better by where that is beyond luck and beyond the tolerance; null where it is not known to be. */
export function advantage(confirmation: Confirmation, before: Arm, after: Arm): number | null {
  const both = compared(confirmation, before, after);
  const outcome = byOutcome(both);
  if (outcome !== "alike") return outcome === "better" ? Number.POSITIVE_INFINITY : null;
  const { course, screened, blocks } = confirmation;
  const difference = differenceOf(both, blocks, screened);
  if (difference === null) return null;
  const isBeyondLuck = difference.p * familyOf(confirmation) < significanceLevel && difference.freshLog > 0;
  return isBeyondLuck && difference.log > Math.log1p(course.find.tolerance) ? difference.log : null;
}

/**
 * What one arm has over another as it is told: ratio and interval of the fresh blocks alone, since what chose the set was partly luck; p of all that
 * the decision rests on, adjusted for its family.
 */
export function toldGain(confirmation: Confirmation, before: Arm, after: Arm): Gain {
  const both = compared(confirmation, before, after);
  const gain = gainOf(both.pairs, both.response);
  const difference = gain.by === "outcome" ? null : differenceOf(both, confirmation.blocks, confirmation.screened);
  if (difference === null) return { ...gain, low: null, high: null, p: null };
  const { freshLog, freshReach } = difference;
  const sign = both.response.better === "higher" ? 1 : -1;
  const [one, other] = [Math.exp(sign * (freshLog - freshReach)), Math.exp(sign * (freshLog + freshReach))];
  return {
    ...gain,
    low: gain.bound === "atMost" ? null : Math.min(one, other),
    high: gain.bound === "atLeast" ? null : Math.max(one, other),
    p: Math.min(1, difference.p * familyOf(confirmation)),
  };
}

/** How many differences one by luck could be among: the sets of changes that a screen may point at (all single ones, or all pairs), or the arms of a block. */
function familyOf({ screened, blocks }: Confirmation): number {
  if (screened === null) return Math.max(1, (blocks[0]?.length ?? 2) - 1);
  const { length } = screened.candidates;
  return screened.suspects.length < 2 ? length : (length * (length - 1)) / 2;
}
