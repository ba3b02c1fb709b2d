import type { RunRecord } from "../results/run.ts";
import type { TrialRecord } from "../results/trial.ts";
import type { Comparison, ProfileAnalysis } from "./analysis.ts";
import { storyOf } from "./analyze.ts";
import { changes } from "./changes.ts";
import { type Story, wallDecides, wallEffect } from "./effects.ts";

/**
 * The best profile, to be rechecked; null where none is better than the baseline. Where the baseline met its wall: one that
 * removed it, else one that moved it. Where it did not: a profile better on the first judged measure on which any is, and
 * worse on none. Of several the one with the largest effect; of those that differ by less than the tolerance the one with
 * the fewest changes.
 */
export function winner(run: RunRecord, trials: TrialRecord[]): string | null {
  return winnerAmong(storyOf(run, trials), () => true)?.name ?? null;
}

/** The same of profiles that are analysed already, and of some of them only; the baseline is compared with in any case. */
export function winnerAmong(story: Story, allowed: (profile: ProfileAnalysis) => boolean): ProfileAnalysis | null {
  const baseline = story.profiles.find(({ name }) => name === story.run.baseline);
  if (baseline === undefined) return null;
  const others = story.profiles.filter((profile) => profile !== baseline && allowed(profile));
  const having = (effect: string) => others.filter((profile) => wallEffect(story, baseline, profile) === effect);
  const [removed, moved] = wallDecides(story, baseline) ? [having("removed"), having("moved")] : [[], []];
  if (removed.length > 0) return best(story, removed, ({ measures }) => measures.sustainedPerSecond?.median ?? 0);
  if (moved.length > 0) return best(story, moved, ({ wallRatio }) => wallRatio?.ratio ?? 0);
  return bestJudged(story, others);
}

function bestJudged(story: Story, others: ProfileAnalysis[]): ProfileAnalysis | null {
  const verdicts = ({ versusBaseline }: ProfileAnalysis) => Object.values(versusBaseline).map(({ verdict }) => verdict);
  const sound = others.filter((profile) => !verdicts(profile).includes("worse"));
  for (const { name, direction, tolerance } of story.run.judged) {
    const better = sound.filter(({ versusBaseline }) => versusBaseline[name]?.verdict === "better");
    const gain = ({ versusBaseline }: ProfileAnalysis) => gainOf(versusBaseline[name], direction);
    if (better.length > 0) return best(story, better, gain, tolerance);
  }
  return null;
}

/** A direction without a ratio (a side that served nothing) is the largest gain of all. */
function gainOf(comparison: Comparison | undefined, direction: "higher" | "lower"): number {
  const ratio = comparison?.ratio ?? null;
  if (ratio === null) return Number.POSITIVE_INFINITY;
  return direction === "higher" ? ratio : 1 / ratio;
}

/** Within the tolerance of the largest value, the profile with the fewest changes; of as many, the largest. */
function best(
  story: Story,
  profiles: ProfileAnalysis[],
  value: (profile: ProfileAnalysis) => number,
  tolerance = story.run.tolerance,
): ProfileAnalysis | null {
  const ranked = profiles.toSorted((a, b) => (value(a) === value(b) ? 0 : value(a) > value(b) ? -1 : 1));
  const most = ranked[0] === undefined ? 0 : value(ranked[0]);
  const near = ranked.filter((profile) => value(profile) * (1 + tolerance) >= most);
  return near.toSorted((a, b) => changes(story, a).size - changes(story, b).size)[0] ?? null;
}
