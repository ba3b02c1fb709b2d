import type { Comparison } from "../../analysis/analysis.ts";
import { html, type Markup } from "./markup.ts";

/** Logarithmic axis that all rows of the comparison share. */
export interface RatioAxis {
  low: number;
  high: number;
}

const width = 150;
const height = 20;
const edge = 8;

/** An axis that holds every ratio, every interval and 1. */
export function ratioAxis(comparisons: (Comparison | null)[]): RatioAxis {
  const values = comparisons.flatMap((one) => [one?.ratio, one?.low, one?.high]).filter((value) => isPositive(value));
  const low = Math.min(1, ...values);
  const high = Math.max(1, ...values);
  return high / low < 1.2 ? { low: low / 1.1, high: high * 1.1 } : { low, high };
}

/**
 * The ratio on the axis: a line from the interval's low to its high, a dot at the ratio (hollow without an interval),
 * an arrow where the ratio is only a bound. Decoration: the same numbers stand beside it as text.
 */
export function ratioPlot(comparison: Comparison | null, axis: RatioAxis): Markup {
  const x = (ratio: number) =>
    edge + (Math.log(ratio / axis.low) / Math.log(axis.high / axis.low)) * (width - 2 * edge);
  const one = html`<line class="one" x1="${x(1)}" x2="${x(1)}" y1="1" y2="${height - 1}"/>`;
  const marks =
    comparison === null || !isPositive(comparison.ratio) ? html`` : ratioMarks(comparison, comparison.ratio, x);
  return html`<svg class="ratio" viewBox="0 0 ${width} ${height}" aria-hidden="true" focusable="false">${one}${marks}</svg>`;
}

function ratioMarks({ low, high, bound }: Comparison, ratio: number, x: (ratio: number) => number): Markup {
  const middle = height / 2;
  const from = isPositive(low) ? x(low) : x(ratio);
  const to = isPositive(high) ? x(high) : x(ratio);
  const known = isPositive(low) || isPositive(high);
  return html`<line class="interval" x1="${from}" x2="${to}" y1="${middle}" y2="${middle}"/>
<circle class="${known ? "dot" : "dot hollow"}" cx="${x(ratio)}" cy="${middle}" r="3.5"/>${arrow(bound, x(ratio))}`;
}

function arrow(bound: Comparison["bound"], at: number): Markup {
  if (bound === null) return html``;
  const [sign, middle] = [bound === "atLeast" ? 1 : -1, height / 2];
  const start = at + sign * 4;
  const end = bound === "atLeast" ? Math.max(start + 4, width - 1) : Math.min(start - 4, 1);
  return html`<path class="arrow" d="M${start} ${middle}H${end}m${-4 * sign} -3.5l${4 * sign} 3.5l${-4 * sign} 3.5"/>`;
}

function isPositive(value: number | null | undefined): value is number {
  return value !== null && value !== undefined && value > 0 && Number.isFinite(value);
}
