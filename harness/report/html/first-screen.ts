import { type ComparisonRow, comparisonTable, inconclusiveReasons } from "../comparison.ts";
import { type Footnote, footnotes } from "../doubts.ts";
import { formatSpread } from "../measures.ts";
import type { ReportInput } from "../report-input.ts";
import { runState } from "../run-state.ts";
import { nameCell, ratioCell, small, verdictCell } from "./comparison-cells.ts";
import { html, type Insert, type Markup } from "./markup.ts";
import { type RatioAxis, ratioAxis } from "./ratio-plot.ts";
import { searchSection } from "./search-section.ts";

/** The verdict as the page's heading, whose run it is, and the comparison. */
export function firstScreen(input: ReportInput): Markup {
  const { run, analysis } = input;
  const state = runState(input);
  const [headline, rest] = splitVerdict(analysis.verdict);
  const blocks = `${analysis.blocks} block${analysis.blocks === 1 ? "" : "s"}`;
  return html`<header>
<p class="eyebrow"><strong>${run.suite}</strong> <span>${analysis.profiles.length} ${analysis.profiles.length === 1 ? "profile" : "profiles"}, ${blocks}</span>
<span>${run.startedAt.slice(0, 16).replace("T", " ")} UTC</span> <span>tunebench ${run.provenance.tunebench}</span></p>
<h1>${headline}</h1>
${rest === "" ? null : html`<p class="lede">${rest}</p>`}
${state === null ? null : html`<p class="notice" role="note">${state}</p>`}
</header>
${run.objective === null ? comparisonSection(input) : searchSection(input)}`;
}

/** The verdict's first sentence and the others. */
function splitVerdict(verdict: string): [string, string] {
  const end = /[.!?]\s+(?=\p{Lu})/u.exec(verdict);
  return end === null ? [verdict, ""] : [verdict.slice(0, end.index + 1), verdict.slice(end.index + 1).trim()];
}

function comparisonSection(input: ReportInput): Markup {
  const comparison = comparisonTable(input.analysis);
  const notes = footnotes(input);
  const axis = ratioAxis(comparison.rows.map((row) => row.comparison));
  const reasons = inconclusiveReasons(comparison);
  return html`<section aria-labelledby="comparison">
<h2 id="comparison">Comparison</h2>
<div class="scroll-wide" role="region" aria-label="Comparison of profiles" tabindex="0"><table class="comparison" role="table">
<caption>Each profile against ${input.analysis.baseline}. Ratios are of ${comparison.measureLabel}, paired within blocks.
p99 is taken up to the first wall. &gt;= is a lower bound: nothing broke up to there.
${reasons.length === 0 ? null : `Inconclusive: ${reasons.join("; ")}.`}</caption>
<thead role="rowgroup"><tr role="row">${heads.map((title, index) => html`<th role="columnheader" scope="col"${align(index)}>${title}</th>`)}</tr></thead>
<tbody role="rowgroup">${comparison.rows.map((row) => comparisonRow(row, input, notes, axis))}</tbody>
</table></div></section>`;
}

const heads = ["Profile", "Outcome", "Requests before the wall", "Served", "p99", "Against baseline", "Verdict"];

function align(column: number): Markup {
  return column >= 2 && column <= 4 ? html` class="num"` : html``;
}

function comparisonRow(row: ComparisonRow, input: ReportInput, notes: Footnote[], axis: RatioAxis): Markup {
  const profile = input.analysis.profiles.find(({ name }) => name === row.profile);
  const spread = formatSpread("requestsBeforeWall", profile?.measures.requestsBeforeWall);
  const sustained = formatSpread("sustainedPerSecond", profile?.measures.sustainedPerSecond);
  const cells: Insert[] = [
    html`<span class="outcome ${row.outcome.split(" ")[0] ?? ""}">${row.outcome}</span>`,
    html`<strong>${row.requestsBeforeWall}</strong>${small(spread)}`,
    html`${row.sustained}${small(sustained)}`,
    row.p99,
    ratioCell(row, axis),
    verdictCell(row),
  ];
  return html`<tr role="row"><th role="rowheader" scope="row">${nameCell(row, input, notes)}</th>${cells.map(
    (value, index) =>
      html`<td role="cell" data-label="${heads[index + 1] ?? ""}"${align(index + 1)}><div>${value}</div></td>`,
  )}</tr>\n`;
}
