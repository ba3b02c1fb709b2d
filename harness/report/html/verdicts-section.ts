import type { ReportInput } from "../report-input.ts";
import {
  calibrationHeads,
  calibrationLegend,
  calibrationRows,
  effectSentences,
  noiseLegend,
  verdictRows,
} from "../verdicts.ts";
import { recheckSentence } from "../words/recheck.ts";
import { verdictMarkup } from "./comparison-cells.ts";
import { html, type Insert, type Markup } from "./markup.ts";
import { profileName } from "./profile-name.ts";
import { dataTable, type Head } from "./table.ts";

const heads: Head[] = [
  { title: "Profile" },
  { title: "Measure" },
  { title: "Against baseline" },
  { title: "p", numeric: true },
  { title: "Verdict" },
  { title: "Noise", numeric: true },
  { title: "Finds", numeric: true },
  { title: "Why" },
];

/** Every verdict with the noise beside it, and why it is none. */
export function verdictsSection({ analysis }: ReportInput): Markup {
  const rows = verdictRows(analysis).map((row): Insert[] => [
    profileName(analysis, row.profile),
    row.label,
    html`<span class="ratio-text">${row.ratio}</span>`,
    row.p,
    verdictMarkup(row.verdict),
    row.noise,
    row.finds,
    html`<span class="muted">${row.reason ?? ""}</span>`,
  ]);
  if (rows.length === 0) return html``;
  const legend = noiseLegend(analysis);
  return html`<section aria-labelledby="verdicts"><h2 id="verdicts">Verdicts</h2>
${dataTable(`Every judged measure, p adjusted for ${rows.length === 1 ? "one comparison" : `all ${rows.length} comparisons`}`, heads, rows)}
${legend === null ? null : html`<p class="muted">${legend}</p>`}</section>`;
}

/** The winner's fresh blocks. */
export function recheckNote({ analysis }: ReportInput): Markup {
  if (analysis.recheck === null) return html``;
  return html`<p class="notice" role="note">${recheckSentence(analysis.recheck)}</p>`;
}

/** What runs of different sizes can tell, by a calibration. */
export function calibrationSection({ analysis }: ReportInput): Markup {
  const rows = calibrationRows(analysis);
  if (rows.length === 0) return html``;
  const titles = calibrationHeads.map((title, index) => ({ title: capital(title), numeric: index > 0 }));
  const cells = rows.map(({ measure, blocks, noise, finds, sameWithin }) => [
    measure,
    blocks,
    noise,
    finds,
    sameWithin,
  ]);
  return html`<section aria-labelledby="calibration"><h2 id="calibration">Calibration</h2>
${dataTable("What runs of different sizes can tell", titles, cells)}
<p class="muted">${calibrationLegend}</p></section>`;
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

/** Which factor did it, what each does, and how they depend on one another. */
export function effectsSection(input: ReportInput): Markup {
  const { conclusions, effects, interactions } = effectSentences(input);
  if (effects.length === 0) return html``;
  const list = (sentences: string[]) =>
    html`<ul class="sentences">${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul>`;
  return html`<section aria-labelledby="effects"><h2 id="effects">Effect of each factor</h2>
${conclusions.map((sentence) => html`<p><strong>${sentence}</strong></p>`)}
${list(effects)}
${interactions.length === 0 ? null : html`<h3>How the factors depend on one another</h3>${list(interactions)}`}</section>`;
}
