import type { Comparison, ProfileAnalysis, SearchSummary } from "../../analysis/analysis.ts";
import type { Story } from "../../analysis/effects.ts";
import { formatGoal } from "../../core/measures.ts";
import { formatP, formatRatio } from "../../core/numbers.ts";
import { formatRate, formatSeconds } from "../../core/units.ts";
import { listWords } from "../../core/words.ts";
import { goalsOf } from "../../results/experiment.ts";
import type { RunRecord } from "../../results/run.ts";
import { searchSentence } from "./caveats-search.ts";
import { mainFindingWords } from "./findings.ts";
import { boundWords } from "./ratios.ts";

/**
 * What a search came to: the baseline's rate and what stood in its way, each profile's rate beside it, and which of the
 * rates would not last. Plain words, no markup.
 */
export function searchVerdict(story: Story, baseline: ProfileAnalysis): string {
  const others = story.profiles.filter((profile) => profile !== baseline);
  return [
    baselineSentence(story, baseline),
    bottleneckAbove(baseline),
    ...others.map((profile) => profileSentence(profile, baseline)),
    ...story.profiles.flatMap((profile) => notForLong(story, profile, baseline)),
    ...oneBlock(story),
  ]
    .filter((sentence) => sentence !== "")
    .join(" ");
}

function baselineSentence({ run }: Story, baseline: ProfileAnalysis): string {
  const goals = listWords(goalsOf(run.experiment).map(formatGoal));
  const found = foundWords(baseline);
  return found === null
    ? `The baseline sustains no rate that was tried with ${goals}${whyNone(baseline)}.`
    : `The baseline sustains ${found} with ${goals}.`;
}

/** What stood in the way of the lowest rate that was missed. */
function bottleneckAbove(baseline: ProfileAnalysis): string {
  const bottleneck = mainFindingWords(baseline);
  return bottleneck === null ? "" : `Above that: ${bottleneck}`;
}

/** "Profile reuse sustains 2,600/s (2,500/s to 2,700/s), 5.5x the baseline's 470/s (better, p = 0.031)." */
function profileSentence(profile: ProfileAnalysis, baseline: ProfileAnalysis): string {
  const found = foundWords(profile);
  if (found === null) return `Profile ${profile.name} sustains no rate that was tried${whyNone(profile)}.`;
  const comparison = profile.versusBaseline.sustainableRatePerSecond;
  return `Profile ${profile.name} sustains ${found}${comparison === undefined ? "" : versus(comparison, baseline)}.`;
}

function versus(comparison: Comparison, baseline: ProfileAnalysis): string {
  const { ratio, low, high, p, verdict } = comparison;
  const base = baseline.measures.sustainableRatePerSecond;
  if (ratio === null || base === undefined) return "";
  const rate = `${base.medianIsBound ? "at least " : ""}${formatRate(base.median)}`;
  const interval = low === null || high === null ? "" : `, ${formatRatio(low)} to ${formatRatio(high)}`;
  const judged = verdict === "inconclusive" ? "" : ` (${verdict}${interval}${p === null ? "" : `, ${formatP(p)}`})`;
  return `, ${boundWords(comparison)} the baseline's ${rate}${judged}`;
}

/** "at least 2,600/s (2,500/s to 2,700/s in 6 blocks)"; null where no block found a rate. */
function foundWords({ measures }: ProfileAnalysis): string | null {
  const summary = measures.sustainableRatePerSecond;
  if (summary === undefined) return null;
  const { median, low, high, n, medianIsBound } = summary;
  const spread = n === 1 || low === high ? "" : ` (${formatRate(low)} to ${formatRate(high)} in ${n} blocks)`;
  return `${medianIsBound ? "at least " : ""}${formatRate(median)}${spread}`;
}

function whyNone({ search, trials, invalid }: ProfileAnalysis): string {
  const caveat = search?.searches.flatMap(({ doubts }) => doubts)[0];
  if (caveat !== undefined) return ` (${searchSentence(caveat)})`;
  return trials === invalid ? " (no search came to its end)" : "";
}

/** "The baseline's 340/s held for 10 s, but the ports allow 67/s in the long run." */
function notForLong({ run }: Story, { name, search }: ProfileAnalysis, baseline: ProfileAnalysis): string[] {
  const words = search === null ? null : aboveCeilingWords(run, search);
  return words === null ? [] : [`${name === baseline.name ? "The baseline" : `Profile ${name}`}: ${words}.`];
}

function oneBlock({ blocksNeeded, profiles }: Story): string[] {
  const most = Math.max(0, ...profiles.map(({ search }) => search?.searches.length ?? 0));
  if (most !== 1 || profiles.length < 2) return [];
  return [`One block: effect sizes yes, significance no (${blocksNeeded} blocks would do).`];
}

/** A rate above what the ports sustain was only held because they lasted for as long as it was tried. null where it is not above. */
export function aboveCeilingWords({ experiment }: RunRecord, search: SearchSummary): string | null {
  const { aboveCeilingPerSecond, ceilingPerSecond } = search;
  if (aboveCeilingPerSecond === null || ceilingPerSecond === null || experiment.kind !== "search") return null;
  const held = formatSeconds(experiment.objective.holdingMs / 1000);
  return `${formatRate(aboveCeilingPerSecond)} held for ${held}, but the ports allow ${formatRate(ceilingPerSecond)} in the long run`;
}
