import type { RunRecord } from "../results/run.ts";
import type { TrialRecord } from "../results/trial.ts";
import type { Comparison, ProfileAnalysis } from "./analysis.ts";
import { storyOf } from "./analyze.ts";
import { changes } from "./combinations.ts";
import { type Story, wallEffect, wallState } from "./effects.ts";

/**
 * The best profile, to be rechecked; null where none is better than the baseline. Where the baseline met its wall: one that
 * removed it, else one that moved it. Where it did not: a profile better on the first judged measure on which any is, and
 * worse on none. Of several the one with the largest effect; of those that differ by less than the tolerance the one with
 * the fewest changes.
 */
export function winner(run: RunRecord, trials: TrialRecord[]): string | null {
  return winnerOf(storyOf(run, trials))?.name ?? null;
}

/** The same of profiles that are analysed already. */
export function winnerOf(story: Story): ProfileAnalysis | null {
  const baseline = story.profiles.find(({ name }) => name === story.run.baseline);
  if (baseline === undefined) return null;
  const others = story.profiles.filter((profile) => profile !== baseline);
  const met = ["broke", "degraded"].includes(wallState(baseline));
  const having = (effect: string) => others.filter((profile) => wallEffect(story, baseline, profile) === effect);
  const [removed, moved] = met ? [having("removed"), having("moved")] : [[], []];
  if (removed.length > 0) return best(story, removed, ({ measures }) => measures.sustainedPerSecond?.median ?? 0);
  if (moved.length > 0) return best(story, moved, ({ wallRatio }) => wallRatio?.ratio ?? 0);
  return bestJudged(story, others);
}

function bestJudged(story: Story, others: ProfileAnalysis[]): ProfileAnalysis | null {
  const verdicts = ({ versusBaseline }: ProfileAnalysis) => Object.values(versusBaseline).map(({ verdict }) => verdict);
  const sound = others.filter((profile) => !verdicts(profile).includes("worse"));
  for (const { name, direction } of story.run.judged) {
    const better = sound.filter(({ versusBaseline }) => versusBaseline[name]?.verdict === "better");
    const gain = ({ versusBaseline }: ProfileAnalysis) => gainOf(versusBaseline[name], direction);
    if (better.length > 0) return best(story, better, gain);
  }
  return null;
}

/** A direction without a ratio (a side that served nothing) is the largest gain of all. */
function gainOf(comparison: Comparison | undefined, direction: "higher" | "lower"): number {
  const ratio = comparison?.ratio ?? null;
  if (ratio === null) return Number.POSITIVE_INFINITY;
  return direction === "higher" ? ratio : 1 / ratio;
}

/** Within the tolerance of the largest value, the profile with the fewest changes. */
function best(
  story: Story,
  profiles: ProfileAnalysis[],
  value: (profile: ProfileAnalysis) => number,
): ProfileAnalysis | null {
  const most = Math.max(...profiles.map(value));
  const near = profiles.filter((profile) => value(profile) * (1 + story.run.tolerance) >= most);
  return near.toSorted((a, b) => changes(story, a).size - changes(story, b).size)[0] ?? null;
}
