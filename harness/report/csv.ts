import { stringify } from "csv-stringify/sync";
import type { Analysis, ProfileAnalysis } from "../analysis/analysis.ts";
import type { GoalSummary, Range } from "../analysis/conditions.ts";
import type { ScriptSummary } from "../analysis/script-summary.ts";
import { type MeasureName, measureNames, measureOf } from "../core/measures.ts";
import { printable } from "../core/text.ts";
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
 * analysis.json as a flat table: a line for each profile and measure, then for each number of its goals, conditions and sizing by its path there.
 * Numbers are plain, in the unit that stands beside them or in their name; what was not measured is empty, never 0. Text that a
 * spreadsheet would take for a formula is prefixed with an apostrophe.
 */
export function renderCsv(input: ReportInput): string {
  const { run, analysis } = input;
  const rows = analysis.profiles.flatMap((profile) =>
    measureNames
      .filter((name) => profile.measures[name] !== undefined || profile.versusBaseline[name] !== undefined)
      .map((name) => [printable(run.id), printable(run.suite), ...measureCells(profile, name, analysis.recheck)]),
  );
  const others = otherNumbers(analysis).map(([profile, path, unit, ...numbers]) => {
    const cells = [printable(run.id), printable(run.suite), printable(profile), printable(path), unit, ...numbers];
    return [...cells, ...columns.slice(cells.length).map(() => null)];
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

/** Profile, path in the analysis, unit (none where the path bears it), median, low, high, n. */
type NumberRow = [string, string, null, number, number, number, number | null];

function otherNumbers({ profiles, conditions, sizing }: Analysis): NumberRow[] {
  return [
    ...profiles.flatMap(({ name, goals, search, script }) => [
      ...numbersIn(name, "goals", goals),
      ...numbersIn(name, "search.ceilingPerSecond", search?.ceilingPerSecond),
      ...scriptNumbers(name, script),
    ]),
    ...conditions.flatMap(({ profile, condition, ...facts }) => numbersIn(profile, `conditions.${condition}`, facts)),
    ...sizing.flatMap(({ profile, ...facts }) => numbersIn(profile, "sizing", facts)),
  ];
}

/** A metric of the script's own stands as `script.NAME`. */
function scriptNumbers(profile: string, { checks, endpoints, metrics }: ScriptSummary): NumberRow[] {
  return [
    ...checks.flatMap(({ name, ...counts }) => numbersIn(profile, `script.checks.${name}`, counts)),
    ...endpoints.flatMap(({ name, ...counts }) => numbersIn(profile, `script.endpoints.${name}`, counts)),
    ...metrics.flatMap(({ name, value, count, percentiles }) => [
      ...numbersIn(profile, name, value),
      ...numbersIn(profile, `${name}.count`, count),
      ...numbersIn(profile, name, percentiles),
    ]),
  ];
}

function numbersIn(profile: string, path: string, value: unknown): NumberRow[] {
  if (typeof value === "number") return [[profile, path, null, value, value, value, null]];
  if (typeof value !== "object" || value === null) return [];
  if (isRange(value)) return [[profile, path, null, value.median, value.low, value.high, value.n]];
  if (Array.isArray(value)) return value.flatMap((goal) => numbersIn(profile, `${path}.${goalName(goal)}`, goal));
  return Object.entries(value).flatMap(([key, inner]) => numbersIn(profile, `${path}.${key}`, inner));
}

function isRange(value: object): value is Range {
  return "median" in value;
}

function goalName({ measure, comparison, limit }: GoalSummary): string {
  return `${measure} ${comparison} ${limit}`;
}
