import { type Level, sysctlText } from "./schema-forms.ts";
import type { FactorsForm } from "./schema-profiles.ts";
import type { Profile } from "./suite.ts";

/**
 * Full factorial: a profile for every combination of the factors' levels. The first factor changes slowest, so that the first
 * profile has every factor's first level; it is the baseline unless the suite names another.
 */
export function profilesFromFactors(factors: FactorsForm): Profile[] {
  let profiles: Profile[] = [emptyProfile("")];
  for (const [factor, settings] of Object.entries(factors)) {
    for (const [key, levels] of Object.entries(settings)) {
      profiles = profiles.flatMap((profile) => levels.map((level) => withLevel(profile, factor, key, level)));
    }
  }
  return profiles;
}

/** How many profiles that gives, without making them. */
export function combinations(factors: FactorsForm): number {
  const counts = Object.values(factors).flatMap((settings) => Object.values(settings).map((levels) => levels.length));
  return counts.reduce((product, count) => product * count, 1);
}

/** A level as it is set, and as results call it. */
export function levelText(key: string, level: Level): string {
  return key.startsWith("env.") ? [level].flat().map(String).join(" ") : sysctlText(level);
}

/** A profile that changes nothing. */
export function emptyProfile(name: string): Profile {
  return {
    name,
    sysctls: {},
    generatorSysctls: {},
    upstreamSysctls: {},
    env: {},
    command: null,
    rps: null,
    levels: {},
  };
}

/** `reuse=1,range=1024-65535`: what a profile's name can't hold becomes a dash. */
function withLevel(profile: Profile, factor: string, key: string, level: Level): Profile {
  const text = levelText(key, level);
  const label = `${factor}=${text.replace(/[^A-Za-z0-9._-]+/g, "-")}`;
  const next = {
    ...profile,
    name: profile.name === "" ? label : `${profile.name},${label}`,
    levels: { ...profile.levels, [factor]: text },
  };
  if (key === "rps") return { ...next, rps: text };
  if (key.startsWith("env.")) return { ...next, env: { ...profile.env, [key.slice("env.".length)]: text } };
  return { ...next, sysctls: { ...profile.sysctls, [key]: text } };
}
