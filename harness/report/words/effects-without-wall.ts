import type { Comparison, ProfileAnalysis } from "../../analysis/analysis.ts";
import { isTooCoarse } from "../../analysis/compare.ts";
import { meetsWall, type Story, wallState } from "../../analysis/effects.ts";
import { endedBottleneck, shows, sureBottleneck } from "../../analysis/ended-bottleneck.ts";
import { saysServedNothing } from "../../analysis/served-nothing.ts";
import { type MeasureName, measureOf } from "../../core/measures.ts";
import { formatCount, formatP, formatRatio } from "../../core/numbers.ts";
import { formatChosen } from "../../core/units.ts";
import { listWords } from "../../core/words.ts";
import type { EffectWords } from "./effect.ts";
import { keptWords } from "./kept-up.ts";
import { boundWords } from "./ratios.ts";
import { reasonWords } from "./reasons.ts";
import { wallObstacleWords } from "./wall-obstacles.ts";

/**
 * Where the baseline met no wall in every block: a profile that did is worse; any other difference must be shown by the
 * statistics, and where none is, that is said, without inventing one.
 */
export function withoutAWall(story: Story, baseline: ProfileAnalysis, profile: ProfileAnalysis): EffectWords {
  if (wallState(baseline) !== "mixed" && !meetsWall(baseline) && meetsWall(profile)) return brokeInstead(profile);
  const judged = judgedOf(profile);
  const decided = judged.filter(([, { verdict }]) => verdict === "better" || verdict === "worse");
  const bottleneck = bottleneckWords(story, baseline, profile);
  const nothing = Object.values(profile.versusBaseline).filter(saysServedNothing);
  const sure = nothing.filter(({ verdict }) => verdict !== "inconclusive").slice(0, 1);
  const verdicts = new Set([...decided.map(([, one]) => one), ...sure].map(({ verdict }) => verdict));
  if (verdicts.size > 0) {
    const effect = verdicts.size > 1 ? "mixed" : verdicts.has("better") ? "better" : "worse";
    return [effect, ...sure.map(whyOf), listWords(decided.map(decidedWords)), bottleneck.words];
  }
  const readable = judged.filter(([, comparison]) => !isTooCoarse(comparison));
  const isSame = readable.length > 0 && readable.every(([, { verdict }]) => verdict === "same");
  const seen = isSame ? sameWords(story, judged) : openWords(story, judged);
  const effect = bottleneck.isGone ? "ended" : isSame ? "same" : "open";
  return [effect, ...nothing.slice(0, 1).map(whyOf), seen, bottleneck.words];
}

function whyOf({ reason }: Comparison): string {
  return reason === null ? "" : reasonWords(reason);
}

function brokeInstead(profile: ProfileAnalysis): EffectWords {
  const { wallObstacle, measures } = profile;
  if (wallObstacle !== null) return ["unclear", wallObstacleWords(wallObstacle)];
  const state = wallState(profile);
  if (state === "saturated")
    return ["worse", `it kept up to ${keptWords(profile) ?? "less than was asked"} in every block`];
  const requests = measures.requestsBeforeWall?.median;
  const after = requests === undefined ? "" : `, after ${formatCount(requests)} requests`;
  return ["worse", `it ${state === "broke" ? "broke" : "degraded"} in every block${after}`];
}

type Judged = [MeasureName, Comparison];

function judgedOf({ versusBaseline }: ProfileAnalysis): Judged[] {
  const entries = Object.entries(versusBaseline) as Judged[];
  return entries.filter(([, { ratio }]) => ratio !== null);
}

/** "1.31x the throughput (1.22x to 1.40x, p = 0.031)" */
function decidedWords([measure, comparison]: Judged): string {
  const { low, high, p } = comparison;
  const interval = low === null || high === null ? "" : `${formatRatio(low)} to ${formatRatio(high)}, `;
  return `${boundWords(comparison)} the ${measureOf(measure).label} (${interval}${p === null ? "p unknown" : formatP(p)})`;
}

/** A bottleneck that the baseline shows and that clearly ended needs no statistics. */
function bottleneckWords(
  { run }: Story,
  baseline: ProfileAnalysis,
  profile: ProfileAnalysis,
): { isGone: boolean; words: string } {
  const main = sureBottleneck(baseline);
  if (main === undefined || baseline.disturbed + profile.disturbed > 0) return { isGone: false, words: "" };
  const isGone = endedBottleneck(baseline, profile, main, run.tolerance);
  if (isGone) return { isGone, words: "the baseline's bottleneck is gone" };
  return { isGone, words: shows(profile, main) ? "the baseline's bottleneck is there too" : "" };
}

/** "within 5% in throughput and failed requests and within 10% in p90 latency" */
function sameWords({ run }: Story, judged: Judged[]): string {
  const words = (list: Judged[]) => listWords(list.map(([measure]) => measureOf(measure).label));
  const [coarse, readable] = [true, false].map((is) => judged.filter(([, one]) => isTooCoarse(one) === is));
  const byTolerance = Map.groupBy(
    readable ?? [],
    ([measure]) => run.judged.find(({ name }) => name === measure)?.tolerance ?? run.tolerance,
  );
  const within = [...byTolerance].map(
    ([tolerance, own]) => `within ${formatChosen(tolerance, "fraction")} in ${words(own)}`,
  );
  const rest = coarse === undefined || coarse.length === 0 ? "" : `; ${words(coarse)} is known too coarsely to tell`;
  return `${listWords(within)}${rest}`;
}

/** What was seen, and that it is not enough to call it a difference. */
function openWords({ blocksNeeded }: Story, judged: Judged[]): string {
  if (judged.length === 0) return "no block carries a ratio";
  const most = Math.max(...judged.map(([, { n }]) => n));
  const ratios = judged.map(([measure, one]) => `${boundWords(one)} the ${measureOf(measure).label}`);
  const advice = most < blocksNeeded ? `; ${blocksNeeded} blocks could tell` : "";
  return `${listWords(ratios)}${advice}`;
}
