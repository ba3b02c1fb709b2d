import type { ProfileAnalysis } from "../../analysis/analysis.ts";
import { changes } from "../../analysis/changes.ts";
import { sufficientParts } from "../../analysis/combinations.ts";
import { fallsBehind, type Story, type WallEffect, wallEffect, wallState } from "../../analysis/effects.ts";
import { formatSeconds } from "../../core/units.ts";
import { listWords } from "../../core/words.ts";

/**
 * The answer before its reasons, where the baseline broke and some profile moved its wall: "Profile reuse (net.ipv4.
 * tcp_tw_reuse=1) removes the wall, range only moves it, backlog does nothing." [] where none did. A combination that does
 * no better than its part is left to the sentences that follow.
 */
export function headline(story: Story, baseline: ProfileAnalysis, others: ProfileAnalysis[]): string[] {
  const having = (effect: WallEffect) => others.filter((profile) => wallEffect(story, baseline, profile) === effect);
  const winners = having("removed");
  const better = having("moved");
  const behind = better.filter((profile) => fallsBehind(baseline, profile));
  const moved = better.filter((profile) => !behind.includes(profile));
  if (winners.length + better.length === 0) return [];
  const wider = sufficientParts(story, winners).map(({ profile }) => profile);
  const words = clausesOf(baseline, winners);
  const clauses = [
    clause(
      winners.filter((profile) => !wider.includes(profile)).map((profile) => withSetting(story, profile)),
      words.removed,
    ),
    clause(
      behind.map((profile) => (winners.length > 0 ? profile.name : withSetting(story, profile))),
      ["takes the fault away but does not keep up", "take the fault away but do not keep up"],
    ),
    clause(
      moved.map(({ name }) => name),
      winners.length + behind.length > 0 ? words.onlyMoved : words.moved,
    ),
    clause(
      having("nothing").map(({ name }) => name),
      ["does nothing", "do nothing"],
    ),
  ].flat();
  const first = [winners.length - wider.length, behind.length, moved.length].find((count) => count > 0);
  return [`${first === 1 ? "Profile" : "Profiles"} ${clauses.join(", ")}.`];
}

type Clause = [one: string, several: string];

/** What held did so for as long as its trials lasted. */
function clausesOf(baseline: ProfileAnalysis, winners: ProfileAnalysis[]) {
  const seconds = Math.min(...winners.flatMap(({ lastedSeconds }) => lastedSeconds ?? []));
  const within = Number.isFinite(seconds) ? ` within ${formatSeconds(seconds)}` : "";
  if (wallState(baseline) === "saturated") {
    return {
      removed: [`keeps up with what is asked${within}`, `keep up with what is asked${within}`],
      moved: ["keeps up with more of what is asked", "keep up with more of what is asked"],
      onlyMoved: ["only keeps up with more of it", "only keep up with more of it"],
    } satisfies Record<string, Clause>;
  }
  return {
    removed: [`removes the wall${within}`, `remove the wall${within}`],
    moved: ["only moves the wall", "only move the wall"],
    onlyMoved: ["only moves it", "only move it"],
  } satisfies Record<string, Clause>;
}

function clause(names: string[], [one, several]: Clause): string[] {
  return names.length === 0 ? [] : [`${listWords(names)} ${names.length === 1 ? one : several}`];
}

/** The name with what it sets, where that is a single thing. */
function withSetting(story: Story, profile: ProfileAnalysis): string {
  const [only, ...more] = [...changes(story, profile)];
  return only === undefined || more.length > 0 ? profile.name : `${profile.name} (${only.replace(/^target /, "")})`;
}
