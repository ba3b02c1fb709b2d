import type { Verdict } from "../../analysis/analysis.ts";
import { formatP } from "../../core/numbers.ts";
import { formatPercent } from "../../core/units.ts";
import type { ComparisonRow } from "../comparison.ts";
import { type Footnote, footnoteNumbers } from "../doubts.ts";
import { describeSettings } from "../profile-settings.ts";
import type { ReportInput } from "../report-input.ts";
import { html, type Markup } from "./markup.ts";
import { profileName } from "./profile-name.ts";
import { type RatioAxis, ratioPlot } from "./ratio-plot.ts";

/** Cells that the tables of the first screen share. */

/** The profile with its settings and the numbers of its doubts. */
export function nameCell(row: ComparisonRow, { analysis, run }: ReportInput, notes: Footnote[]): Markup {
  const record = run.profiles.find(({ name }) => name === row.profile);
  const settings = record === undefined ? [] : describeSettings(record);
  const marks = footnoteNumbers(notes, row.profile).map(
    (number) => html` <a href="#doubt-${number}" aria-label="doubt ${number}">${number}</a>`,
  );
  return html`${profileName(analysis, row.profile)}${marks.length > 0 ? html`<sup>${marks}</sup>` : null}
${settings.map((line) => html`<code>${line}</code>`)}`;
}

/** The ratio over the baseline, drawn and in numbers. */
export function ratioCell(row: ComparisonRow, axis: RatioAxis): Markup {
  return row.isBaseline
    ? html`<span class="muted">baseline</span>`
    : html`${ratioPlot(row.comparison, axis)}<span class="ratio-text">${row.ratio}</span>`;
}

const signs = { better: "\u25B2", worse: "\u25BC", same: "=", inconclusive: "~" };

/** Verdict, its p and the noise beside it; "-" where nothing was judged. */
export function verdictCell(row: ComparisonRow): Markup {
  if (row.verdict === null) return html`${row.isBaseline ? null : "-"}`;
  const p = row.comparison?.p ?? null;
  return html`${verdictMarkup(row.verdict)}${small(p === null ? null : formatP(p))}${small(noiseWords(row.comparison))}`;
}

/** "noise 1.2%, finds 7.4%"; null where the noise is not known. */
function noiseWords(comparison: ComparisonRow["comparison"]): string | null {
  if (comparison === null || comparison.noiseFloor === null) return null;
  const { noiseFloor, minimumDetectable } = comparison;
  const finds = minimumDetectable === null ? "" : `, finds ${formatPercent(minimumDetectable)}`;
  return `noise ${formatPercent(noiseFloor)}${finds}`;
}

/** A verdict with its sign. */
export function verdictMarkup(verdict: Verdict): Markup {
  return html`<span class="verdict ${verdict}"><span aria-hidden="true">${signs[verdict]}</span> ${verdict}</span>`;
}

/** A second line in small print; nothing for null. */
export function small(text: string | null): Markup {
  return text === null ? html`` : html`<small>${text}</small>`;
}
