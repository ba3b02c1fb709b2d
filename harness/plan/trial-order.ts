import { randomFrom, shuffled } from "../core/random.ts";
import type { PlannedTrial } from "../results/run.ts";
import type { Profile, Suite } from "../suite/suite.ts";

/**
 * Randomised complete blocks: each has every profile once, in an order of its own that follows from the seed; of a duet in that in which they are started.
 */
export function trialOrder(
  design: Suite["design"],
  profiles: Profile[],
  { blocks, seed }: { blocks: number; seed: number },
): PlannedTrial[] {
  const random = randomFrom(seed);
  const names = profiles.map((profile) => profile.name);
  const first = shuffled(names, random);
  const orderIn = (block: number) => {
    if (design !== "duet") return block === 1 ? first : shuffled(names, random);
    // Who is started first, and on which CPUs: each as often as the other.
    return block % 2 === 1 ? first : first.toReversed();
  };
  return Array.from({ length: blocks }, (_, i) => i + 1)
    .flatMap((block) => orderIn(block).map((profile) => ({ block, profile })))
    .map((trial, i) => ({ sequence: i + 1, ...trial }));
}
