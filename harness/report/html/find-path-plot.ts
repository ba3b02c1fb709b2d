import { formatMeasure, measureOf } from "../../core/measures.ts";
import type { FindPathChart, FindPathTrial } from "../charts/find-path.ts";
import { html, type Markup } from "./markup.ts";

const width = 560;
/** Room for the steps' names, and for the scale's numbers. */
const room = { left: 190, right: 24, top: 26 };
const rowHeight = 26;

/**
 * A find's steps down the page on a linear scale from 0: a wall that was met is a bar across, what held an arrow to the right. What was tried is
 * drawn strong, what it is held against pale. Drawn without a script; the numbers stand in the table of the steps.
 */
export function findPathPlot({ measure, steps }: FindPathChart): Markup {
  const most = Math.max(...steps.flatMap(({ trials }) => trials.map(({ value }) => value)), 1);
  const x = (value: number) => room.left + (value / most) * (width - room.left - room.right);
  const y = (place: number) => room.top + (place + 0.5) * rowHeight;
  const height = room.top + steps.length * rowHeight + 6;
  const ticks = [0, most / 2, most];
  return html`<svg class="find-path" viewBox="0 0 ${width} ${height}" aria-hidden="true" focusable="false">
${ticks.map((tick) => html`<line class="grid" x1="${x(tick)}" x2="${x(tick)}" y1="${room.top - 4}" y2="${height - 6}"/><text class="tick" x="${x(tick)}" y="14">${formatMeasure(measure, tick)}</text>`)}
<text class="label" x="0" y="14">${measureOf(measure).label}</text>
${steps.map(
  ({ title, trials }, place) => html`<text class="step" x="0" y="${y(place) + 4}">${place + 1}. ${title}</text>
${trials.map((trial) => mark(trial, x(trial.value), y(place), x(0)))}`,
)}
</svg>`;
}

function mark({ outcome, isBase }: FindPathTrial, x: number, y: number, from: number): Markup {
  const kind = `${outcome === "held" ? "held" : "met"}${isBase ? " base" : ""}`;
  const way = html`<line class="way ${kind}" x1="${from}" x2="${x}" y1="${y}" y2="${y}"/>`;
  const end =
    outcome === "held"
      ? html`<path class="${kind}" d="M${x - 2} ${y - 5}l7 5l-7 5"/>`
      : html`<line class="${kind}" x1="${x}" x2="${x}" y1="${y - 7}" y2="${y + 7}"/>`;
  return html`${way}${end}`;
}
