import type { Direction } from "../core/measures.ts";
import { formatChosen } from "../core/units.ts";
import { counted } from "../core/words.ts";
import { significanceLevel } from "./blocks-needed.ts";
import { blocksThatWouldDo, mostBlocks } from "./detectable.ts";
import type { RatioEstimate } from "./ratio.ts";
import { studentQuantile } from "./student.ts";

/** What a comparison comes to, and why where it comes to nothing. */
export interface Judgement {
  verdict: "better" | "worse" | "same" | "inconclusive";
  reason: string | null;
}

export interface JudgeRequest {
  estimate: RatioEstimate;
  /** Holm-adjusted p. */
  adjustedP: number | null;
  direction: Direction;
  /** Fraction: with 0.05 ratios from 1/1.05 to 1.05 count as "same" (the band is even in logarithms, so that swapping the arms swaps the verdict). */
  tolerance: number;
  /** Blocks that the family needs; see blocksNeeded. */
  needed: number;
  /** Size of that family, and looks that the level is split over. */
  comparisons: number;
  looks: number;
}

/**
 * Effect AND significance. better, worse: adjusted p below 0.05 and the whole interval beyond the tolerance. same: the
 * whole interval within it, from `needed` blocks on: with fewer nothing is decided. Anything else is inconclusive, with the reason and how many blocks would do.
 */
export function judge(request: JudgeRequest): Judgement {
  const { estimate, adjustedP, direction } = request;
  const edge = Math.log1p(request.tolerance);
  const low = estimate.low === null ? -Infinity : Math.log(estimate.low);
  const high = estimate.high === null ? Infinity : Math.log(estimate.high);
  const significant = adjustedP !== null && adjustedP < significanceLevel;
  if (estimate.n >= request.needed && low >= -edge && high <= edge) return { verdict: "same", reason: null };
  if (significant && low > edge) return { verdict: direction === "higher" ? "better" : "worse", reason: null };
  if (significant && high < -edge) return { verdict: direction === "higher" ? "worse" : "better", reason: null };
  return { verdict: "inconclusive", reason: reasonFor(request, edge) };
}

function reasonFor(request: JudgeRequest, edge: number): string {
  const { estimate, adjustedP, tolerance, needed } = request;
  const { ratio, low, high, n } = estimate;
  if (n === 0) return "no block has a pair that carries a ratio";
  if (ratio === null) return "bounds point both ways: sometimes only one side broke, sometimes only the other";
  if (n < needed) return `${counted(n, "block")}: effect sizes yes, significance no; ${needed} blocks would do`;
  const band = `the tolerance of ${formatChosen(tolerance, "fraction")}`;
  if (low === null || high === null) return `only a bound is known, and it does not clear ${band}`;
  const more = moreBlocks(request, Math.log(ratio), Math.log(high / low) / 2);
  const beyond = Math.log(low) > edge || Math.log(high) < -edge;
  if (beyond) return `p ${adjustedP?.toFixed(2) ?? "unknown"} after adjustment for all comparisons; ${more}`;
  if (low > 1 || high < 1) return `a difference, but it may lie within ${band}; ${more}`;
  return `noise wider than ${band}: ${low.toFixed(2)} to ${high.toFixed(2)}; ${more}`;
}

/** How many blocks decide this in 80 of 100 runs if the true difference is the one that was seen. The noise is what the interval says of it. */
function moreBlocks(
  { estimate, tolerance, comparisons, looks }: JudgeRequest,
  logRatio: number,
  reach: number,
): string {
  const { n } = estimate;
  const deviation = (reach * Math.sqrt(n)) / studentQuantile(1 - significanceLevel / looks / 2, n - 1);
  const blocks = blocksThatWouldDo({ deviation, comparisons, looks, tolerance, logRatio });
  if (blocks === null || n >= mostBlocks) return `more than ${Math.max(n, mostBlocks)} blocks would be needed`;
  return `about ${Math.max(n + 1, blocks)} blocks would do`;
}
