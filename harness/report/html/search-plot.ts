import type { SearchSummary } from "../../analysis/analysis.ts";
import { formatRate } from "../../core/units.ts";
import { resultOf } from "../sections/search.ts";
import { html, type Markup } from "./markup.ts";

type Search = SearchSummary["searches"][number];

const width = 430;
const height = 190;
/** Room for the scale's numbers and the labels of the lines. */
const room = { left: 56, right: 84, top: 12, bottom: 24 };

/** Rates that the scale names: a few of 1, 2, 5, 10 ... */
const mostTicks = 5;

/**
 * A search as it went: its steps from left to right, their rates on a logarithmic scale; kept a filled dot, missed a cross,
 * spoiled by the generator a hollow one, the confirmation ringed. The found rate and the ports' ceiling are lines. Drawn without a
 * script; the same numbers stand in a table below it.
 */
export function searchPlot({ steps, sustainableRatePerSecond: found }: Search, ceiling: number | null): Markup {
  const rates = [...steps.map(({ ratePerSecond }) => ratePerSecond), ...(ceiling === null ? [] : [ceiling])];
  const y = scaleOf(rates);
  const x = (place: number) => room.left + ((place + 0.5) / steps.length) * (width - room.left - room.right);
  const points = steps.map(({ ratePerSecond }, place) => `${x(place)},${y(ratePerSecond)}`).join(" ");
  return html`<svg class="search" viewBox="0 0 ${width} ${height}" aria-hidden="true" focusable="false">
${ticksOf(rates).map((rate) => html`<line class="grid" x1="${room.left}" x2="${width - room.right}" y1="${y(rate)}" y2="${y(rate)}"/><text class="tick" x="${room.left - 6}" y="${y(rate) + 4}">${formatRate(rate)}</text>`)}
${ceiling === null ? null : level("ceiling", "ports allow", y(ceiling), found !== null && found < ceiling)}
${found === null ? null : level("found", "sustained", y(found), ceiling !== null && ceiling <= found)}
<polyline class="way" points="${points}"/>
${steps.map((step, place) => mark(resultOf(step), x(place), y(step.ratePerSecond), step.phase === "confirm"))}
${steps.map((_, place) => html`<text class="place" x="${x(place)}" y="${height - 6}">${place + 1}</text>`)}
</svg>`;
}

function scaleOf(rates: number[]): (rate: number) => number {
  const low = Math.log(Math.min(...rates) / 1.25);
  const high = Math.log(Math.max(...rates) * 1.25);
  return (rate) => room.top + ((high - Math.log(rate)) / (high - low)) * (height - room.top - room.bottom);
}

/** Every second, third ... of 1, 2, 5, 10, 20 ... within the scale, so that there are few. */
function ticksOf(rates: number[]): number[] {
  const [low, high] = [Math.min(...rates) / 1.25, Math.max(...rates) * 1.25];
  const decades = Array.from({ length: 12 }, (_, index) => 10 ** (index - 3));
  const all = decades.flatMap((one) => [one, 2 * one, 5 * one]).filter((rate) => rate >= low && rate <= high);
  const every = Math.ceil(all.length / mostTicks);
  return all.filter((_, index) => index % every === 0);
}

/** A line across, named at its right end: above it, or below where another line is near. */
function level(kind: "found" | "ceiling", words: string, at: number, above: boolean): Markup {
  const end = width - room.right;
  return html`<line class="${kind}" x1="${room.left}" x2="${end}" y1="${at}" y2="${at}"/><text class="${kind}" x="${end + 6}" y="${above ? at : at + 8}">${words}</text>`;
}

function mark(result: ReturnType<typeof resultOf>, x: number, y: number, ringed: boolean): Markup {
  const ring = ringed ? html`<circle class="ring" cx="${x}" cy="${y}" r="8"/>` : html``;
  if (result === "missed") {
    return html`<path class="missed" d="M${x - 4} ${y - 4}l8 8m0 -8l-8 8"/>${ring}`;
  }
  return html`<circle class="${result}" cx="${x}" cy="${y}" r="4"/>${ring}`;
}
