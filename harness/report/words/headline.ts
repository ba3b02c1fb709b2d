import type { ProfileAnalysis } from "../../analysis/analysis.ts";
import { changes } from "../../analysis/changes.ts";
import { sufficientParts } from "../../analysis/combinations.ts";
import { type Story, wallState } from "../../analysis/effects.ts";
import { formatSeconds } from "../../core/units.ts";
import { counted, listWords } from "../../core/words.ts";
import type { Effect, ProfileEffect } from "./effect.ts";
import { cantBeTold, profileWords } from "./ratios.ts";
import { wallObstacleWords } from "./wall-obstacles.ts";

/**
 * The answer before its reasons, whatever the baseline did: which setting helped, or that none did. "Profile reuse (net.ipv4.
 * tcp_tw_reuse=1) removes the wall within 53 s, range only moves it, backlog does nothing." A combination that does no better than its
 * part is left to the table. null where no other profile was measured.
 */
export function headline(story: Story, baseline: ProfileAnalysis, effects: ProfileEffect[]): string | null {
  const measured = effects.filter(({ effect }) => effect !== "not-measured");
  if (measured.length === 0) return null;
  const having = (...asked: Effect[]) =>
    measured.filter(({ effect }) => asked.includes(effect)).map(({ profile }) => profile);
  const helped = having("removed", "behind", "moved", "better", "ended");
  const rest = [...clauses(restVerbs, having), ...unclearClause(having("unclear"))];
  if (helped.length === 0) return noneHelped(story, baseline, measured, rest);
  const spare = widerThanNeeded(story, having("removed"));
  const best = helped.filter((name) => !spare.includes(name));
  const verbs = helpVerbs(story, baseline, having);
  const ofBest = (effect: Effect) => having(effect).filter((name) => best.includes(name));
  const first = verbs.find(([effect]) => ofBest(effect).length > 0)?.[0];
  const named = (effect: Effect) => ofBest(effect).map((name) => (effect === first ? withSetting(story, name) : name));
  const subject = first !== undefined && ofBest(first).length > 1 ? "Profiles" : "Profile";
  return `${subject} ${[...clauses(verbs, named), ...rest].join(", ")}.`;
}

/** An effect with its verb, of one profile and of several. */
type Verb = [effect: Effect, one: string, several: string];

const restVerbs: Verb[] = [
  ["mixed", "is better in one way and worse in another", "are better in one way and worse in another"],
  ["worse", "makes it worse", "make it worse"],
  ["fake", "only looks better", "only look better"],
  ["nothing", "does nothing", "do nothing"],
  ["same", "makes no difference", "make no difference"],
  ["open", "shows no difference beyond noise", "show no difference beyond noise"],
];

/** What held did so for as long as its trials lasted. */
function helpVerbs(story: Story, baseline: ProfileAnalysis, having: (...effects: Effect[]) => string[]): Verb[] {
  const winners = story.profiles.filter(({ name }) => having("removed").includes(name));
  const seconds = Math.min(...winners.flatMap(({ lastedSeconds }) => lastedSeconds ?? []));
  const within = Number.isFinite(seconds) ? ` within ${formatSeconds(seconds)}` : "";
  const only = having("removed", "behind").length > 0;
  const [removed, moved]: [Verb, Verb] =
    wallState(baseline) === "saturated"
      ? [
          ["removed", `keeps up with what is asked${within}`, `keep up with what is asked${within}`],
          only
            ? ["moved", "only keeps up with more of it", "only keep up with more of it"]
            : ["moved", "keeps up with more of what is asked", "keep up with more of what is asked"],
        ]
      : [
          ["removed", `removes the wall${within}`, `remove the wall${within}`],
          only ? ["moved", "only moves it", "only move it"] : ["moved", "only moves the wall", "only move the wall"],
        ];
  return [
    removed,
    ["behind", "takes the fault away but does not keep up", "take the fault away but do not keep up"],
    moved,
    ["better", "is better", "are better"],
    ["ended", "ends the baseline's bottleneck", "end the baseline's bottleneck"],
  ];
}

function clauses(verbs: Verb[], having: (effect: Effect) => string[]): string[] {
  return verbs.flatMap(([effect, one, several]) => {
    const names = having(effect);
    return names.length === 0 ? [] : [`${listWords(names)} ${names.length === 1 ? one : several}`];
  });
}

function unclearClause(names: string[]): string[] {
  return names.length === 0 ? [] : [`what ${listWords(names)} ${names.length === 1 ? "does" : "do"} can't be told`];
}

function widerThanNeeded(story: Story, removed: string[]): string[] {
  const winners = story.profiles.filter(({ name }) => removed.includes(name));
  return sufficientParts(story, winners).map(({ profile }) => profile.name);
}

/** The name with what it sets, where that is a single thing. */
export function withSetting(story: Story, name: string): string {
  const profile = story.profiles.find((one) => one.name === name);
  const [only, ...more] = profile === undefined ? [] : [...changes(story, profile)];
  return only === undefined || more.length > 0 ? name : `${name} (${only.replace(/^target /, "")})`;
}

/** That none did; where for one reason nothing can be told of any, that. */
function noneHelped(story: Story, baseline: ProfileAnalysis, effects: ProfileEffect[], rest: string[]): string {
  const kinds = new Set(effects.map(({ effect }) => effect));
  const [only] = kinds;
  const names = effects.map(({ profile }) => profile);
  if (kinds.size > 1) return `No profile helps: ${rest.join(", ")}.`;
  if (only === "nothing") return `No profile moves the ${wallState(baseline) === "saturated" ? "limit" : "wall"}.`;
  if (only === "same") return "No profile makes a measurable difference.";
  if (only === "open") return openSentence(story, names);
  if (only !== "unclear") return `No profile helps: ${rest.join(", ")}.`;
  return [...Map.groupBy(effects, reasonIn(story, names))]
    .map(([why, own]) =>
      cantBeTold(
        own.map(({ profile }) => profile),
        why,
      ),
    )
    .join(" ");
}

/** Why nothing can be told of a profile; trials that others disturbed are one reason for all, whichever trials they were. */
function reasonIn({ profiles }: Story, names: string[]): (effect: ProfileEffect) => string {
  const compared = profiles.filter(({ name }) => names.includes(name));
  const disturbed = compared.flatMap(({ wallObstacle }) => (wallObstacle?.code === "disturbed" ? [wallObstacle] : []));
  const trials = [...new Set(disturbed.flatMap((obstacle) => obstacle.profiles))];
  const shared = wallObstacleWords({ code: "disturbed", profiles: trials });
  return ({ profile, how }) =>
    compared.some(({ name, wallObstacle }) => name === profile && wallObstacle?.code === "disturbed") ? shared : how;
}

function openSentence({ profiles }: Story, names: string[]): string {
  const compared = profiles.filter(({ name }) => names.includes(name));
  const blocks = compared.flatMap(({ versusBaseline }) =>
    Object.values(versusBaseline).flatMap(({ ratio, n }) => (ratio === null ? [] : [n])),
  );
  if (blocks.length === 0) return `${profileWords(names)} can't be compared: no block carries a ratio.`;
  return `No difference can be told from noise with ${counted(Math.max(...blocks), "block")}.`;
}
