import type { Finding } from "../diagnose/finding.ts";
import type { RunRecord } from "../results/run.ts";
import type { ProfileAnalysis, WallSummary } from "./analysis.ts";
import { isPartOf } from "./changes.ts";

/** What the verdict is made of. */
export interface Story {
  run: RunRecord;
  profiles: ProfileAnalysis[];
  walls: WallSummary[];
  blocksNeeded: number;
}

/** Trials of a profile that measured something: those that failed did not. */
export function measuredTrials({
  broke,
  degraded,
  saturated,
  held,
}: Pick<ProfileAnalysis, "broke" | "degraded" | "saturated" | "held">): number {
  return broke + degraded + saturated + held;
}

/**
 * What all measured trials of a profile did. bound: none broke, and the generator was the limit in each. none: there are
 * no measured trials. mixed: they differ.
 */
export type WallState = "broke" | "degraded" | "saturated" | "held" | "bound" | "mixed" | "none";

/** State of a profile's wall; a wall that every block shows needs no statistics. */
export function wallState(profile: ProfileAnalysis): WallState {
  const { broke, degraded, saturated, held } = profile;
  const trials = measuredTrials(profile);
  if (trials === 0) return "none";
  if (broke === trials) return "broke";
  const bound = profile.findings.find(({ rule }) => rule === "generator-bound");
  if (broke === 0 && bound?.seenIn === trials) return "bound";
  if (degraded === trials) return "degraded";
  if (saturated === trials) return "saturated";
  return held === trials ? "held" : "mixed";
}

/**
 * A profile's most telling finding, if most of its trials show it. That the generator was the limit is one only where
 * nothing broke: a wall that was met is the target's.
 */
export function mainFinding(profile: ProfileAnalysis): Finding | undefined {
  const trials = measuredTrials(profile);
  const bound = wallState(profile) === "bound";
  return profile.findings.find(({ rule, seenIn }) => seenIn * 2 > trials && (bound || rule !== "generator-bound"));
}

/** What a profile did to a wall that the baseline met in every block. unclear: it can't be told (ProfileAnalysis.wallObstacle, or blocks that differ). */
export type WallEffect = "removed" | "moved" | "nothing" | "worse" | "fake" | "unclear" | "none";

/**
 * Whether the wall makes a winner: the baseline met it. A search goes past it on purpose: what that found is what counts. In a duet it was
 * met by two at once.
 */
export function wallDecides({ run }: Story, baseline: ProfileAnalysis): boolean {
  return run.experiment.kind !== "search" && run.design !== "duet" && meetsWall(baseline);
}

/** Whether a profile met no fault, where the baseline broke, but could not keep up: another limit stands behind the one that it took away. */
export function fallsBehind(baseline: ProfileAnalysis, profile: ProfileAnalysis): boolean {
  return wallState(baseline) === "broke" && wallState(profile) === "saturated";
}

/** Whether every block showed a limit of the profile's: a wall, or that it did not keep up. */
export function meetsWall(profile: ProfileAnalysis): boolean {
  return ["broke", "degraded", "saturated"].includes(wallState(profile));
}

/** Whether a profile wins by the wall: it removed or moved it. */
export function wonByWall(story: Story, profile: string): boolean {
  const [before, after] = [story.run.baseline, profile].map((asked) =>
    story.profiles.find(({ name }) => name === asked),
  );
  if (before === undefined || after === undefined || !wallDecides(story, before)) return false;
  return ["removed", "moved"].includes(wallEffect(story, before, after));
}

/** Compares a profile's wall with the baseline's. fake: it looks better because TIME_WAITs were destroyed early. */
export function wallEffect(story: Story, baseline: ProfileAnalysis, profile: ProfileAnalysis): WallEffect {
  const [before, after] = [wallState(baseline), wallState(profile)];
  if (after === "none") return "none";
  if (profile.wallObstacle !== null) return "unclear";
  const effect = effectOf(story, baseline, profile, before, after);
  const overflow = (one: ProfileAnalysis) => one.findings.some(({ rule }) => rule === "time-wait-bucket-overflow");
  const better = effect === "removed" || effect === "moved";
  if (better && overflow(profile) && !overflow(baseline)) return "fake";
  return effect === "removed" && contradictedBy(story, baseline, profile) !== null ? "unclear" : effect;
}

function effectOf(
  story: Story,
  baseline: ProfileAnalysis,
  profile: ProfileAnalysis,
  before: WallState,
  after: WallState,
) {
  if (after === "held") return "removed";
  if (after === "bound") return before === "broke" ? "removed" : "unclear";
  if (after === "mixed") return "unclear";
  if (before === "saturated") return after === "saturated" ? servedEffect(story, profile) : "unclear";
  if (after === "saturated") return "moved";
  if (before === "broke" && after === "degraded") return "moved";
  if (before === "degraded" && after === "broke") return "worse";
  const ratio = after === "broke" ? (profile.wallRatio?.ratio ?? null) : cliffRatio(story, baseline.name, profile.name);
  if (ratio === null) return sameCeiling(story, baseline, profile, before, after) ? "nothing" : "unclear";
  const edge = 1 + story.run.tolerance;
  if (ratio > edge) return "moved";
  return ratio < 1 / edge ? "worse" : "nothing";
}

/** Without statistics a rate served is another where every block shows so much more, or less, of it. */
const clearlyMore = 1.25;

/** Neither kept up: the rates that they served are compared. */
function servedEffect({ run }: Story, { servedRatio, versusBaseline }: ProfileAnalysis): WallEffect {
  const verdict = versusBaseline.sustainedPerSecond?.verdict ?? "inconclusive";
  if (verdict !== "inconclusive") return { better: "moved", worse: "worse", same: "nothing" }[verdict] as WallEffect;
  if (servedRatio === null) return "unclear";
  const { least, most } = servedRatio;
  if (least > clearlyMore) return "moved";
  if (most < 1 / clearlyMore) return "worse";
  const edge = 1 + run.tolerance;
  return most <= edge && least >= 1 / edge ? "nothing" : "unclear";
}

/**
 * A profile that makes all of this one's changes, and more, and met the wall all the same: then it can't be said that they remove it. null
 * where there is none.
 */
export function contradictedBy(
  story: Story,
  baseline: ProfileAnalysis,
  profile: ProfileAnalysis,
): ProfileAnalysis | null {
  const wider = story.profiles.filter((other) => isPartOf(story, profile, other) && other.wallObstacle === null);
  const state = wallState(baseline);
  return wider.find((other) => wallState(other) === state) ?? null;
}

/** Both degraded without a cliff: their latency crossed the one ceiling that the suite sets. */
function sameCeiling({ walls }: Story, one: ProfileAnalysis, other: ProfileAnalysis, ...states: WallState[]): boolean {
  const cliffs = walls.filter(({ profile }) => profile === one.name || profile === other.name);
  return states.every((state) => state === "degraded") && cliffs.every(({ cliffSeenIn }) => cliffSeenIn === 0);
}

function cliffRatio({ walls }: Story, baseline: string, profile: string): number | null {
  const [before, after] = [baseline, profile].map((name) => walls.find((wall) => wall.profile === name));
  const [from, to] = [before?.measuredCliffSeconds ?? null, after?.measuredCliffSeconds ?? null];
  return from === null || to === null || from <= 0 ? null : to / from;
}
