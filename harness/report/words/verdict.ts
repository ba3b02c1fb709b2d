import type { Analysis, Comparison, ProfileAnalysis, WallSummary } from "../../analysis/analysis.ts";
import { measuredTrials, meetsWall, type Story, type WallState, wallState } from "../../analysis/effects.ts";
import { saysServedNothing } from "../../analysis/served-nothing.ts";
import { formatCount } from "../../core/numbers.ts";
import { formatSeconds } from "../../core/units.ts";
import type { RunRecord } from "../../results/run.ts";
import { conclusionsOf } from "./effect-conclusions.ts";
import { mainFindingWords } from "./findings.ts";
import { headline } from "./headline.ts";
import { invalidWords } from "./invalid-reasons.ts";
import { keptWords } from "./kept-up.ts";
import { profileWords } from "./ratios.ts";
import { reasonWords } from "./reasons.ts";
import { profilesThatMovedTheWall } from "./verdict-broken.ts";
import { calibrationVerdict } from "./verdict-calibration.ts";
import { conditionSentences } from "./verdict-conditions.ts";
import { differencesWithoutAWall } from "./verdict-held.ts";
import { searchVerdict } from "./verdict-search.ts";

/**
 * The first thing a reader sees, of any kind of run: what the baseline did and what its bottleneck was, which profiles moved the wall
 * and by how much, which did nothing. Where nothing broke, that is the first sentence. Plain words, no markup.
 */
export function verdictOf(run: RunRecord, analysis: Analysis): string {
  const { calibration, profiles, conditions } = analysis;
  if (calibration !== null) return calibrationVerdict(run, profiles, calibration);
  return [
    ...conditionSentences(run, conditions),
    profilesVerdict({ run, ...analysis }, conclusionsOf(run, analysis)),
  ].join(" ");
}

/** `conclusions` say which factor it was; where all combinations met a wall, the profiles that moved it say as much. */
function profilesVerdict(story: Story, conclusions: string[]): string {
  const baseline = story.profiles.find(({ name }) => name === story.run.baseline);
  const state = baseline === undefined ? "none" : wallState(baseline);
  if (baseline === undefined || state === "none") return noBaseline(story);
  if (story.run.experiment.kind === "search") return searchVerdict(story, baseline);
  const others = story.profiles.filter((profile) => profile !== baseline);
  const met = meetsWall(baseline);
  const effects = met
    ? profilesThatMovedTheWall(story, baseline, others)
    : differencesWithoutAWall(story, baseline, others);
  return [
    ...(state === "broke" || state === "saturated" ? headline(story, baseline, others) : []),
    leadSentence(story, baseline, state),
    mainFindingWords(baseline) ?? "",
    ...effects,
    ...(met && story.run.design !== "one-at-a-time" ? [] : conclusions.slice(0, 1)),
    ...servedNothingSentences(others),
    ...notMeasured(others),
  ]
    .filter((sentence) => sentence !== "")
    .join(" ");
}

function noBaseline({ run, profiles }: Story): string {
  const baseline = profiles.find(({ name }) => name === run.baseline);
  const baselineInvalid = (baseline?.invalidReasons ?? []).map((reason) => invalidWords(reason));
  if (run.experiment.kind === "search" && baselineInvalid.length === 0) {
    return "The search for the baseline's rate did not come to its end: nothing can be compared.";
  }
  const why = baselineInvalid.length === 0 ? "" : ` (${baselineInvalid.join("; ")})`;
  return `The baseline has no valid trial${why}: nothing can be compared.`;
}

function leadSentence(story: Story, baseline: ProfileAnalysis, state: WallState): string {
  const trials = measuredTrials(baseline);
  const every = trials === 1 ? "in the one block that was run" : `in each of ${trials} blocks`;
  const requests = baseline.measures.requestsBeforeWall?.median;
  const served = requests === undefined ? "" : `${formatCount(requests)} requests`;
  const wall = story.walls.find(({ profile }) => profile === baseline.name);
  const at = (seconds: number | null | undefined) => (seconds == null ? "" : `, at ${formatSeconds(seconds)}`);
  switch (state) {
    case "broke":
      return `The baseline broke ${every}, after ${served}${at(wall?.measuredWallSeconds)}${cliffWords(wall)}.`;
    case "degraded": {
      const cliff = wall?.measuredCliffSeconds ?? null;
      const how = cliff === null ? "its latency crossed the ceiling" : `it fell off the scan cliff${at(cliff)}`;
      return `The baseline never broke, but degraded ${every}: ${how}.`;
    }
    case "saturated":
      return `The baseline kept up to ${keptWords(baseline) ?? "less than was asked"} ${every}.`;
    case "bound":
      return "The baseline never broke.";
    case "mixed":
      return mixedSentence(baseline, trials);
    default:
      return `The baseline never broke: it served ${served} without a wall ${every}.`;
  }
}

/** Its blocks differ: the worst that any of them met. */
function mixedSentence(baseline: ProfileAnalysis, trials: number): string {
  const { broke, degraded, saturated } = baseline;
  if (broke > 0) return `The baseline broke in ${broke} of ${trials} blocks only.`;
  if (degraded > 0) return `The baseline never broke, but degraded in ${degraded} of ${trials} blocks.`;
  return `The baseline never broke, but could not keep up in ${saturated} of ${trials} blocks.`;
}

/** The first of the two walls: ", past the scan cliff at 7.5 s". */
function cliffWords(wall: WallSummary | undefined): string {
  const seconds = wall?.measuredCliffSeconds ?? null;
  return seconds === null ? "" : `, past the scan cliff at ${formatSeconds(seconds)}`;
}

function notMeasured(others: ProfileAnalysis[]): string[] {
  const absent = others.filter((profile) => wallState(profile) === "none");
  const why = ({ trials }: ProfileAnalysis) =>
    trials === 0
      ? { one: "was not run", several: "were not run" }
      : { one: "has no valid trial", several: "have no valid trial" };
  const reasons = [...new Set(absent.map((profile) => why(profile).one))];
  return reasons.map((reason) => {
    const members = absent.filter((profile) => why(profile).one === reason);
    const [first] = members;
    const words = first === undefined || members.length === 1 ? reason : why(first).several;
    return `${profileWords(members.map(({ name }) => name))} ${words}.`;
  });
}

/** What such blocks say in the sentences of the verdict: once for a profile, whether or not they are enough for one. */
function servedNothingSentences(profiles: ProfileAnalysis[]): string[] {
  return profiles.flatMap((profile) => {
    const found = Object.values(profile.versusBaseline).filter(saysServedNothing);
    const decided = found.find(({ verdict }) => verdict !== "inconclusive");
    const lead = decided === undefined ? "" : `Profile ${profile.name} is ${decided.verdict}: `;
    return found.slice(0, 1).map((one) => `${lead}${reasonOf(decided ?? one)}.`);
  });
}

function reasonOf({ reason }: Comparison): string {
  return reason === null ? "" : reasonWords(reason);
}
