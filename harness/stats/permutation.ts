import { randomBits } from "../core/random.ts";
/**
 * The two-sample permutation test and its interval, for arms that were not run in pairs. If the arms do not differ, every
 * way to deal the pooled values out again is as likely as the one seen: p counts those whose difference of means is at
 * least as far out, on the nearer side and doubled. Dealing out anew swaps a subset of the candidate's values for as
 * many of the baseline's; with all of the candidate's shifted by d, such a swap comes out at least as far exactly where
 * the subsets' means lie no more than d apart, so the interval that inverts the test ends at order statistics of those
 * differences. Sources: E. J. G. Pitman, "Significance tests which may be applied to samples from any populations",
 * J. R. Stat. Soc. Suppl. 4 (1937); for the inversion D. Tritchler, "On inverting permutation tests", JASA 79 (1984).
 */

/** Up to this many ways to deal are all visited; beyond, a fixed sample of them. */
export const exactDeals = 200_000;
/** Size of the sample, the deal that was seen counted in. */
const sampledDeals = 2 ** 13;
/** Means that differ by less than this share are ties: floating point must not split equal values. */
const tieShare = 1e-9;

/** Two-sided p of "both arms come from one distribution"; 1 where an arm is empty. */
export function permutationP(candidate: number[], baseline: number[]): number {
  const { differences, sizes } = swaps(candidate, baseline);
  const tie = tieShare * Math.max(0, ...[...candidate, ...baseline].map(Math.abs));
  let [above, below] = [0, 0];
  differences.forEach((difference, index) => {
    // What a swap of size 0 leaves is the deal that was seen.
    if (sizes[index] === 0 || difference <= tie) above += 1;
    if (sizes[index] === 0 || difference >= -tie) below += 1;
  });
  return Math.min(1, (2 * Math.min(above, below)) / differences.length);
}

/** Shifts of the candidate that the test does not reject at 1 - confidence; null where too few values can reject any. */
export function permutationInterval(
  candidate: number[],
  baseline: number[],
  confidence = 0.95,
): { low: number; high: number } | null {
  const { differences, sizes } = swaps(candidate, baseline);
  const rank = Math.floor(((1 - confidence) / 2) * differences.length);
  if (rank === 0) return null;
  const ordered = differences.filter((_, index) => sizes[index] !== 0).sort();
  return { low: ordered[rank - 1] ?? Number.NaN, high: ordered[ordered.length - rank] ?? Number.NaN };
}

/** The number of ways to choose `few` of `all`; grows past every limit without harm. */
export function deals(candidates: number, baselines: number): number {
  let ways = 1;
  for (let one = 1; one <= candidates; one += 1) ways = (ways * (baselines + one)) / one;
  return Math.round(ways);
}

/** Each swap: mean of what leaves the candidate's arm less the mean of what comes in, and how many change sides. */
interface Swaps {
  differences: Float64Array;
  sizes: Uint16Array;
}

function swaps(candidate: number[], baseline: number[]): Swaps {
  const exact = deals(candidate.length, baseline.length) <= exactDeals;
  return exact ? everySwap(candidate, baseline) : sampleOfSwaps(candidate, baseline);
}

function everySwap(candidate: number[], baseline: number[]): Swaps {
  const most = Math.min(candidate.length, baseline.length);
  const [leaving, coming] = [sumsBySize(candidate, most), sumsBySize(baseline, most)];
  const total = deals(candidate.length, baseline.length);
  const [differences, sizes] = [new Float64Array(total), new Uint16Array(total)];
  let at = 0;
  leaving.forEach((sums, size) => {
    for (const out of sums) {
      for (const into of coming[size] ?? []) {
        differences[at] = size === 0 ? 0 : (out - into) / size;
        sizes[at] = size;
        at += 1;
      }
    }
  });
  return { differences, sizes };
}

/** Sums of all subsets of up to `most` values, by their size. */
function sumsBySize(values: number[], most: number): number[][] {
  const bySize: number[][] = Array.from({ length: most + 1 }, (_, size) => (size === 0 ? [0] : []));
  for (const value of values) {
    // From the largest down, so that no value enters a subset twice.
    for (let size = most; size > 0; size -= 1) {
      for (const sum of bySize[size - 1] ?? []) bySize[size]?.push(sum + value);
    }
  }
  return bySize;
}

/** Deals drawn at random, behind the one that was seen. The seed is fixed: the same record must give the same report. */
function sampleOfSwaps(candidate: number[], baseline: number[]): Swaps {
  const [differences, sizes] = [new Float64Array(sampledDeals), new Uint16Array(sampledDeals)];
  const random = randomBits(0x9e3779b9);
  const places = Array.from({ length: candidate.length + baseline.length }, (_, place) => place);
  const dealt = new Uint8Array(places.length);
  for (let at = 1; at < sampledDeals; at += 1) {
    drawFirst(places, candidate.length, random);
    dealt.fill(0);
    for (let index = 0; index < candidate.length; index += 1) dealt[places[index] ?? 0] = 1;
    const leaving = sumWhere(candidate, 0, dealt, 0);
    const coming = sumWhere(baseline, candidate.length, dealt, 1);
    sizes[at] = leaving.count;
    differences[at] = leaving.count === 0 ? 0 : (leaving.sum - coming.sum) / leaving.count;
  }
  return { differences, sizes };
}

/** Draws the first `count` of a list by exchange (Fisher and Yates). */
function drawFirst(list: number[], count: number, random: () => number): void {
  for (let index = 0; index < count; index += 1) {
    const other = index + Math.floor((random() / 2 ** 32) * (list.length - index));
    const drawn = list[other] ?? 0;
    list[other] = list[index] ?? 0;
    list[index] = drawn;
  }
}

/** Of the values whose place among all, from `from` on, has that mark: how many, and their sum. */
function sumWhere(values: number[], from: number, marks: Uint8Array, mark: number): { count: number; sum: number } {
  let [count, sum] = [0, 0];
  for (let index = 0; index < values.length; index += 1) {
    if (marks[from + index] !== mark) continue;
    count += 1;
    sum += values[index] ?? 0;
  }
  return { count, sum };
}
