import { type PairRatio, pairRatio } from "../stats/pairs.ts";
import { estimateRatio } from "../stats/ratio.ts";
import { significanceLevel } from "../stats/significance.ts";
import type { Gain } from "./found.ts";
import type { ObservedTrial } from "./observed-trial.ts";
import { commonStanding, endsBetter, goodnessOf, measuredIn, type Response, responseOf } from "./standing.ts";

/** The trials of two arms in one block. */
export interface Pair {
  before: ObservedTrial;
  after: ObservedTrial;
}

/** How much one arm does better than another, block by block; p and interval are the sign-flip test's, for `looks` looks. */
export function gainOf(pairs: readonly Pair[], response?: Response, looks = 1): Gain {
  const [before, after] = [pairs.map((pair) => pair.before), pairs.map((pair) => pair.after)];
  const asked = response ?? responseOf(before);
  const estimate = estimateRatio(ratiosOf(pairs, asked), 1 - significanceLevel / looks);
  const { ratio, low, high, bound, p } = estimate;
  return {
    by: endsBetter(after, before) || endsBetter(before, after) ? "outcome" : "ratio",
    before: commonStanding(before),
    after: commonStanding(after),
    ...asked,
    ...{ ratio, low, high, bound },
    p: p === null ? null : Math.min(1, p * looks),
    blocks: pairs.length,
  };
}

function ratiosOf(pairs: readonly Pair[], response: Response): PairRatio[] {
  return pairs.flatMap(({ before, after }) => {
    const [under, over] = [measuredIn(before, response), measuredIn(after, response)];
    return under === null || over === null ? [] : (pairRatio(over, under) ?? []);
  });
}

/** Its ends as gains: above 1 is better. null where they are not known. */
export function betterBy({ better, ratio, low, high }: Pick<Gain, "better" | "ratio" | "low" | "high">): {
  ratio: number | null;
  low: number | null;
  high: number | null;
} {
  if (better === "higher") return { ratio, low, high };
  const turned = (value: number | null) => (value === null ? null : 1 / value);
  return { ratio: turned(ratio), low: turned(high), high: turned(low) };
}

/** Without statistics a change counts where every trial shows so much more, or better, of it. */
const clearlyMore = 1.25;

/** Whether each trial is clearly better than the base: it ended better, or did so much more. */
export function isClearlyBetter(
  after: readonly ObservedTrial[],
  before: readonly ObservedTrial[],
  response: Response,
): boolean {
  if (endsBetter(after, before)) return true;
  const known = before.flatMap((trial) => goodnessOf(trial, response) ?? []);
  const centre = known.reduce((sum, value) => sum + value / known.length, 0);
  return (
    known.length > 0 &&
    !endsBetter(before, after) &&
    after.every((trial) => (goodnessOf(trial, response) ?? -Infinity) - centre > Math.log(clearlyMore))
  );
}
