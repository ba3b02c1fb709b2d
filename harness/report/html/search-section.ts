import type { SearchSummary } from "../../analysis/analysis.ts";
import { formatRate } from "../../core/units.ts";
import { inconclusiveReasons } from "../comparison.ts";
import { footnotes } from "../doubts.ts";
import type { ReportInput } from "../report-input.ts";
import { searchLegend, searchRows, stepRows } from "../search.ts";
import { caveatSentences } from "../words/caveats.ts";
import { nameCell, ratioCell, small, verdictCell } from "./comparison-cells.ts";
import { html, type Insert, type Markup } from "./markup.ts";
import { profileName } from "./profile-name.ts";
import { ratioAxis } from "./ratio-plot.ts";
import { searchPlot } from "./search-plot.ts";
import { dataTable } from "./table.ts";

/** What each profile sustains beside the baseline, and how each search came to it. */
export function searchSection(input: ReportInput): Markup {
  const rows = searchRows(input);
  const notes = footnotes(input);
  const axis = ratioAxis(rows.map(({ row }) => row.comparison));
  const cells = rows.map(({ row, found, spread, ceiling, steps }): Insert[] => [
    nameCell(row, input, notes),
    html`<strong>${found}</strong>${small(spread)}`,
    ceiling,
    steps,
    ratioCell(row, axis),
    verdictCell(row),
  ]);
  const reasons = inconclusiveReasons({ rows: rows.map(({ row }) => row) });
  return html`<section aria-labelledby="comparison"><h2 id="comparison">Sustainable rate</h2>
${dataTable("Highest rate that kept the goals, and what the ports sustain for ever by arithmetic", heads, cells)}
<p class="muted">${searchLegend(input)}${reasons.length === 0 ? null : ` Inconclusive: ${reasons.join("; ")}.`}</p>
${rows.flatMap(({ row, notes }) => notes.map((note) => html`<p>${profileName(input.analysis, row.profile)}: ${note}.</p>`))}
${searchFigures(input)}</section>`;
}

const heads = [
  { title: "Profile" },
  { title: "Sustains", numeric: true },
  { title: "The ports allow", numeric: true },
  { title: "Steps", numeric: true },
  { title: "Against baseline" },
  { title: "Verdict" },
];

/** All of them beside each other: profiles are compared by eye. */
function searchFigures({ analysis }: ReportInput): Markup {
  const figures = analysis.profiles.flatMap(({ name, search }) =>
    (search?.searches ?? []).map((one) =>
      searchFigure(profileName(analysis, name), name, one, search?.ceilingPerSecond ?? null),
    ),
  );
  if (figures.length === 0) return html``;
  return html`<p class="muted">Steps from left to right. Dot: kept; cross: missed; hollow: the generator was the limit; ring: the confirmation.</p>
<div class="charts">${figures}</div>`;
}

function searchFigure(
  title: Markup,
  profile: string,
  search: SearchSummary["searches"][number],
  ceiling: number | null,
): Markup {
  const { block, steps, sustainableRatePerSecond: found, lowerBound, doubts } = search;
  const answer =
    found === null
      ? "no rate was kept twice"
      : `${lowerBound ? "at least " : ""}${formatRate(found)} sustained after ${steps.length} steps`;
  return html`<div><figure><figcaption><strong class="figure-title">${title}, block ${block}</strong> ${answer}${caveatSentences(doubts).map((doubt) => html`; ${doubt}`)}.</figcaption>
<div role="img" aria-label="${profile}, block ${block}: ${answer}">${searchPlot(search, ceiling)}</div></figure>
<details><summary>Steps</summary>${stepTable(profile, search)}</details></div>`;
}

function stepTable(profile: string, { block, steps }: SearchSummary["searches"][number]): Markup {
  const heads = [
    { title: "Step", numeric: true },
    { title: "Phase" },
    { title: "Rate", numeric: true },
    { title: "Result" },
  ];
  const rows = stepRows(steps).map(({ place, phase, rate, result, why }): Insert[] => [
    place,
    phase,
    rate,
    html`${result}${why === "" ? null : html`: ${why}`}`,
  ]);
  return dataTable(`Steps of ${profile}, block ${block}`, heads, rows);
}
