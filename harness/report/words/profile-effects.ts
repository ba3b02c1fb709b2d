import type { ProfileAnalysis } from "../../analysis/analysis.ts";
import { isPartOf } from "../../analysis/changes.ts";
import { sufficientParts } from "../../analysis/combinations.ts";
import {
  contradictedBy,
  fallsBehind,
  mainFinding,
  measuredTrials,
  type Story,
  wallDecides,
  wallEffect,
  wallState,
} from "../../analysis/effects.ts";
import { formatRatio } from "../../core/numbers.ts";
import { formatSeconds } from "../../core/units.ts";
import { listWords } from "../../core/words.ts";
import type { EffectWords, ProfileEffect } from "./effect.ts";
import { withoutAWall } from "./effects-without-wall.ts";
import { keptWords } from "./kept-up.ts";
import { boundWords } from "./ratios.ts";
import { wallObstacleWords } from "./wall-obstacles.ts";

/** Of each profile but the baseline, in their order. */
export function profileEffects(story: Story, baseline: ProfileAnalysis): ProfileEffect[] {
  const others = story.profiles.filter((profile) => profile !== baseline);
  return others.map((profile) => {
    const [effect, ...parts] =
      wallState(profile) === "none"
        ? notMeasured(profile)
        : wallDecides(story, baseline)
          ? onTheWall(story, baseline, profile, others)
          : withoutAWall(story, baseline, profile);
    return { profile: profile.name, effect, how: parts.filter((part) => part !== "").join("; ") };
  });
}

function notMeasured(profile: ProfileAnalysis): EffectWords {
  return ["not-measured", profile.trials === 0 ? "was not run" : "no valid trial"];
}

/** Where the baseline met its wall in every block. */
function onTheWall(
  story: Story,
  baseline: ProfileAnalysis,
  profile: ProfileAnalysis,
  others: ProfileAnalysis[],
): EffectWords {
  const much = muchWords(baseline, profile);
  const cliff = cliffWords(story, baseline.name, profile.name);
  switch (wallEffect(story, baseline, profile)) {
    case "removed": {
      const bound = wallState(profile) === "bound" ? "the generator was the limit" : "";
      return [
        "removed",
        withoutWall(story, baseline),
        much,
        bound,
        stillThere(baseline, profile),
        ...company(story, baseline, profile, others),
      ];
    }
    case "moved":
      return [fallsBehind(baseline, profile) ? "behind" : "moved", howMoved(baseline, profile), cliff, much];
    case "worse":
      return [
        "worse",
        wallState(profile) === "broke" && wallState(baseline) === "degraded" ? "it broke" : "",
        cliff,
        much,
      ];
    case "nothing":
      return wallState(baseline) === "saturated"
        ? ["nothing", `kept up to ${keptWords(profile) ?? "less than was asked"}`]
        : ["nothing", "the same wall", much];
    case "fake":
      return ["fake", "TIME_WAIT sockets were destroyed early (TCPTimeWaitOverflow): it must not be used"];
    default:
      return ["unclear", whyUnclear(story, baseline, profile)];
  }
}

/** What did not happen any more. */
function withoutWall({ walls }: Story, baseline: ProfileAnalysis): string {
  const state = wallState(baseline);
  if (state === "broke") return "no fault in any block";
  if (state === "saturated") return "what was asked was served in every block";
  const { name } = baseline;
  const fell = walls.some(({ profile, cliffSeenIn }) => profile === name && cliffSeenIn > 0);
  return fell ? "neither cliff nor fault in any block" : "latency stayed below its ceiling in every block";
}

/** The baseline's bottleneck can show without being a wall any more: that is relief, not a cure. */
function stillThere(baseline: ProfileAnalysis, { findings }: ProfileAnalysis): string {
  const rule = mainFinding(baseline)?.rule;
  return findings.some((one) => one.rule === rule) ? "the bottleneck itself still shows" : "";
}

/** Of a combination: that one of its parts is enough, or that it takes all of them. */
function company(
  story: Story,
  baseline: ProfileAnalysis,
  profile: ProfileAnalysis,
  others: ProfileAnalysis[],
): string[] {
  const effectOf = (other: ProfileAnalysis) => wallEffect(story, baseline, other);
  const winners = others.filter((other) => effectOf(other) === "removed");
  const enough = sufficientParts(story, winners).find((one) => one.profile === profile);
  if (enough !== undefined) return [`no better than ${enough.part.name} alone`];
  const parts = others.filter((other) => isPartOf(story, other, profile));
  if (parts.length < 2 || parts.some((part) => effectOf(part) !== "nothing")) return [];
  return [`it takes all of it: ${listWords(parts.map(({ name }) => name))} alone changed nothing`];
}

function howMoved(baseline: ProfileAnalysis, profile: ProfileAnalysis): string {
  const [before, after] = [wallState(baseline), wallState(profile)];
  if (after === "saturated") {
    const kept = `it kept up to ${keptWords(profile) ?? "less than was asked"}`;
    return before === "broke" ? `no fault in any block, but ${kept}` : kept;
  }
  return after === "degraded" && before === "broke"
    ? "it degraded without a fault up to the stop"
    : "the wall came all the same";
}

function whyUnclear(story: Story, baseline: ProfileAnalysis, profile: ProfileAnalysis): string {
  const { wallObstacle, broke, degraded, saturated } = profile;
  if (wallObstacle !== null) return wallObstacleWords(wallObstacle);
  if (wallState(profile) === "bound") return "the generator was the limit";
  const contradicting = contradictedBy(story, baseline, profile);
  if (contradicting !== null) return `with ${contradicting.name}, which changes the same and more, the wall came`;
  if (wallState(profile) === "saturated") return "how much it served differs too little to be told from noise";
  const kept = saturated === 0 ? "" : ` and did not keep up in ${saturated}`;
  return `it broke in ${broke} and degraded in ${degraded}${kept} of ${measuredTrials(profile)} blocks`;
}

/** How much more was served: before the wall, or, where it could not keep up, a second. */
function muchWords(baseline: ProfileAnalysis, { wallRatio, servedRatio }: ProfileAnalysis): string {
  if (wallState(baseline) !== "saturated") return wallRatio === null ? "" : `${boundWords(wallRatio)} the requests`;
  if (servedRatio === null) return "";
  const range = [...new Set([servedRatio.least, servedRatio.most].map(formatRatio))];
  return `${range.join(" to ")} the throughput`;
}

/** "the cliff at 14.2 s instead of 7.5 s"; "" where one of the two met none. */
function cliffWords({ walls }: Story, baseline: string, profile: string): string {
  const [before, after] = [baseline, profile].map(
    (name) => walls.find((wall) => wall.profile === name)?.measuredCliffSeconds ?? null,
  );
  if (before == null || after == null) return "";
  return `the cliff at ${formatSeconds(after)} instead of ${formatSeconds(before)}`;
}
