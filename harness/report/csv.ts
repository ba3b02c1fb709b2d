import { stringify } from "csv-stringify/sync";
import type { Analysis, ProfileAnalysis } from "../analysis/analysis.ts";
import { type MeasureName, measureNames, measureOf } from "../core/measures.ts";
import { printable } from "../core/text.ts";
import { otherNumbers } from "./csv-others.ts";
import type { ReportInput } from "./report-input.ts";
import { reasonWords } from "./words/reasons.ts";

const columns = [
  "run",
  "suite",
  "profile",
  "measure",
  "unit",
  "median",
  "low",
  "high",
  "n_trials",
  "n_censored",
  "ratio_vs_baseline",
  "ratio_low",
  "ratio_high",
  "ratio_bound",
  "p_adjusted",
  "n_pairs",
  "verdict",
  "reason",
  "noise_floor",
  "minimum_detectable",
  "noise_source",
  "recheck_ratio",
  "recheck_low",
  "recheck_high",
  "n_recheck",
];

/**
 * One line for each profile and measure, then for each number of a condition. Numbers are plain, in the unit that stands beside them; what was not
 * measured is empty, never 0. Text that a spreadsheet would take for a formula is prefixed with an apostrophe.
 */
export function renderCsv(input: ReportInput): string {
  const { run, analysis } = input;
  const rows = analysis.profiles.flatMap((profile) =>
    measureNames
      .filter((name) => profile.measures[name] !== undefined || profile.versusBaseline[name] !== undefined)
      .map((name) => [printable(run.id), printable(run.suite), ...measureCells(profile, name, analysis.recheck)]),
  );
  const others = otherNumbers(input).map(({ profile, name, unit, range, reason }) => {
    const { median, low, high, n } = range;
    const cells = [
      printable(run.id),
      printable(run.suite),
      printable(profile),
      printable(name),
      unit,
      median,
      low,
      high,
      n,
    ];
    const words = reason === undefined ? null : printable(reason);
    return [...cells, ...columns.slice(cells.length).map((column) => (column === "reason" ? words : null))];
  });
  return stringify([columns, ...rows, ...others], { escape_formulas: true, record_delimiter: "\n" });
}

function measureCells(
  profile: ProfileAnalysis,
  name: MeasureName,
  recheck: Analysis["recheck"],
): (string | number | null)[] {
  const summary = profile.measures[name];
  const versus = profile.versusBaseline[name];
  const measured = [summary?.median, summary?.low, summary?.high, summary?.n, summary?.censored];
  const compared = [versus?.ratio, versus?.low, versus?.high, versus?.bound, versus?.p, versus?.n, versus?.verdict];
  const again = recheck?.profile === profile.name && recheck.measure === name ? recheck.again : null;
  const reason = versus?.reason == null ? null : printable(reasonWords(versus.reason));
  return [
    printable(profile.name),
    name,
    measureOf(name).unit,
    ...measured.map((value) => value ?? null),
    ...compared.map((value) => value ?? null),
    reason,
    versus?.noiseFloor ?? null,
    versus?.minimumDetectable ?? null,
    versus?.noiseSource == null ? null : printable(versus.noiseSource),
    ...[again?.ratio, again?.low, again?.high, again?.n].map((value) => value ?? null),
  ];
}
