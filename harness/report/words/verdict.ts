import type { Analysis, ProfileAnalysis, WallSummary } from "../../analysis/analysis.ts";
import { measuredTrials, type Story, type WallState, wallDecides, wallState } from "../../analysis/effects.ts";
import { formatCount } from "../../core/numbers.ts";
import { formatRate, formatSeconds } from "../../core/units.ts";
import { counted } from "../../core/words.ts";
import type { RunRecord } from "../../results/run.ts";
import type { ProfileEffect } from "./effect.ts";
import { conclusionsOf } from "./effect-conclusions.ts";
import { mainFindingWords } from "./findings.ts";
import { headline } from "./headline.ts";
import { goalsHeadline } from "./headline-goals.ts";
import { invalidWords } from "./invalid-reasons.ts";
import { keptWords } from "./kept-up.ts";
import { profileEffects } from "./profile-effects.ts";
import { calibrationVerdict } from "./verdict-calibration.ts";
import { findVerdict } from "./verdict-find.ts";
import { searchVerdict } from "./verdict-search.ts";

/** What a run comes to. Plain words, no markup. */
export interface Conclusion {
  /** The first thing a reader sees: which setting helped, or that none did. */
  headline: string;
  /** What the baseline did and what its bottleneck was, in sentences. */
  why: string[];
  /** What each other profile does; [] where that is not told by profiles: a search, a calibration, nothing to compare with. */
  effects: ProfileEffect[];
}

/** Of any kind of run. */
export function verdictOf(run: RunRecord, analysis: Analysis): Conclusion {
  const { calibration, profiles, conditions } = analysis;
  if (calibration !== null) return { ...calibrationVerdict(run, profiles, calibration), effects: [] };
  if (analysis.found !== null) return { ...findVerdict(analysis.found), effects: [] };
  const told = profilesVerdict({ run, ...analysis }, conclusionsOf(run, analysis));
  const goals = goalsHeadline({ run, ...analysis }, conditions);
  return goals === null ? told : { ...told, headline: goals, why: [told.headline, ...told.why] };
}

/** As one text: the answer, and what it rests on. */
export function verdictText({ headline, why }: Pick<Conclusion, "headline" | "why">): string {
  return [headline, ...why].join(" ");
}

/** `conclusions` say which factor it was; where all combinations met a wall, the profiles that moved it say as much. */
function profilesVerdict(story: Story, conclusions: string[]): Conclusion {
  const baseline = story.profiles.find(({ name }) => name === story.run.baseline);
  const state = baseline === undefined ? "none" : wallState(baseline);
  if (baseline === undefined || state === "none") return { headline: noBaseline(story), why: [], effects: [] };
  if (story.run.experiment.kind === "search") return { ...searchVerdict(story, baseline), effects: [] };
  const effects = profileEffects(story, baseline);
  const atWall = wallDecides(story, baseline);
  const factor = atWall && story.run.design !== "one-at-a-time" ? [] : conclusions.slice(0, 1);
  const byProfiles = headline(story, baseline, effects);
  const first = atWall ? [byProfiles ?? [], factor].flat() : [...factor, byProfiles ?? []].flat();
  const [answer = "", ...why] = [
    ...first,
    leadSentence(story, baseline, state),
    mainFindingWords(baseline) ?? [],
  ].flat();
  return { headline: answer, why, effects };
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
  if (story.run.design === "duet") return duetSentence(story, trials);
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

/** Both got half of one load: what either could take is not asked. */
function duetSentence({ run }: Story, blocks: number): string {
  const each = formatRate(run.load.peakPerSecond / 2);
  return `Both ran at the same time in ${counted(blocks, "block")}, each with half of one load (${each} at most): compared is how they served it, not how much either could take.`;
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
