import { type MeasureName, measuredValue, type Value } from "../core/measures.ts";
import type { RatioEstimate } from "../stats/ratio.ts";
import { signFlipP } from "../stats/sign-flip.ts";
import type { Comparison, ProfileAnalysis } from "./analysis.ts";
import type { TrialSet } from "./trial-sets.ts";

const words = "served nothing";
const spans: Partial<Record<MeasureName, string>> = {
  requestsBeforeWall: "before the wall",
  sustainedPerSecond: "after the ramp",
};

/** Blocks in which a side's measure is 0, so that they have no ratio. */
export interface ServedNothing {
  /** "reuse served nothing after the ramp in 9 of 9 blocks" */
  reason: string;
  /** Where it is the same side in every block, the direction is known: each block enters the test by its sign. Else null. */
  sure: { verdict: "better" | "worse"; estimate: RatioEstimate } | null;
}

/** null where neither side's measure is 0 in any block. A 0 that is only a lower bound says nothing. */
export function servedNothing(set: TrialSet, baseline: TrialSet, measure: MeasureName): ServedNothing | null {
  const span = spans[measure];
  const pairs = [...set.measured].flatMap(([block, trial]) => {
    const other = baseline.measured.get(block);
    const [over, under] = [trial, other].map((one) => (one === undefined ? null : measuredValue(one, measure)));
    return over == null || under == null ? [] : [{ over: isNothing(over), under: isNothing(under) }];
  });
  const [over, under] = [pairs.filter((pair) => pair.over).length, pairs.filter((pair) => pair.under).length];
  if (span === undefined || over + under === 0) return null;
  const said = (count: number, { profile }: TrialSet) =>
    count === 0 ? [] : [`${profile} ${words} ${span} in ${count} of ${pairs.length} blocks`];
  const reason = [...said(over, set), ...said(under, baseline)].join(", ");
  const oneSided = Math.max(over, under) === pairs.length && Math.min(over, under) === 0;
  const verdict = over > 0 ? "worse" : "better";
  return { reason, sure: oneSided ? { verdict, estimate: bySign(pairs.length) } : null };
}

/** What such blocks say in the sentences of the verdict: once for a profile, whether or not they are enough for one. */
export function servedNothingSentences(profiles: ProfileAnalysis[]): string[] {
  return profiles.flatMap((profile) => {
    const found = Object.values(profile.versusBaseline).filter(saysServedNothing);
    const decided = found.find(({ verdict }) => verdict !== "inconclusive");
    const lead = decided === undefined ? "" : `Profile ${profile.name} is ${decided.verdict}: `;
    return found.slice(0, 1).map((one) => `${lead}${(decided ?? one).reason}.`);
  });
}

/** Whether a comparison has no ratio, or none for all of its blocks, because a side served nothing. */
export function saysServedNothing({ reason }: Comparison): boolean {
  return reason?.includes(` ${words} `) ?? false;
}

/** A measured 0; one that is only a lower bound says nothing. */
export function isNothing({ value, censored }: Value): boolean {
  return value === 0 && !censored;
}

function bySign(n: number): RatioEstimate {
  const p = n < 2 ? null : signFlipP(Array.from({ length: n }, () => 1));
  return { ratio: null, low: null, high: null, bound: null, p, n };
}
