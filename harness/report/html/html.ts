import type { ReportInput } from "../report-input.ts";
import { chartData } from "./chart-data.ts";
import { conditionsSection, sizingSection } from "./conditions-section.ts";
import { environmentSection } from "./environment-section.ts";
import { findingsSection } from "./findings-section.ts";
import { firstScreen } from "./first-screen.ts";
import { goalsSection } from "./goals-section.ts";
import { html, type Markup, scriptJson, trusted } from "./markup.ts";
import { measuresSection, wallsSection } from "./measures-sections.ts";
import { type PageAssets, pageAssets } from "./page-assets.ts";
import type { PageData } from "./page-data.ts";
import { chartSections } from "./profile-sections.ts";
import { doubtsSection, lastWordsSection, trialsSection } from "./record-sections.ts";
import { settingsSection } from "./settings-section.ts";
import { calibrationSection, effectsSection, verdictsSection } from "./verdicts-section.ts";

/**
 * The report as one HTML page that needs nothing else: no network, no other file. Text of suites and logs stays text;
 * the page's policy allows only its own script and style. Series are thinned where the page would grow beyond 2 MB.
 */
export function renderHtml(input: ReportInput): string {
  const { data, thinnedTo } = chartData(input);
  const sections = [
    goalsSection(input),
    conditionsSection(input),
    sizingSection(input),
    findingsSection(input),
    effectsSection(input),
    input.analysis.calibration === null ? verdictsSection(input) : calibrationSection(input),
    contents(data),
    chartSections(input, data),
    thinnedTo === null ? null : thinnedNote(thinnedTo),
    input.run.experiment.kind !== "search" ? wallsSection(input) : null,
    measuresSection(input),
    settingsSection(input),
    trialsSection(input),
    doubtsSection(input),
    lastWordsSection(input),
    environmentSection(input),
  ];
  const assets = pageAssets();
  return html`<!doctype html>
<html lang="en">
${head(input, assets)}
<body>
<a class="skip" href="#comparison">Skip to the comparison</a>
<main>
${firstScreen(input)}
${sections}
</main>
<script type="application/json" id="page-data">${scriptJson(data)}</script>
<script>${trusted(assets.script)}</script>
</body>
</html>
`.text;
}

function head({ run }: ReportInput, assets: PageAssets): Markup {
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
<title>${run.suite}: tunebench report</title>
<style>${trusted(assets.style)}</style>
</head>`;
}

/** The way to what stands below the first screen. */
function contents({ profiles }: PageData): Markup {
  const charts = profiles.map(({ name }, index) => html`<a href="#profile-${index}">${name}</a>`);
  const records = ["measures", "settings", "trials", "environment"].map((id) => html`<a href="#${id}">${id}</a>`);
  return html`<nav aria-label="Sections">${charts}${records}</nav>`;
}

function thinnedNote(points: number): Markup {
  return html`<p class="muted">Series are thinned to at most ${points} points each for this page; the trials' folders hold all of them.</p>`;
}
