import { cumulativeStdNormalProbability, mean, sampleStandardDeviation } from "simple-statistics";
import { commonBound, type PairRatio } from "./pairs.ts";
import { significanceLevel } from "./significance.ts";
import { studentQuantile } from "./student.ts";

export interface OutlookRequest {
  /** What has been seen: at least two. */
  pairs: PairRatio[];
  /** Pairs that there will be at the end. */
  blocks: number;
  tolerance: number;
  looks: number;
}

/**
 * About how likely the blocks to come lead to a verdict, if they are like those that were seen: the mean at the end is
 * normal around the mean now, with the variance s^2 (1/n - 1/N) of a mean of N of which n are known; a verdict needs the
 * interval around it (Student's, of N blocks) wholly inside the tolerance or wholly beyond it. A bound leaves one side only.
 * The adjustment of p for other comparisons is left out: where in doubt, the run goes on.
 */
export function chanceOfDecision({ pairs, blocks, tolerance, looks }: OutlookRequest): number {
  const logs = pairs.map(({ log }) => log);
  const [centre, bound, edge] = [mean(logs), commonBound(pairs), Math.log1p(tolerance)];
  const deviation = Math.max(sampleStandardDeviation(logs), Number.EPSILON);
  const reach = (studentQuantile(1 - significanceLevel / looks / 2, blocks - 1) * deviation) / Math.sqrt(blocks);
  const spread = Math.max(deviation * Math.sqrt(Math.max(0, 1 / logs.length - 1 / blocks)), Number.EPSILON);
  const below = (limit: number) => cumulativeStdNormalProbability((limit - centre) / spread);
  const higher = bound === "atMost" ? 0 : 1 - below(edge + reach);
  const lower = bound === "atLeast" ? 0 : below(-edge - reach);
  const same = bound !== null || reach > edge ? 0 : below(edge - reach) - below(reach - edge);
  return higher + lower + same;
}
