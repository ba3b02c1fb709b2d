import type { ProfileAnalysis } from "../../analysis/analysis.ts";
import { isPartOf } from "../../analysis/changes.ts";
import { sufficientParts } from "../../analysis/combinations.ts";
import {
  contradictedBy,
  fallsBehind,
  mainFinding,
  measuredTrials,
  type Story,
  type WallEffect,
  wallEffect,
  wallState,
} from "../../analysis/effects.ts";
import { formatRatio } from "../../core/numbers.ts";
import { formatSeconds } from "../../core/units.ts";
import { listWords } from "../../core/words.ts";
import { keptWords } from "./kept-up.ts";
import { boundWords, cantBeTold, profileWords } from "./ratios.ts";
import { wallObstacleWords } from "./wall-obstacles.ts";

type Effects = Map<ProfileAnalysis, WallEffect>;

/** Where the baseline met its wall in every block: who removed it, moved it, did nothing, or made it worse, in this order. */
export function profilesThatMovedTheWall(story: Story, baseline: ProfileAnalysis, others: ProfileAnalysis[]): string[] {
  const effects: Effects = new Map(others.map((profile) => [profile, wallEffect(story, baseline, profile)]));
  const sentences = [
    removed(story, baseline, having(effects, "removed")),
    moved(story, baseline, having(effects, "moved")),
    having(effects, "worse").map((profile) => worse(story, baseline, profile)),
    nothing(baseline, having(effects, "nothing")),
    enough(story, effects),
    together(story, effects),
    having(effects, "fake").map(fakeWin),
    unclear(story, baseline, having(effects, "unclear")),
  ].flat();
  const named = [...effects.values()].filter((effect) => effect !== "none");
  const none = named.length > 0 && named.every((effect) => effect === "nothing");
  return [...(none ? ["No profile moved the wall."] : []), ...sentences, ...oneBlock(story, effects)];
}

function having(effects: Effects, effect: WallEffect): ProfileAnalysis[] {
  return [...effects].filter(([, is]) => is === effect).map(([profile]) => profile);
}

/** "Profiles reuse and all removed the wall: no fault in any block, at least 5.3x the requests." */
function removed(story: Story, baseline: ProfileAnalysis, profiles: ProfileAnalysis[]): string[] {
  if (profiles.length === 0) return [];
  const ratios = profiles.map((profile) => muchWords(baseline, profile));
  const [first] = ratios;
  const same = ratios.every((ratio) => ratio === first);
  const much = same ? first : listWords(profiles.map(({ name }, index) => `${name} ${ratios[index]}`));
  const what = wallState(baseline) === "broke" ? "no fault in any block" : withoutWall(story, baseline);
  const bound = profiles.filter((profile) => wallState(profile) === "bound").map(({ name }) => name);
  const limit = bound.length === 0 ? "" : `; with ${listWords(bound)} the generator was the limit`;
  const parts = [what, much ?? ""].filter((part) => part !== "").join(", ");
  return [
    `${profileWords(profiles.map(({ name }) => name))} removed the ${wallState(baseline) === "saturated" ? "limit" : "wall"}: ${parts}${limit}.`,
    ...stillThere(baseline, profiles),
  ];
}

/** What did not happen any more. */
function withoutWall({ walls }: Story, baseline: ProfileAnalysis): string {
  if (wallState(baseline) === "saturated") return "what was asked was served in every block";
  const { name } = baseline;
  const fell = walls.some(({ profile, cliffSeenIn }) => profile === name && cliffSeenIn > 0);
  return fell ? "neither cliff nor fault in any block" : "latency stayed below its ceiling in every block";
}

/** The baseline's bottleneck can show without being a wall any more: that is relief, not a cure. */
function stillThere(baseline: ProfileAnalysis, profiles: ProfileAnalysis[]): string[] {
  const rule = mainFinding(baseline)?.rule;
  const names = profiles.filter(({ findings }) => findings.some((one) => one.rule === rule)).map(({ name }) => name);
  return names.length === 0 ? [] : [`The bottleneck itself still shows with ${listWords(names)}.`];
}

function moved(story: Story, baseline: ProfileAnalysis, profiles: ProfileAnalysis[]): string[] {
  return profiles.map((profile) => {
    const cliffs = cliffWords(story, baseline.name, profile.name);
    const parts = [howMoved(baseline, profile), cliffs, muchWords(baseline, profile)].filter((part) => part !== "");
    const did = fallsBehind(baseline, profile) ? "took the fault away" : "only moved it";
    return `Profile ${profile.name} ${did}: ${parts.join(", ")}.`;
  });
}

function howMoved(baseline: ProfileAnalysis, profile: ProfileAnalysis): string {
  const [before, after] = [wallState(baseline), wallState(profile)];
  if (after === "saturated") {
    const kept = `it kept up to ${keptWords(profile) ?? "less than was asked"}`;
    return before === "broke" ? `none in any block, but ${kept}` : kept;
  }
  return after === "degraded" && before === "broke"
    ? "it degraded without a fault up to the stop"
    : "the wall came all the same";
}

function worse(story: Story, baseline: ProfileAnalysis, profile: ProfileAnalysis): string {
  const earlier = wallState(profile) === "broke" && wallState(baseline) === "degraded" ? "it broke" : "";
  const parts = [earlier, cliffWords(story, baseline.name, profile.name), muchWords(baseline, profile)];
  const how = parts.filter((part) => part !== "").join(", ");
  return `Profile ${profile.name} made it worse${how === "" ? "" : `: ${how}`}.`;
}

/** "Profile backlog did nothing: the same wall, 1.00x the requests." */
function nothing(baseline: ProfileAnalysis, profiles: ProfileAnalysis[]): string[] {
  const [first] = profiles;
  if (first === undefined) return [];
  const names = profileWords(profiles.map(({ name }) => name));
  if (wallState(baseline) === "saturated") {
    return [
      `${names} did nothing: kept up to ${listWords([...new Set(profiles.flatMap((one) => keptWords(one) ?? []))])}.`,
    ];
  }
  const ratios = profiles.flatMap(({ wallRatio }) => wallRatio?.ratio ?? []).map(formatRatio);
  const range = [...new Set([ratios.toSorted()[0], ratios.toSorted().at(-1)])].filter((ratio) => ratio !== undefined);
  const much = range.length === 0 ? "" : `, ${range.join(" to ")} the requests`;
  return [`${names} did nothing: the same wall${much}.`];
}

/** A combination that does no better than one of its parts: that part is enough. */
function enough(story: Story, effects: Effects): string[] {
  const wider = sufficientParts(story, having(effects, "removed"));
  const parts = [...new Set(wider.map(({ part }) => part.name))];
  return parts.map((part) => {
    const over = wider.filter((one) => one.part.name === part).map(({ profile }) => profile.name);
    return `${profileWords(over)} did no better than ${part} alone: ${part} suffices.`;
  });
}

/** A combination that removed the wall though none of its parts did anything. */
function together(story: Story, effects: Effects): string[] {
  return having(effects, "removed").flatMap((profile) => {
    const parts = [...effects.keys()].filter((other) => isPartOf(story, other, profile));
    if (parts.length < 2 || parts.some((part) => effects.get(part) !== "nothing")) return [];
    return [`It takes all of ${profile.name}: ${listWords(parts.map(({ name }) => name))} alone changed nothing.`];
  });
}

function fakeWin({ name }: ProfileAnalysis): string {
  return `Profile ${name} only looks better: TIME_WAIT sockets were destroyed early (TCPTimeWaitOverflow), a fake win that must not be used.`;
}

function unclear(story: Story, baseline: ProfileAnalysis, profiles: ProfileAnalysis[]): string[] {
  const whyOf = (profile: ProfileAnalysis) => whyUnclear(story, baseline, profile);
  const reasons = [...new Set(profiles.map(whyOf))];
  return reasons.map((reason) => {
    const names = profiles.filter((profile) => whyOf(profile) === reason).map(({ name }) => name);
    return cantBeTold(names, reason);
  });
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
function muchWords(baseline: ProfileAnalysis, profile: ProfileAnalysis): string {
  if (wallState(baseline) !== "saturated") return requestsWords(profile);
  const { servedRatio } = profile;
  if (servedRatio === null) return "";
  const range = [...new Set([servedRatio.least, servedRatio.most].map(formatRatio))];
  return `${range.join(" to ")} the throughput`;
}

function requestsWords({ wallRatio }: ProfileAnalysis): string {
  return wallRatio === null ? "" : `${boundWords(wallRatio)} the requests`;
}

/** "the cliff at 14.2 s instead of 7.5 s"; "" where one of the two met none. */
function cliffWords({ walls }: Story, baseline: string, profile: string): string {
  const [before, after] = [baseline, profile].map(
    (name) => walls.find((wall) => wall.profile === name)?.measuredCliffSeconds ?? null,
  );
  if (before == null || after == null) return "";
  return `the cliff at ${formatSeconds(after)} instead of ${formatSeconds(before)}`;
}

function oneBlock({ blocksNeeded }: Story, effects: Effects): string[] {
  const most = Math.max(0, ...[...effects.keys()].map(measuredTrials));
  return most === 1 ? [`One block: effect sizes yes, significance no (${blocksNeeded} blocks would do).`] : [];
}
