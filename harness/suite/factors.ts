import { parseRatePerSecond } from "../core/units.ts";
import { deliveryRoutes } from "./cluster.ts";
import { parseFactorKey } from "./factor-key.ts";
import { constantRate } from "./rate.ts";
import { type Level, sysctlText } from "./schema-forms.ts";
import type { FactorsForm } from "./schema-profiles.ts";
import type { LoadChanges, Profile } from "./suite.ts";

export type FactorDesign = "factorial" | "one-at-a-time";

/** The profiles that factors give, in the design that the suite asks for; the first has every factor's first level and is the baseline. */
export function profilesFromFactors(factors: FactorsForm, design: FactorDesign): Profile[] {
  const knobs = knobsOf(factors);
  return design === "factorial" ? factorial(knobs) : oneAtATime(knobs);
}

/** How many profiles that gives at most, without making them. */
export function countOfProfiles(factors: FactorsForm, design: FactorDesign): number {
  const counts = knobsOf(factors).map(({ levels }) => levels.length);
  if (design === "factorial") return counts.reduce((product, count) => product * count, 1);
  return counts.reduce((sum, count) => sum + count, 2);
}

/** A factor with the one key that it sets. */
interface Knob {
  factor: string;
  key: string;
  levels: Level[];
}

function knobsOf(factors: FactorsForm): Knob[] {
  return Object.entries(factors).flatMap(([factor, settings]) =>
    Object.entries(settings).map(([key, levels]) => ({ factor, key, levels })),
  );
}

/** Every combination of the levels, named by them: `reuse=1,range=1024-65535`. The first factor changes slowest. */
function factorial(knobs: Knob[]): Profile[] {
  let profiles: Profile[] = [emptyProfile("")];
  for (const knob of knobs) {
    profiles = profiles.flatMap((profile) =>
      knob.levels.map((level) => {
        const label = labelOf(knob, level);
        const name = profile.name === "" ? label : `${profile.name},${label}`;
        return { ...withLevel(profile, knob, level), name };
      }),
    );
  }
  return profiles;
}

/**
 * The ablation: `baseline` (all first levels), each other level alone (`reuse=1`), `all` (all last levels) and all but each
 * (`all-but-reuse`). Each has a level of every factor, so that effects can be told from it. What would be another's twin
 * is left out: of two factors, all but one is the other alone.
 */
function oneAtATime(knobs: Knob[]): Profile[] {
  const profiles = [
    combined("baseline", knobs, () => 0),
    ...knobs.flatMap((knob) =>
      knob.levels
        .slice(1)
        .map((level, i) => combined(labelOf(knob, level), knobs, (other) => (other === knob ? i + 1 : 0))),
    ),
    combined("all", knobs, () => -1),
    ...knobs.map((knob) => combined(`all-but-${knob.factor}`, knobs, (other) => (other === knob ? 0 : -1))),
  ];
  const levels = profiles.map((profile) => JSON.stringify(profile.levels));
  return profiles.filter((_, i) => levels.indexOf(levels[i] ?? "") === i);
}

/** @param levelAt which level of each factor; -1 = the last */
function combined(name: string, knobs: Knob[], levelAt: (knob: Knob) => number): Profile {
  return knobs.reduce((profile, knob) => {
    const level = knob.levels.at(levelAt(knob));
    return level === undefined ? profile : withLevel(profile, knob, level);
  }, emptyProfile(name));
}

/** A level as it is set, and as results call it. */
export function levelText(key: string, level: Level): string {
  return parseFactorKey(key).kind === "env" ? [level].flat().map(String).join(" ") : sysctlText(level);
}

/** A profile that changes nothing. */
export function emptyProfile(name: string): Profile {
  return {
    name,
    sysctls: {},
    generatorSysctls: {},
    upstreamSysctls: {},
    env: {},
    upstreamEnv: {},
    command: null,
    rps: null,
    route: null,
    image: null,
    nodeSelector: {},
    load: null,
    levels: {},
  };
}

/** `range=1024-65535`: what a profile's name can't hold becomes a dash. */
function labelOf({ factor, key }: Knob, level: Level): string {
  return `${factor}=${levelText(key, level).replace(/[^A-Za-z0-9._-]+/g, "-")}`;
}

function withLevel(before: Profile, { factor, key, levels: _ }: Knob, level: Level): Profile {
  const text = levelText(key, level);
  const profile = { ...before, levels: { ...before.levels, [factor]: text } };
  const parsed = parseFactorKey(key);
  if (parsed.kind === "rps") return { ...profile, rps: text };
  if (parsed.kind === "image") return { ...profile, image: text };
  if (parsed.kind === "route") return { ...profile, route: deliveryRoutes.find((route) => route === text) ?? null };
  if (parsed.kind === "load") return { ...profile, load: { ...before.load, ...loadLevel(parsed.field, text) } };
  if (parsed.kind === "env") return withVariable(profile, parsed, text);
  const { upstream, ofGenerator } = parsed;
  const set = { [parsed.key]: text };
  if (ofGenerator) return { ...profile, generatorSysctls: { ...before.generatorSysctls, ...set } };
  if (upstream === null) return { ...profile, sysctls: { ...before.sysctls, ...set } };
  const settings = { ...before.upstreamSysctls[upstream], ...set };
  return { ...profile, upstreamSysctls: { ...before.upstreamSysctls, [upstream]: settings } };
}

function withVariable(profile: Profile, { upstream, name }: { upstream: string | null; name: string }, text: string) {
  if (upstream === null) return { ...profile, env: { ...profile.env, [name]: text } };
  const env = { ...profile.upstreamEnv[upstream], [name]: text };
  return { ...profile, upstreamEnv: { ...profile.upstreamEnv, [upstream]: env } };
}

/** Levels of the load are checked by then (checks-factors.ts). */
function loadLevel(field: string, text: string): LoadChanges {
  if (field === "keepConnections") return { keepConnections: text === "true" };
  if (field === "virtualUsers") return { virtualUsers: Number(text) };
  return { rate: constantRate(parseRatePerSecond(text) ?? 0) };
}
