import type { ProfileAnalysis } from "../analysis/analysis.ts";
import { profileChanges } from "../analysis/changes.ts";
import { foundName } from "../analysis/compared-arms.ts";
import { type Story, wallDecides, wallEffect } from "../analysis/effects.ts";
import type { ProfileRecord } from "../results/run.ts";

/** What a run shows that a profile does, against its baseline. */
export type SeenEffect = "helps" | "nothing" | "worse" | "undecided";

/**
 * A profile's effect; undecided also where it was not measured. A wall that every block shows needs no statistics. What a find found it has
 * confirmed in fresh blocks, against the suite as it is and against itself without each part.
 */
export function effectOf(story: Story, name: string): SeenEffect {
  if (isFound(story, name)) return "helps";
  const find = (wanted: string) => story.profiles.find((profile) => profile.name === wanted);
  const [profile, baseline] = [find(name), find(story.run.baseline)];
  if (profile === undefined || baseline === undefined || profile === baseline) return "undecided";
  const verdicts = Object.values(profile.versusBaseline).map(({ verdict }) => verdict);
  // A search goes past the wall on purpose: what it found is what counts.
  if (wallDecides(story, baseline)) return atTheWall(wallEffect(story, baseline, profile), verdicts);
  if (verdicts.includes("worse")) return "worse";
  if (verdicts.includes("better")) return "helps";
  return verdicts.length > 0 && verdicts.every((verdict) => verdict === "same") ? "nothing" : "undecided";
}

/** Whether a profile is what a find came to: each part of it is needed. */
export function isFound({ run }: Pick<Story, "run">, name: string): boolean {
  return run.experiment.kind === "find" && name === foundName;
}

function atTheWall(effect: ReturnType<typeof wallEffect>, verdicts: string[]): SeenEffect {
  if (effect === "removed" || effect === "moved") return "helps";
  if (effect === "worse") return "worse";
  if (effect !== "nothing") return "undecided";
  if (verdicts.includes("worse")) return "worse";
  return verdicts.includes("better") ? "helps" : "nothing";
}

/** The profile that changes this one setting of the target against the baseline and nothing else; null where none was run. */
export function aloneProfile(story: Story, key: string, value: string): ProfileAnalysis | null {
  const change = `target ${key}=${value}`;
  return profileChanging(story, new Set([change]));
}

/** The profile that makes exactly these changes; null where none was run. */
export function profileChanging(story: Story, changes: Set<string>): ProfileAnalysis | null {
  const { profiles, baseline } = story.run;
  const before = profiles.find(({ name }) => name === baseline);
  if (before === undefined || changes.size === 0) return null;
  const isIt = (profile: ProfileRecord) => {
    const its = profileChanges(profile, before);
    return its.size === changes.size && [...changes].every((change) => its.has(change));
  };
  const name = profiles.find(isIt)?.name;
  return story.profiles.find((profile) => profile.name === name) ?? null;
}

/** A setting of the target as profileChanges names it. */
export function targetChange({ key, value }: { key: string; value: string }): string {
  return `target ${key}=${value}`;
}

/**
 * What a change needs for company: the least set of other changes of a profile with which it was measured to help, and which did not
 * help without it. null where no measured profile shows that.
 */
export function companyOf(story: Story, changes: Set<string>, change: string): Set<string> | null {
  const { profiles, baseline } = story.run;
  const before = profiles.find(({ name }) => name === baseline);
  if (before === undefined) return null;
  const found = profiles
    .map((profile) => ({ name: profile.name, own: profileChanges(profile, before) }))
    .filter(({ own }) => own.size > 1 && own.has(change) && [...own].every((one) => changes.has(one)))
    .filter(({ name }) => effectOf(story, name) === "helps")
    .map(({ own }) => new Set([...own].filter((one) => one !== change)))
    .filter((others) => {
      const without = profileChanging(story, others);
      return without !== null && effectOf(story, without.name) !== "helps";
    });
  return found.toSorted((a, b) => a.size - b.size)[0] ?? null;
}

/** Profiles that help and make all these changes with others, where those others are not known to help without them. */
export function helpedWith(story: Story, changes: Set<string>): string[] {
  const { profiles, baseline } = story.run;
  const before = profiles.find(({ name }) => name === baseline);
  if (before === undefined || changes.size === 0) return [];
  const helps = (others: Set<string>) => {
    const measured = profileChanging(story, others);
    return measured !== null && effectOf(story, measured.name) === "helps";
  };
  const needsThem = (profile: ProfileRecord) => {
    const own = profileChanges(profile, before);
    const others = [...own].filter((change) => !changes.has(change));
    const isWider = others.length > 0 && own.size === others.length + changes.size;
    return isWider && !helps(new Set(others)) && !others.some((change) => helps(new Set([change])));
  };
  return profiles
    .filter(needsThem)
    .filter(({ name }) => effectOf(story, name) === "helps")
    .map(({ name }) => name);
}
