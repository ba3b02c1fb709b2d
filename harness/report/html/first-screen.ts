import { measureOf } from "../../core/measures.ts";
import {
  type ComparisonRow,
  type ComparisonTable,
  comparisonNotes,
  comparisonTable,
  inconclusiveReasons,
} from "../comparison.ts";
import { type Footnote, footnotes } from "../doubts.ts";
import type { ReportInput } from "../report-input.ts";
import { runState } from "../run-state.ts";
import { verdictOf } from "../words/verdict.ts";
import { nameCell, ratioCell, small, verdictCell } from "./comparison-cells.ts";
import { html, type Insert, type Markup } from "./markup.ts";
import { type RatioAxis, ratioAxis } from "./ratio-plot.ts";
import { searchSection } from "./search-section.ts";
import { capital } from "./table.ts";
import { recheckNote } from "./verdicts-section.ts";

/** The verdict as the page's heading, whose run it is, and the comparison. */
export function firstScreen(input: ReportInput): Markup {
  const { run, analysis } = input;
  const state = runState(input);
  const [headline, rest] = splitVerdict(verdictOf(run, analysis));
  const blocks = `${analysis.blocks} block${analysis.blocks === 1 ? "" : "s"}`;
  return html`<header>
<p class="eyebrow"><strong>${run.suite}</strong> <span>${analysis.profiles.length} ${analysis.profiles.length === 1 ? "profile" : "profiles"}, ${blocks}</span>
<span>${run.startedAt.slice(0, 16).replace("T", " ")} UTC</span> <span>tunebench ${run.provenance.tunebench}</span></p>
<h1>${headline}</h1>
${rest === "" ? null : html`<p class="lede">${rest}</p>`}
${state === null ? null : html`<p class="notice" role="note">${state}</p>`}
</header>
${run.experiment.kind !== "search" ? comparisonSection(input) : searchSection(input)}`;
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
  const heads = headsOf(comparison);
  return html`<section aria-labelledby="comparison">
<h2 id="comparison">Comparison</h2>
<div class="scroll-wide" role="region" aria-label="Comparison of profiles" tabindex="0"><table class="comparison" role="table">
<caption>Each profile against ${input.analysis.baseline}. Ratios are of ${comparison.measureLabel}, paired within blocks.
${comparisonNotes(comparison).join(" ")}
${reasons.length === 0 ? null : `Inconclusive: ${reasons.join("; ")}.`}</caption>
<thead role="rowgroup"><tr role="row">${heads.map(({ title, numeric }) => html`<th role="columnheader" scope="col"${align(numeric)}>${title}</th>`)}</tr></thead>
<tbody role="rowgroup">${comparison.rows.map((row) => comparisonRow(row, input, notes, { axis, heads }))}</tbody>
</table></div>${recheckNote(input)}</section>`;
}

interface ColumnHead {
  title: string;
  numeric: boolean;
}

function headsOf({ columns }: ComparisonTable): ColumnHead[] {
  const measured = columns.map(({ measure, title }) =>
    measure === "requestsBeforeWall" ? measureOf(measure).label : title,
  );
  const text = (title: string) => ({ title, numeric: false });
  return [
    text("Profile"),
    text("Outcome"),
    ...measured.map((title) => ({ title: capital(title), numeric: true })),
    text("Against baseline"),
    text("Verdict"),
  ];
}

function align(numeric: boolean): Markup {
  return numeric ? html` class="num"` : html``;
}

function comparisonRow(
  row: ComparisonRow,
  input: ReportInput,
  notes: Footnote[],
  { axis, heads }: { axis: RatioAxis; heads: ColumnHead[] },
): Markup {
  const cells: Insert[] = [
    html`<span class="outcome ${row.mainOutcome ?? ""}">${row.outcome}</span>`,
    ...row.values.map(({ text, spread }, index) =>
      index === 0 ? html`<strong>${text}</strong>${small(spread)}` : html`${text}${small(spread)}`,
    ),
    ratioCell(row, axis),
    verdictCell(row),
  ];
  return html`<tr role="row"><th role="rowheader" scope="row">${nameCell(row, input, notes)}</th>${cells.map(
    (value, index) =>
      html`<td role="cell" data-label="${heads[index + 1]?.title ?? ""}"${align(heads[index + 1]?.numeric ?? false)}><div>${value}</div></td>`,
  )}</tr>\n`;
}
