import { formatSeconds } from "../../core/units.ts";
import type { Chart } from "../charts/chart.ts";
import { findPathPlot } from "./find-path-plot.ts";
import { html, type Markup } from "./markup.ts";
import { searchPlot } from "./search-plot.ts";
import { trendPlot } from "./trend-plot.ts";

/** A chart's picture, or the place where the page's script draws it. `label`: what it shows, for who can't see it. */
export function drawing(chart: Chart, label: string): Markup {
  switch (chart.kind) {
    case "search":
      return html`<div role="img" aria-label="${label}">${searchPlot(chart.search, chart.ceilingPerSecond)}</div>`;
    case "trend":
      return html`<div role="img" aria-label="${label}">${trendPlot(chart)}</div>`;
    case "find-path":
      return html`<div role="img" aria-label="${label}">${findPathPlot(chart.path)}</div>`;
    case "heat":
      return heatStrip(chart, label);
    case "all-throughput":
    case "all-ports":
      return html`<div class="chart" data-chart="${chart.kind}" role="img" aria-label="${label}">${withoutScript}</div>`;
    default:
      return html`<div class="chart" data-chart="${chart.kind}" data-profile="${chart.profile}" role="img" aria-label="${label}">${withoutScript}</div>`;
  }
}

const withoutScript = html`<noscript>The chart needs JavaScript; the numbers do not.</noscript>`;

/** A CPU a line; many CPUs are not named one by one. */
const mostNamed = 16;

function heatStrip({ profile, strip, cpus, seconds }: Extract<Chart, { kind: "heat" }>, label: string): Markup {
  const names = cpus <= mostNamed ? Array.from({ length: cpus }, (_, cpu) => `CPU ${cpu}`) : [`CPU 0 to ${cpus - 1}`];
  return html`<div class="strip"><div class="cpus" aria-hidden="true">${names.map((name) => html`<span>${name}</span>`)}</div>
<canvas data-chart="heat" data-profile="${profile}" data-strip="${strip}" role="img" aria-label="${label}"></canvas>
<div class="ticks" aria-hidden="true"><span>0 s</span><span>${formatSeconds(seconds)}</span></div></div>`;
}

export function isSearch({ kind }: Chart): boolean {
  return kind === "search";
}

/** What the marks of `searchPlot` mean. */
export const searchLegend = html`<p class="muted">Steps from left to right. Dot: kept; cross: missed; hollow: the generator was the limit; ring: the confirmation.</p>\n`;
