import type { ProfileAnalysis } from "./analysis.ts";
import { changesOf, type Story } from "./effects.ts";

/** A profile that does no better than a smaller one whose changes it holds. */
export interface Sufficient {
  profile: ProfileAnalysis;
  part: ProfileAnalysis;
}

/** Of the profiles that removed the wall, those of which a part alone is enough, each with its smallest such part. */
export function sufficientParts(story: Story, winners: ProfileAnalysis[]): Sufficient[] {
  return winners.flatMap((profile) => {
    const part = winners
      .filter((other) => isPartOf(story, other, profile) && !outdoes(story, profile, other))
      .toSorted((a, b) => changes(story, a).size - changes(story, b).size)[0];
    return part === undefined ? [] : [{ profile, part }];
  });
}

/** Whether all that one profile changes against the baseline is changed by the other too, and more. */
export function isPartOf(story: Story, part: ProfileAnalysis, whole: ProfileAnalysis): boolean {
  const [few, many] = [changes(story, part), changes(story, whole)];
  return few.size > 0 && few.size < many.size && [...few].every((change) => many.has(change));
}

/** What a profile sets otherwise than the baseline: "target net.ipv4.tcp_tw_reuse=1". */
export function changes({ run }: Story, { name }: ProfileAnalysis): Set<string> {
  const find = (wanted: string) => run.profiles.find((profile) => profile.name === wanted);
  const [profile, baseline] = [find(name), find(run.baseline)];
  return profile === undefined || baseline === undefined ? new Set() : changesOf(profile, baseline);
}

/** More than the tolerance faster: by then "no better" would be untrue. */
function outdoes({ run }: Story, profile: ProfileAnalysis, part: ProfileAnalysis): boolean {
  const [more, less] = [profile, part].map(({ measures }) => measures.sustainedPerSecond?.median);
  return more !== undefined && less !== undefined && more > less * (1 + run.tolerance);
}
