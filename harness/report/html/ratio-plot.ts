import type { RatioRange } from "../../analysis/analysis.ts";
import { formatFactor } from "../../core/numbers.ts";
import { html, type Markup } from "./markup.ts";

/** Logarithmic axis that all ratios of a table share. */
export interface RatioAxis {
  low: number;
  high: number;
}

const width = 150;
const height = 20;
const edge = 8;

/** An axis that holds every ratio, every interval and 1; null without a ratio. */
export function ratioAxis(ratios: (RatioRange | null)[]): RatioAxis | null {
  const values = ratios.flatMap((one) => [one?.ratio, one?.low, one?.high]).filter((value) => isPositive(value));
  if (values.length === 0) return null;
  const low = Math.min(1, ...values);
  const high = Math.max(1, ...values);
  return high / low < 1.2 ? { low: low / 1.1, high: high * 1.1 } : { low, high };
}

function placeOn({ low, high }: RatioAxis): (ratio: number) => number {
  return (ratio) => edge + (Math.log(ratio / low) / Math.log(high / low)) * (width - 2 * edge);
}

/** Room of a label, so that none runs into the next. */
const labelWidth = 34;

/** 1, and of 0.1, 0.2, 0.5, 2, 5 ... those that lie on the axis; where there are none its ends. Those that have no room are left out. */
function ticksOf({ low, high }: RatioAxis, x: (ratio: number) => number): number[] {
  const decades = [0.001, 0.01, 0.1, 1, 10, 100, 1000];
  const round = decades.flatMap((one) => [one, 2 * one, 5 * one]).filter((tick) => tick >= low && tick <= high);
  const named = [1];
  for (const tick of round.length > 1 ? round : [low, high]) {
    if (named.every((other) => Math.abs(x(other) - x(tick)) >= labelWidth)) named.push(tick);
  }
  return named;
}

/** The axis with a few of its ratios named. Decoration, like the plots below it. */
export function ratioScale(axis: RatioAxis, where: "in-head" | "in-card"): Markup {
  const x = placeOn(axis);
  const label = (ratio: number) => {
    const anchor = x(ratio) < labelWidth / 2 ? "start" : x(ratio) > width - labelWidth / 2 ? "end" : "middle";
    const at = { start: 0, end: width, middle: x(ratio) }[anchor];
    return html`<text x="${at}" y="10" text-anchor="${anchor}">${Number.isInteger(ratio) ? ratio : formatFactor(ratio)}x</text><line x1="${x(ratio)}" x2="${x(ratio)}" y1="13" y2="18"/>`;
  };
  return html`<svg class="ratio scale ${where}" viewBox="0 0 ${width} ${height}" aria-hidden="true" focusable="false"><line x1="${edge}" x2="${width - edge}" y1="18" y2="18"/>${ticksOf(axis, x).map(label)}</svg>`;
}

/**
 * The ratio on the axis: a line from the interval's low to its high, a dot at the ratio (hollow without an interval),
 * an arrow where the ratio is only a bound. Decoration: the same numbers stand beside it as text.
 */
export function ratioPlot(ratio: RatioRange | null, axis: RatioAxis): Markup {
  const x = placeOn(axis);
  const one = html`<line class="one" x1="${x(1)}" x2="${x(1)}" y1="1" y2="${height - 1}"/>`;
  const marks = ratio === null || !isPositive(ratio.ratio) ? html`` : ratioMarks(ratio, ratio.ratio, x);
  return html`<svg class="ratio" viewBox="0 0 ${width} ${height}" aria-hidden="true" focusable="false">${one}${marks}</svg>`;
}

function ratioMarks({ low, high, bound }: RatioRange, ratio: number, x: (ratio: number) => number): Markup {
  const middle = height / 2;
  const from = isPositive(low) ? x(low) : x(ratio);
  const to = isPositive(high) ? x(high) : x(ratio);
  const known = isPositive(low) || isPositive(high);
  return html`<line class="interval" x1="${from}" x2="${to}" y1="${middle}" y2="${middle}"/>
<circle class="${known ? "dot" : "dot hollow"}" cx="${x(ratio)}" cy="${middle}" r="3.5"/>${arrow(bound, x(ratio))}`;
}

function arrow(bound: RatioRange["bound"], at: number): Markup {
  if (bound === null) return html``;
  const [sign, middle] = [bound === "atLeast" ? 1 : -1, height / 2];
  const start = at + sign * 4;
  const end = bound === "atLeast" ? Math.max(start + 4, width - 1) : Math.min(start - 4, 1);
  return html`<path class="arrow" d="M${start} ${middle}H${end}m${-4 * sign} -3.5l${4 * sign} 3.5l${-4 * sign} 3.5"/>`;
}

function isPositive(value: number | null | undefined): value is number {
  return value !== null && value !== undefined && value > 0 && Number.isFinite(value);
}
