import type { MeasureName } from "../core/measures.ts";
import type { RunRecord } from "../results/run.ts";
import type { TrialRecord } from "../results/trial.ts";
import { estimateRatio } from "../stats/ratio.ts";
import type { RatioRange, Recheck } from "./analysis.ts";
import { blockPairs, isRatio } from "./block-pairs.ts";
import { type Story, wonByWall } from "./effects.ts";
import { type TrialSet, trialSets } from "./trial-sets.ts";

/**
 * The winner in fresh blocks, on the measure that it won by, as winner.ts has it: its wall where it removed or moved one that
 * the baseline met, else the first judged measure on which it is better, else the first that has a ratio. null where nothing
 * was rechecked, or the fresh blocks have no ratio.
 */
export function recheckOf(story: Story, trials: TrialRecord[]): Recheck | null {
  const { run } = story;
  const again = trialSets(run, trials, "recheck");
  const profile = again.find((set) => set.profile !== run.baseline && set.measured.size > 0)?.profile;
  if (profile === undefined) return null;
  const first = trialSets(run, trials);
  for (const measure of measuresOf(story, profile)) {
    const [before, after] = [first, again].map((sets) => rangeOf(run, sets, profile, measure));
    if (before == null || after == null) continue;
    return { profile, measure, first: before, again: after, shrinkage: shrinkageOf(before, after) };
  }
  return null;
}

/** What it may have won by, the likeliest first. */
function measuresOf(story: Story, profile: string): MeasureName[] {
  const judged = story.run.judged.map(({ name }) => name);
  const verdicts = story.profiles.find(({ name }) => name === profile)?.versusBaseline ?? {};
  const better = judged.filter((name) => verdicts[name]?.verdict === "better");
  return [...(wonByWall(story, profile) ? ["requestsBeforeWall" as const] : []), ...better, ...judged];
}

function rangeOf(run: RunRecord, sets: TrialSet[], profile: string, measure: MeasureName): RatioRange | null {
  const [over, under] = [profile, run.baseline].map((name) => sets.find((set) => set.profile === name));
  if (over === undefined || under === undefined) return null;
  const { ratio, low, high, bound, n } = estimateRatio([...blockPairs(over, under, measure).values()].filter(isRatio));
  return ratio === null ? null : { ratio, low, high, bound, n };
}

function shrinkageOf(first: RatioRange, again: RatioRange): number | null {
  const [before, after] = [Math.log(first.ratio ?? 1), Math.log(again.ratio ?? 1)];
  const exact = first.bound === null && again.bound === null && before !== 0;
  return exact ? 1 - after / before : null;
}
