import type { ProfileAnalysis, SearchSummary } from "../../analysis/analysis.ts";
import { formatRate } from "../formats.ts";
import type { ReportInput } from "../report-input.ts";
import { searchLegend, searchRows, stepRows } from "../search.ts";
import { html, type Insert, type Markup } from "./markup.ts";
import { profileName } from "./profile-name.ts";
import { searchPlot } from "./search-plot.ts";
import { dataTable } from "./table.ts";

/** What each profile sustains, and how each search came to it. Nothing for a run that searched for no rate. */
export function searchSection(input: ReportInput): Markup {
  const rows = searchRows(input);
  if (rows.length === 0) return html``;
  const heads = [
    { title: "Profile" },
    { title: "Sustains", numeric: true },
    { title: "The ports allow", numeric: true },
    { title: "Steps", numeric: true },
    { title: "" },
  ];
  const cells = rows.map(({ profile, found, spread, ceiling, steps, notes }): Insert[] => [
    profileName(input.analysis, profile),
    html`${found}${spread === null ? null : html`<small>${spread}</small>`}`,
    ceiling,
    steps,
    notes.map((note) => html`<span class="sentence">${note}</span>`),
  ]);
  return html`<section aria-labelledby="search"><h2 id="search">Sustainable rate</h2>
${dataTable("Highest rate that kept the goals, and what the ports sustain for ever by arithmetic", heads, cells)}
<p class="muted">${searchLegend(input)}</p>
${input.analysis.profiles.map((profile) => profileSearches(input, profile))}</section>`;
}

function profileSearches({ analysis }: ReportInput, { name, search }: ProfileAnalysis): Markup {
  if (search === null) return html``;
  return html`<h3 class="searched">${profileName(analysis, name)}</h3>
<div class="charts">${search.searches.map((one) => searchFigure(name, one, search.ceilingPerSecond))}</div>`;
}

function searchFigure(profile: string, search: SearchSummary["searches"][number], ceiling: number | null): Markup {
  const { block, steps, sustainableRatePerSecond: found, lowerBound, doubts } = search;
  const answer =
    found === null
      ? "no rate was kept twice"
      : `${lowerBound ? "at least " : ""}${formatRate(found)} sustained after ${steps.length} steps`;
  return html`<div><figure><figcaption><strong class="figure-title">Block ${block}</strong> ${answer}${doubts.map((doubt) => html`; ${doubt}`)}.</figcaption>
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
