import type { ProfileAnalysis } from "../../analysis/analysis.ts";
import { changes, sufficientParts } from "../../analysis/combinations.ts";
import { type Story, type WallEffect, wallEffect } from "../../analysis/effects.ts";
import { listWords } from "../../core/words.ts";

/**
 * The answer before its reasons, where the baseline broke and some profile moved its wall: "Profile reuse (net.ipv4.
 * tcp_tw_reuse=1) removes the wall, range only moves it, backlog does nothing." [] where none did. A combination that does
 * no better than its part is left to the sentences that follow.
 */
export function headline(story: Story, baseline: ProfileAnalysis, others: ProfileAnalysis[]): string[] {
  const having = (effect: WallEffect) => others.filter((profile) => wallEffect(story, baseline, profile) === effect);
  const winners = having("removed");
  const moved = having("moved");
  if (winners.length + moved.length === 0) return [];
  const wider = sufficientParts(story, winners).map(({ profile }) => profile);
  const clauses = [
    clause(
      winners.filter((profile) => !wider.includes(profile)).map((profile) => withSetting(story, profile)),
      ["removes the wall", "remove the wall"],
    ),
    clause(
      moved.map(({ name }) => name),
      winners.length > 0 ? ["only moves it", "only move it"] : ["only moves the wall", "only move the wall"],
    ),
    clause(
      having("nothing").map(({ name }) => name),
      ["does nothing", "do nothing"],
    ),
  ].flat();
  const first = winners.length - wider.length > 0 ? winners.length - wider.length : moved.length;
  return [`${first === 1 ? "Profile" : "Profiles"} ${clauses.join(", ")}.`];
}

function clause(names: string[], [one, several]: [string, string]): string[] {
  return names.length === 0 ? [] : [`${listWords(names)} ${names.length === 1 ? one : several}`];
}

/** The name with what it sets, where that is a single thing. */
function withSetting(story: Story, profile: ProfileAnalysis): string {
  const [only, ...more] = [...changes(story, profile)];
  return only === undefined || more.length > 0 ? profile.name : `${profile.name} (${only.replace(/^target /, "")})`;
}
