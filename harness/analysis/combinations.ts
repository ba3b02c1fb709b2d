import type { ProfileAnalysis } from "./analysis.ts";
import { changes, isPartOf } from "./changes.ts";
import type { Story } from "./effects.ts";

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

/** More than the tolerance faster: by then "no better" would be untrue. */
function outdoes({ run }: Story, profile: ProfileAnalysis, part: ProfileAnalysis): boolean {
  const [more, less] = [profile, part].map(({ measures }) => measures.sustainedPerSecond?.median);
  return more !== undefined && less !== undefined && more > less * (1 + run.tolerance);
}
