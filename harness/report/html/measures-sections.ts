import { measureNames, measureOf } from "../../core/measures.ts";
import { formatDecimal } from "../../core/numbers.ts";
import { formatPercent, formatRate } from "../../core/units.ts";
import { formatSpread, formatSummary } from "../measures.ts";
import type { ReportInput } from "../report-input.ts";
import { predictionAssumptions, predictionMisses, wallsRows } from "../walls.ts";
import { html, type Insert, type Markup } from "./markup.ts";
import { profileName } from "./profile-name.ts";
import { dataTable, type Head } from "./table.ts";

/** Where the arithmetic expected the walls, and where they were. */
export function wallsSection(input: ReportInput): Markup {
  if (input.run.predictions.length === 0) return html``;
  const heads = [
    "Profile",
    "Scan cliff predicted",
    "Measured",
    "Hard wall predicted",
    "Measured",
    "Sustainable by arithmetic",
  ];
  const rows = wallsRows(input).map((row): Insert[] => {
    const predicted = input.run.predictions.find(({ profile }) => profile === row.profile);
    return [
      profileName(input.analysis, row.profile),
      row.cliffPredicted,
      row.cliffMeasured,
      row.wallPredicted,
      html`${row.wallMeasured}${predicted?.bucketsBelowPorts === true ? html`<small>TIME_WAIT buckets end before the ports: a fake win</small>` : null}`,
      predicted === undefined ? "-" : `${formatRate(predicted.sustainablePerSecond)} to one destination`,
    ];
  });
  const assumptions = predictionAssumptions(input);
  return html`<section aria-labelledby="walls"><h2 id="walls">Walls: predicted and measured</h2>
${dataTable(
  "The scan cliff is expected at half the usable ports, the hard wall at all of them",
  heads.map((title) => ({ title })),
  rows,
)}
${predictionMisses(input).map((sentence) => html`<p>${sentence}</p>`)}
${assumptions.length === 0 ? null : html`<p class="muted">The prediction assumes: ${assumptions.join("; ")}.</p>`}</section>`;
}

/** Every measure of every profile: median, and lowest to highest where there are several trials. */
export function measuresSection({ analysis }: ReportInput): Markup {
  const names = measureNames.filter((name) => analysis.profiles.some(({ measures }) => measures[name] !== undefined));
  const noisy = names.some((name) => (analysis.noise[name] ?? null) !== null);
  const heads: Head[] = [
    { title: "Measure" },
    ...analysis.profiles.map(({ name }) => ({ title: name, numeric: true })),
    ...(noisy ? [{ title: "Largest spread over blocks", numeric: true }] : []),
  ];
  const rows = names.map((name): Insert[] => [
    measureOf(name).label,
    ...analysis.profiles.map(({ measures }) => {
      const spread = formatSpread(name, measures[name]);
      return html`${formatSummary(name, measures[name])}${spread === null ? null : html`<small>${spread}</small>`}`;
    }),
    ...(noisy ? [formatNoise(analysis.noise[name] ?? null)] : []),
  ]);
  return html`<section aria-labelledby="measures"><h2 id="measures">All measures</h2>
${dataTable("Median over the valid trials of each profile", heads, [...rows, ...cpuRows({ analysis })])}</section>`;
}

function cpuRows({ analysis }: Pick<ReportInput, "analysis">): Insert[][] {
  const roles = [...new Set(analysis.profiles.flatMap(({ cpuCores }) => Object.keys(cpuCores)))];
  return roles.map((role) => [
    `CPU cores of ${role}`,
    ...analysis.profiles.map(({ cpuCores }) => {
      const cores = cpuCores[role];
      return cores === undefined ? "-" : formatDecimal(cores);
    }),
  ]);
}

function formatNoise(variation: number | null): string {
  return variation === null ? "-" : formatPercent(variation);
}
