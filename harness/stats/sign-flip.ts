/**
 * The sign-flip (paired permutation) test and its interval. If candidate and baseline do not differ, each block's
 * log ratio is as likely to have the other sign: p is the share of all 2^n ways to choose signs whose sum is at least
 * as far from 0 as the one seen. Flipping the signs of a subset F leaves sum - 2 * sum(F); shifting all by a centre c,
 * c is rejected from below exactly as often as means of subsets lie under it, so the interval that inverts the test
 * ends at order statistics of the subsets' means. Source: J. A. Hartigan, "Using subsample values as typical values",
 * JASA 64 (1969).
 */

import { randomBits } from "../core/random.ts";
import { selectInPlace } from "./select.ts";

/** Up to this many pairs every subset is visited; beyond, a fixed sample of them. */
export const exactPairs = 20;
/** Size of the sample, the unflipped one counted in. */
const sampledSubsets = 2 ** 15;
/** Sums that differ by less than this share are ties: floating point must not split equal ratios. */
const tieShare = 1e-9;

/** Two-sided p of "the values are symmetric about 0"; 1 for no values. Never below 2 / 2^n (exact) or 1 / 32768. */
export function signFlipP(values: number[]): number {
  const { sums } = subsets(values);
  const total = values.reduce((sum, value) => sum + value, 0);
  const reach = Math.abs(total) - tieShare * values.reduce((sum, value) => sum + Math.abs(value), 0);
  let asFar = 0;
  for (const sum of sums) if (Math.abs(total - 2 * sum) >= reach) asFar += 1;
  return asFar / sums.length;
}

/** Centres that the test does not reject at 1 - confidence. null where too few values can reject any (fewer than 6 at 95%). */
export function signFlipInterval(values: number[], confidence = 0.95): Interval | null {
  return signFlipIntervals(values, [confidence])[0] ?? null;
}

export interface Interval {
  low: number;
  high: number;
}

/** The same at several confidences, in their order. */
export function signFlipIntervals(values: number[], confidences: number[]): (Interval | null)[] {
  const { sums, sizes } = subsets(values);
  // The first subset is the empty one, which has no mean.
  const means = sums.subarray(1);
  for (let index = 0; index < means.length; index += 1) {
    means[index] = (means[index] ?? 0) / (sizes[index + 1] ?? 1);
  }
  return confidences.map((confidence) => {
    // Rounding must not lose the rank that a level of just 2 / 2^n has.
    const rank = Math.floor(((1 - confidence) / 2) * sums.length + 1e-9);
    if (rank === 0) return null;
    return { low: selectInPlace(means, rank - 1), high: selectInPlace(means, means.length - rank) };
  });
}

interface Subsets {
  sums: Float64Array;
  sizes: Uint16Array;
}

function subsets(values: number[]): Subsets {
  return values.length <= exactPairs ? everySubset(values) : sampleOfSubsets(values);
}

/** Each value doubles the list: all subsets so far without it, then with it. The empty one comes first. */
function everySubset(values: number[]): Subsets {
  const sums = new Float64Array(2 ** values.length);
  const sizes = new Uint16Array(sums.length);
  values.forEach((value, position) => {
    const known = 2 ** position;
    for (let index = 0; index < known; index += 1) {
      sums[known + index] = (sums[index] ?? 0) + value;
      sizes[known + index] = (sizes[index] ?? 0) + 1;
    }
  });
  return { sums, sizes };
}

/** Random nonempty subsets behind the empty one. The seed is fixed: the same record must give the same report. */
function sampleOfSubsets(values: number[]): Subsets {
  const sums = new Float64Array(sampledSubsets);
  const sizes = new Uint16Array(sampledSubsets);
  const random = randomBits(0x9e3779b9);
  for (let index = 1; index < sampledSubsets; index += 1) {
    let bits = 0;
    for (let position = 0; position < values.length; position += 1) {
      if (position % 32 === 0) bits = random();
      if (((bits >>> (position % 32)) & 1) === 0) continue;
      sums[index] = (sums[index] ?? 0) + (values[position] ?? 0);
      sizes[index] = (sizes[index] ?? 0) + 1;
    }
    if (sizes[index] === 0) index -= 1;
  }
  return { sums, sizes };
}
