import { type MeasureName, measuredValue, type Value } from "../core/measures.ts";
import type { RatioEstimate } from "../stats/ratio.ts";
import { signFlipP } from "../stats/sign-flip.ts";
import type { Comparison } from "./analysis.ts";
import type { Reason } from "./reason.ts";
import type { TrialSet } from "./trial-sets.ts";

/** Of which 0 means that nothing was served. */
const served: MeasureName[] = ["requestsBeforeWall", "sustainedPerSecond"];

/** Blocks in which a side's measure is 0, so that they have no ratio. */
export interface ServedNothing {
  reason: Reason;
  /** Where it is the same side in every block, the direction is known: each block enters the test by its sign. Else null. */
  sure: { verdict: "better" | "worse"; estimate: RatioEstimate } | null;
}

/** null where neither side's measure is 0 in any block. A 0 that is only a lower bound says nothing. */
export function servedNothing(set: TrialSet, baseline: TrialSet, measure: MeasureName): ServedNothing | null {
  const pairs = [...set.measured].flatMap(([block, trial]) => {
    const other = baseline.measured.get(block);
    const [over, under] = [trial, other].map((one) => (one === undefined ? null : measuredValue(one, measure)));
    return over == null || under == null ? [] : [{ over: isMeasuredZero(over), under: isMeasuredZero(under) }];
  });
  const [over, under] = [pairs.filter((pair) => pair.over).length, pairs.filter((pair) => pair.under).length];
  if (!served.includes(measure) || over + under === 0) return null;
  const side = (trials: number, { profile }: TrialSet) => (trials === 0 ? [] : [{ profile, trials, of: pairs.length }]);
  const sides = [...side(over, set), ...side(under, baseline)];
  const reason: Reason = { code: "served-nothing", measure, sides, needed: null };
  const oneSided = Math.max(over, under) === pairs.length && Math.min(over, under) === 0;
  const verdict = over > 0 ? "worse" : "better";
  return { reason, sure: oneSided ? { verdict, estimate: bySign(pairs.length) } : null };
}

/** Whether a comparison has no ratio, or none for all of its blocks, because a side served nothing. */
export function saysServedNothing({ reason }: Comparison): boolean {
  return reason?.code === "served-nothing";
}

/** A measured 0; one that is only a lower bound says nothing. */
export function isMeasuredZero({ value, censored }: Value): boolean {
  return value === 0 && !censored;
}

function bySign(n: number): RatioEstimate {
  const p = n < 2 ? null : signFlipP(Array.from({ length: n }, () => 1));
  return { ratio: null, low: null, high: null, bound: null, p, n };
}
