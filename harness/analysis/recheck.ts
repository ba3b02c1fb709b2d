import type { MeasureName } from "../results/measure-names.ts";
import type { RunRecord } from "../results/run.ts";
import type { TrialRecord } from "../results/trial.ts";
import { estimateRatio } from "../stats/ratio.ts";
import type { RatioRange, Recheck } from "./analysis.ts";
import { blockPairs, isRatio } from "./block-pairs.ts";
import { measureWords } from "./measure-values.ts";
import { boundWords } from "./text.ts";
import { type TrialSet, trialSets } from "./trial-sets.ts";

/**
 * The winner in fresh blocks, on the measure that it won by: its wall where that moved beyond the tolerance, else the judged
 * measure that it improved most. null where nothing was rechecked, or no fresh block has a ratio.
 */
export function recheckOf(run: RunRecord, trials: TrialRecord[]): Recheck | null {
  const again = trialSets(run, trials, "recheck");
  const profile = again.find((set) => set.profile !== run.baseline && set.measured.size > 0)?.profile;
  if (profile === undefined) return null;
  const first = trialSets(run, trials);
  const wall = { name: "requestsBeforeWall", direction: "higher", tolerance: run.tolerance } as const;
  const results = [wall, ...run.judged].flatMap(({ name, direction }) => {
    const [before, after] = [first, again].map((sets) => rangeOf(run, sets, profile, name));
    if (before == null || after == null) return [];
    const gain = Math.log(before.ratio ?? 1) * (direction === "higher" ? 1 : -1);
    return [{ told: { profile, measure: name, first: before, again: after }, gain }];
  });
  const moved = results.find(({ told, gain }) => told.measure === wall.name && gain > Math.log1p(run.tolerance));
  const [best] = results.toSorted((a, b) => b.gain - a.gain);
  const told = (moved ?? best)?.told;
  return told === undefined ? null : { ...told, ...wordsOf(told) };
}

function rangeOf(run: RunRecord, sets: TrialSet[], profile: string, measure: MeasureName): RatioRange | null {
  const [over, under] = [profile, run.baseline].map((name) => sets.find((set) => set.profile === name));
  if (over === undefined || under === undefined) return null;
  const { ratio, low, high, bound, n } = estimateRatio([...blockPairs(over, under, measure).values()].filter(isRatio));
  return ratio === null ? null : { ratio, low, high, bound, n };
}

function wordsOf({ profile, measure, first, again }: Omit<Recheck, "shrinkage" | "sentence">) {
  const [before, after] = [Math.log(first.ratio ?? 1), Math.log(again.ratio ?? 1)];
  const exact = first.bound === null && again.bound === null && before !== 0;
  const shrinkage = exact ? 1 - after / before : null;
  const blocks = again.n === 1 ? "one fresh block" : `${again.n} fresh blocks`;
  const sentence =
    `Rechecked in ${blocks}, ${profile} has ${boundWords(again)} the ${measureWords[measure]} ` +
    `(${boundWords(first)} in the ${first.n} that picked it)${shrinkageWords(shrinkage)}.`;
  return { shrinkage, sentence };
}

function shrinkageWords(shrinkage: number | null): string {
  if (shrinkage === null) return "";
  const share = `${Math.round(Math.abs(shrinkage) * 100)}%`;
  if (shrinkage > 1) return ": nothing of the difference was left";
  if (Math.abs(shrinkage) < 0.005) return ": all of the difference was there again";
  return shrinkage > 0 ? `: ${share} of the difference was not there again` : `: ${share} more than at first`;
}
