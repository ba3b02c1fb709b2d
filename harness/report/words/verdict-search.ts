import type { ProfileAnalysis, SearchSummary } from "../../analysis/analysis.ts";
import type { Story } from "../../analysis/effects.ts";
import { formatGoal } from "../../core/measures.ts";
import { formatRate, formatSeconds } from "../../core/units.ts";
import { listWords } from "../../core/words.ts";
import { goalsOf } from "../../results/goals-of.ts";
import type { RunRecord } from "../../results/run.ts";
import { searchSentence } from "./caveats-search.ts";
import { mainFindingWords } from "./findings.ts";
import { withSetting } from "./headline.ts";

/** What a search came to: who sustains more than the baseline, or that none does; then what stood in the baseline's way, and where no rate was found. */
export function searchVerdict(story: Story, baseline: ProfileAnalysis): { headline: string; why: string[] } {
  const others = story.profiles.filter((profile) => profile !== baseline);
  const finding = mainFindingWords(baseline);
  return {
    headline: `${answer(story, baseline, others)}, with ${listWords(goalsOf(story.run.experiment).map(formatGoal))}.`,
    why: [
      ...(finding === null ? [] : [`In the baseline's way: ${finding}`]),
      ...story.profiles.filter(({ measures }) => measures.sustainableRatePerSecond === undefined).map(foundNothing),
    ],
  };
}

function answer(story: Story, baseline: ProfileAnalysis, others: ProfileAnalysis[]): string {
  const base = foundWords(baseline);
  if (others.length === 0) return `The baseline sustains ${base}`;
  const least = (rateOf(baseline) ?? 0) * (1 + story.run.tolerance);
  const better = others
    .filter((profile) => (rateOf(profile) ?? 0) > least)
    .toSorted((one, other) => (rateOf(other) ?? 0) - (rateOf(one) ?? 0));
  const [best, ...more] = better;
  if (best === undefined) return `No profile sustains more than the baseline's ${base}`;
  const rest = more.map((profile) => `${profile.name} ${foundWords(profile)}`);
  const first = `Profile ${withSetting(story, best.name)} sustains ${foundWords(best)}`;
  return [first, ...rest, `the baseline ${base}`].join(", ");
}

function rateOf({ measures }: ProfileAnalysis): number | null {
  return measures.sustainableRatePerSecond?.median ?? null;
}

/** "at least 2,600/s"; "no rate that was tried" where no block found one. */
function foundWords({ measures }: ProfileAnalysis): string {
  const summary = measures.sustainableRatePerSecond;
  if (summary === undefined) return "no rate that was tried";
  return `${summary.medianIsBound ? "at least " : ""}${formatRate(summary.median)}`;
}

/** "Profile reuse sustains no rate that was tried (no rate could be found: ...)." */
function foundNothing({ name, search, trials, invalid }: ProfileAnalysis): string {
  const caveat = search?.searches.flatMap(({ caveats }) => caveats)[0];
  const unended = trials === invalid ? " (no search came to its end)" : "";
  return `Profile ${name} sustains no rate that was tried${caveat === undefined ? unended : ` (${searchSentence(caveat)})`}.`;
}

/** A rate above what the ports sustain was only held because they lasted for as long as it was tried. null where it is not above. */
export function aboveCeilingWords({ experiment }: RunRecord, search: SearchSummary): string | null {
  const { aboveCeilingPerSecond, ceilingPerSecond } = search;
  if (aboveCeilingPerSecond === null || ceilingPerSecond === null || experiment.kind !== "search") return null;
  const held = formatSeconds(experiment.objective.holdingMs / 1000);
  return `${formatRate(aboveCeilingPerSecond)} held for ${held}, but the ports allow ${formatRate(ceilingPerSecond)} in the long run`;
}
