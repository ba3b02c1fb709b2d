import type { MeasureSummary, RatioRange } from "../analysis/analysis.ts";
import { formatMeasure, type MeasureName } from "../core/measures.ts";
import { formatFactor, formatRatio } from "../core/numbers.ts";

/** The median, with ">=" where it is only a lower bound; "-" where nothing was measured. */
export function formatSummary(name: MeasureName, summary: MeasureSummary | undefined): string {
  if (summary === undefined) return "-";
  return `${summary.medianIsBound ? ">= " : ""}${formatMeasure(name, summary.median)}`;
}

/** "lowest to highest" of a summary; null where that says nothing new (one trial, all alike). */
export function formatSpread(name: MeasureName, summary: MeasureSummary | undefined): string | null {
  if (summary === undefined || summary.n < 2) return null;
  const [low, high] = [formatMeasure(name, summary.low), formatMeasure(name, summary.high)];
  return low === high ? null : `${low} to ${high}`;
}

/** 2.10x (1.95 to 2.30), >= 5.31x (from 5.20), >= 5.31x n=1, or "-" where there is no ratio. */
export function formatComparison(comparison: RatioRange | undefined): string {
  if (comparison === undefined || comparison.ratio === null) return "-";
  const bound = comparison.bound === "atLeast" ? ">= " : comparison.bound === "atMost" ? "<= " : "";
  return `${bound}${formatRatio(comparison.ratio)} ${formatInterval(comparison)}`;
}

/** (1.95 to 2.30), (from 5.20) where a bound leaves the other end open, or n=1 where there is no interval. */
function formatInterval(comparison: RatioRange): string {
  const [low, high] = [comparison.low, comparison.high].map((end) => (end === null ? null : formatFactor(end)));
  if (low === null && high === null) return `n=${comparison.n}`;
  if (high === null) return `(from ${low})`;
  return low === null ? `(up to ${high})` : `(${low} to ${high})`;
}
