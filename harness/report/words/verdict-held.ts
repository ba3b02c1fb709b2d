import type { Comparison, ProfileAnalysis } from "../../analysis/analysis.ts";
import { isTooCoarse } from "../../analysis/compare.ts";
import { meetsWall, type Story, wallState } from "../../analysis/effects.ts";
import { endedBottleneck, shows, sureBottleneck } from "../../analysis/ended-bottleneck.ts";
import { saysServedNothing } from "../../analysis/served-nothing.ts";
import { type MeasureName, measureOf } from "../../core/measures.ts";
import { formatCount, formatP, formatRatio } from "../../core/numbers.ts";
import { formatChosen } from "../../core/units.ts";
import { counted, listWords } from "../../core/words.ts";
import { keptWords } from "./kept-up.ts";
import { boundWords, cantBeTold, profileWords } from "./ratios.ts";
import { wallObstacleWords } from "./wall-obstacles.ts";

/**
 * Where the baseline met no wall in every block: profiles that did are named; any other difference must be shown by the
 * statistics, and where none is, that is said, without inventing one.
 */
export function differencesWithoutAWall(story: Story, baseline: ProfileAnalysis, others: ProfileAnalysis[]): string[] {
  const clean = wallState(baseline) !== "mixed";
  const broken = others.filter((profile) => clean && meetsWall(profile));
  const rest = others.filter((profile) => !broken.includes(profile) && wallState(profile) !== "none");
  const decided = rest.filter((profile) => decisions(profile).length > 0);
  const same = rest.filter((profile) => !decided.includes(profile) && isSame(profile));
  const told = rest.filter(({ versusBaseline }) => Object.values(versusBaseline).some(saysServedNothing));
  const open = rest.filter((profile) => ![...decided, ...same, ...told].includes(profile));
  return [
    ...broken.map(brokenSentence),
    ...bottleneckGone(
      story,
      baseline,
      rest.filter((profile) => baseline.disturbed + profile.disturbed === 0),
    ),
    ...decided.map(decidedSentence),
    ...(decided.length + broken.length === 0 && same.length > 0 && open.length === 0
      ? ["No profile matters here."]
      : []),
    ...sameSentence(story, same),
    ...openSentence(story, open),
  ];
}

type Judged = [MeasureName, Comparison];

function judgedOf({ versusBaseline }: ProfileAnalysis): Judged[] {
  const entries = Object.entries(versusBaseline) as Judged[];
  return entries.filter(([, { ratio }]) => ratio !== null);
}

function decisions(profile: ProfileAnalysis): Judged[] {
  return judgedOf(profile).filter(([, { verdict }]) => verdict === "better" || verdict === "worse");
}

function isSame(profile: ProfileAnalysis): boolean {
  const judged = judgedOf(profile);
  const readable = judged.filter(([, comparison]) => !isTooCoarse(comparison));
  return readable.length > 0 && readable.every(([, { verdict }]) => verdict === "same");
}

/** A bottleneck that the baseline shows and that clearly ended with a profile needs no statistics: "With spread that was gone." */
function bottleneckGone({ run }: Story, baseline: ProfileAnalysis, profiles: ProfileAnalysis[]): string[] {
  const main = sureBottleneck(baseline);
  if (main === undefined) return [];
  const names = (list: ProfileAnalysis[]) => listWords(list.map(({ name }) => name));
  const gone = profiles.filter((one) => endedBottleneck(baseline, one, main, run.tolerance));
  const stayed = profiles.filter((one) => shows(one, main));
  if (gone.length > 0) {
    return [`With ${names(gone)} that was gone${stayed.length === 0 ? "" : `, with ${names(stayed)} it was not`}.`];
  }
  return stayed.length > 0 && stayed.length === profiles.length ? ["No profile ended that."] : [];
}

function brokenSentence(profile: ProfileAnalysis): string {
  if (profile.wallObstacle !== null) return cantBeTold([profile.name], wallObstacleWords(profile.wallObstacle));
  if (wallState(profile) === "saturated") {
    return `Profile ${profile.name} made it worse: it kept up to ${keptWords(profile) ?? "less than was asked"} in every block.`;
  }
  const requests = profile.measures.requestsBeforeWall?.median;
  const after = requests === undefined ? "" : `, after ${formatCount(requests)} requests`;
  const how = wallState(profile) === "broke" ? "broke" : "degraded";
  return `Profile ${profile.name} made it worse: it ${how} in every block${after}.`;
}

/** "Profile spread is better: 1.31x the throughput (1.22x to 1.40x, p = 0.031)." */
function decidedSentence(profile: ProfileAnalysis): string {
  const judged = decisions(profile);
  const parts = judged.map(([measure, comparison]) => {
    const { low, high, p } = comparison;
    const interval = low === null || high === null ? "" : `${formatRatio(low)} to ${formatRatio(high)}, `;
    return `${boundWords(comparison)} the ${measureOf(measure).label} (${interval}${p === null ? "p unknown" : formatP(p)})`;
  });
  const verdicts = [...new Set(judged.map(([, { verdict }]) => verdict))];
  return `Profile ${profile.name} is ${verdicts.length === 1 ? verdicts[0] : "better in one way, worse in another"}: ${listWords(parts)}.`;
}

function sameSentence({ run }: Story, profiles: ProfileAnalysis[]): string[] {
  if (profiles.length === 0) return [];
  const [names, are] = [profiles.map(({ name }) => name), profiles.length === 1 ? "is" : "are"];
  const all = profiles.flatMap(judgedOf);
  const words = (list: Judged[]) => listWords([...new Set(list.map(([measure]) => measureOf(measure).label))]);
  const coarse = all.filter(([, comparison]) => isTooCoarse(comparison));
  const rest = coarse.length === 0 ? "" : `; ${words(coarse)} is known too coarsely to tell`;
  const readable = all.filter(([, comparison]) => !isTooCoarse(comparison));
  const toleranceOf = ([measure]: Judged) =>
    run.judged.find(({ name }) => name === measure)?.tolerance ?? run.tolerance;
  const within = [...new Set(readable.map(toleranceOf))].map((tolerance) => {
    const own = readable.filter((one) => toleranceOf(one) === tolerance);
    return `within ${formatChosen(tolerance, "fraction")} in ${words(own)}`;
  });
  return [`${profileWords(names)} ${are} the same as the baseline ${listWords(within)}${rest}.`];
}

/** Shows what was seen of each, and that it is not enough to call it a difference. */
function openSentence({ blocksNeeded }: Story, profiles: ProfileAnalysis[]): string[] {
  if (profiles.length === 0) return [];
  const most = Math.max(...profiles.flatMap((profile) => [0, ...judgedOf(profile).map(([, { n }]) => n)]));
  if (most === 0)
    return [`${profileWords(profiles.map(({ name }) => name))} can't be compared: no block carries a ratio.`];
  const seen = profiles.map((profile) => {
    const ratios = judgedOf(profile).map(([measure, one]) => `${boundWords(one)} the ${measureOf(measure).label}`);
    return `${profile.name} ${ratios.length === 0 ? "without a ratio" : listWords(ratios)}`;
  });
  const advice = most < blocksNeeded ? `; ${blocksNeeded} blocks could` : "";
  return [`No difference can be told from noise with ${counted(most, "block")} (${seen.join("; ")})${advice}.`];
}
