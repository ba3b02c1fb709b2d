import { counted } from "../../core/words.ts";
import { piecesOf, plainText, type Report, type Section } from "../blocks.ts";
import { chartData } from "../charts/chart-data.ts";
import type { PageData } from "../charts/page-data.ts";
import type { ReportInput } from "../report-input.ts";
import { runReport } from "../run-report.ts";
import { inline } from "./inline.ts";
import { html, type Markup, scriptJson, trusted } from "./markup.ts";
import { type PageAssets, pageAssets } from "./page-assets.ts";
import { blocksMarkup } from "./render-blocks.ts";

/**
 * A run's report as one HTML page that needs nothing else: no network, no other file. Text of suites and logs stays text;
 * the page's policy allows only its own script and style. Series are thinned where the page would grow beyond 2 MB.
 */
export function renderHtml(input: ReportInput): string {
  const charts = chartData(input);
  return page(runReport(input, charts), charts.data).text;
}

/** A report whose figures hold what they show themselves, as a page of the same kind. */
export function renderPage(report: Report): string {
  return page(report, { shared: { seconds: 0, ratePerSecond: 0, latencyMs: null }, profiles: [] }).text;
}

function page(report: Report, data: PageData): Markup {
  const assets = pageAssets();
  const [first] = report.sections;
  return html`<!doctype html>
<html lang="en">
${head(report, assets)}
<body>
<a class="skip" href="#${first?.id ?? ""}">Skip to the results</a>
<main>
${pageHeader(report)}
${report.sections.map(
  ({ id, title, blocks }) => html`<section aria-labelledby="${id}"><h2 id="${id}">${inline(title)}</h2>
${blocksMarkup(blocks)}</section>\n`,
)}
</main>
<script type="application/json" id="page-data">${scriptJson(data)}</script>
<script>${trusted(assets.script)}</script>
</body>
</html>
`;
}

function head({ title }: Report, assets: PageAssets): Markup {
  const policy = [
    "default-src 'none'",
    "img-src data:",
    `script-src '${assets.scriptHash}'`,
    `style-src '${assets.styleHash}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return html`<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${title}: tunebench report</title>
<style>${trusted(assets.style)}</style>
</head>`;
}

/** The answer as the page's heading, whose run it is, and the way to all that stands below. */
function pageHeader(report: Report): Markup {
  const { title, facts, headline, lead, notices, sections } = report;
  return html`<header>
<p class="eyebrow"><strong>${title}</strong> ${facts.map((fact) => html`<span>${fact}</span> `)}</p>
<h1>${headline}</h1>
${lead.length === 0 ? null : html`<p class="lede">${lead.join(" ")}</p>`}
${notices.map((notice) => html`<p class="notice" role="note">${notice}</p>`)}
${caveatsLink(report)}
<nav aria-label="Sections">${sections.map((section) => html`<a href="#${section.id}">${nameOf(section)}</a> `)}</nav>
</header>`;
}

/** The title without its marks. */
function nameOf({ title }: Section): string {
  return plainText(piecesOf(title).filter((piece) => typeof piece === "string" || piece.kind !== "mark"));
}

/** Numbers are read at the top, and what qualifies them stands far below. */
function caveatsLink({ sections }: Report): Markup {
  const caveats = sections.find(({ id }) => id === "caveats")?.blocks ?? [];
  const count = caveats.reduce((sum, block) => sum + (block.kind === "notes" ? block.items.length : 0), 0);
  return count === 0
    ? html``
    : html`<p class="caveats">Read with <a href="#caveats">${counted(count, "caveat")}</a>.</p>`;
}
