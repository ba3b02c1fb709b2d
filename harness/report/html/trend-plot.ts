import { formatMeasure, type MeasureName } from "../../core/measures.ts";
import type { Chart, TrendMark } from "../charts/chart.ts";
import { colors } from "./inline.ts";
import { html, type Markup } from "./markup.ts";

const width = 430;
const height = 190;
/** Room for the scale's numbers, and for the words of changes above. */
const room = { left: 64, right: 14, top: 24, bottom: 24 };
const ticks = 4;
/** Room of a date below the axis. */
const labelWidth = 44;

/**
 * A measure from run to run: medians, each on a line from its lowest to its highest trial; hollow where the median is only a lower bound. A
 * dashed line stands before a run that is not like the one before it, with what of the machine changed. Drawn without a script; the
 * same numbers stand in a table below it.
 */
export function trendPlot({ measure, palette, marks }: Extract<Chart, { kind: "trend" }>): Markup {
  const axis = axisOf(marks);
  const y = (value: number) =>
    room.top + ((axis.high - value) / (axis.high - axis.low)) * (height - room.top - room.bottom);
  const step = (width - room.left - room.right) / marks.length;
  const x = (place: number) => room.left + (place + 0.5) * step;
  const way = marks.flatMap(({ value }, place) => (value === null ? [] : `${x(place)},${y(value.median)}`)).join(" ");
  return html`<svg class="trend series-${palette % colors}" viewBox="0 0 ${width} ${height}" aria-hidden="true" focusable="false">
${scale(axis, measure, y)}
${marks.map(({ change }, place) => (change === null ? null : changeLine(change, x(place) - step / 2)))}
<polyline class="way" points="${way}"/>
${marks.map((mark, place) => valueMark(mark, x(place), y))}
${marks.map(({ label }, place) => (isNamed(place, step) ? html`<text class="place" x="${x(place)}" y="${height - 6}">${label}</text>` : null))}
</svg>`;
}

interface Axis {
  low: number;
  high: number;
}

/** All that is drawn with a tenth of room, and never so near that a difference of a hundredth fills the picture. */
function axisOf(marks: TrendMark[]): Axis {
  const values = marks.flatMap(({ value }) => (value === null ? [] : [value.low, value.median, value.high]));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const edge = Math.max((high - low) / 10, Math.abs(high) / 20) || 1;
  return { low: low >= 0 ? Math.max(0, low - edge) : low - edge, high: high + edge };
}

function scale({ low, high }: Axis, measure: MeasureName, y: (value: number) => number): Markup[] {
  const values = Array.from({ length: ticks }, (_, index) => low + (index / (ticks - 1)) * (high - low));
  return values.map(
    (value) =>
      html`<line class="grid" x1="${room.left}" x2="${width - room.right}" y1="${y(value)}" y2="${y(value)}"/><text class="tick" x="${room.left - 6}" y="${y(value) + 4}">${formatMeasure(measure, value)}</text>`,
  );
}

function changeLine(words: string, at: number): Markup {
  const kind = words === "" ? "change" : "change machine";
  return html`<line class="${kind}" x1="${at}" x2="${at}" y1="${room.top - 6}" y2="${height - room.bottom}"/>${
    words === ""
      ? null
      : html`<text class="machine" x="${at}" y="${room.top - 11}" text-anchor="${at > width / 2 ? "end" : "start"}">${words}</text>`
  }`;
}

function valueMark({ value }: TrendMark, x: number, y: (value: number) => number): Markup | null {
  if (value === null) return null;
  const { median, low, high, isBound } = value;
  return html`<line class="range" x1="${x}" x2="${x}" y1="${y(low)}" y2="${y(high)}"/><circle class="${isBound ? "dot hollow" : "dot"}" cx="${x}" cy="${y(median)}" r="3.5"/>`;
}

/** The first, and of the others as many as have room. */
function isNamed(place: number, step: number): boolean {
  const every = Math.max(1, Math.ceil(labelWidth / step));
  return place % every === 0;
}
