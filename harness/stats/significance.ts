/** Chance of a false alarm over the whole family of comparisons. */
export const significanceLevel = 0.05;

/**
 * Fewest blocks from which the smallest of `comparisons` Holm-adjusted p can fall to the level at all: an exact sign-flip
 * test of n pairs can't get below 2 / 2^n. The level is split evenly over `looks`. Plan counts its blocks by it, the verdict names it.
 */
export function blocksNeeded(comparisons: number, looks = 1): number {
  return Math.ceil(1 + Math.log2((Math.max(1, comparisons) * looks) / significanceLevel));
}
