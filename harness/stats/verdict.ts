import type { Direction } from "../core/measures.ts";
import { blocksThatWouldDo, mostBlocks } from "./detectable.ts";
import type { RatioEstimate } from "./ratio.ts";
import type { BlocksAhead, Judgement, JudgeReason } from "./reason.ts";
import { significanceLevel } from "./significance.ts";
import { studentQuantile } from "./student.ts";

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
 * whole interval within it. All from `needed` blocks on: with fewer nothing is decided. Anything else is inconclusive, with the reason and how many blocks would do.
 */
export function judge(request: JudgeRequest): Judgement {
  const { estimate, adjustedP, direction } = request;
  const edge = Math.log1p(request.tolerance);
  const low = estimate.low === null ? -Infinity : Math.log(estimate.low);
  const high = estimate.high === null ? Infinity : Math.log(estimate.high);
  const significant = adjustedP !== null && adjustedP < significanceLevel;
  if (estimate.n < request.needed) return { verdict: "inconclusive", reason: reasonFor(request, edge) };
  if (low >= -edge && high <= edge) return { verdict: "same", reason: null };
  if (significant && low > edge) return { verdict: direction === "higher" ? "better" : "worse", reason: null };
  if (significant && high < -edge) return { verdict: direction === "higher" ? "worse" : "better", reason: null };
  return { verdict: "inconclusive", reason: reasonFor(request, edge) };
}

function reasonFor(request: JudgeRequest, edge: number): JudgeReason {
  const { estimate, adjustedP, tolerance, needed } = request;
  const { ratio, low, high, n } = estimate;
  if (n === 0) return { code: "no-ratio" };
  if (n > 1 && ratio === null) return { code: "opposite-bounds" };
  if (n === 1 || n < needed || ratio === null) return { code: "few-blocks", blocks: n, needed };
  if (low === null || high === null) return { code: "only-a-bound", tolerance };
  const ahead = blocksAhead(request, Math.log(ratio), Math.log(high / low) / 2);
  const beyond = Math.log(low) > edge || Math.log(high) < -edge;
  if (beyond) return { code: "not-significant", p: adjustedP, ahead };
  if (low > 1 || high < 1) return { code: "difference-within-tolerance", tolerance, ahead };
  return { code: "noise", low, high, tolerance, ahead };
}

/** The noise is what the interval says of it. */
function blocksAhead(
  { estimate, tolerance, comparisons, looks }: JudgeRequest,
  logRatio: number,
  reach: number,
): BlocksAhead {
  const { n } = estimate;
  const deviation = (reach * Math.sqrt(n)) / studentQuantile(1 - significanceLevel / looks / 2, n - 1);
  const blocks = blocksThatWouldDo({ deviation, comparisons, looks, tolerance, logRatio });
  const most = Math.max(n, mostBlocks);
  return { blocks: blocks === null || n >= mostBlocks ? null : Math.max(n + 1, blocks), most };
}
