import type { Analysis, Comparison, ProfileAnalysis, Verdict } from "../analysis/analysis.ts";
import type { MeasureName } from "../results/measure-names.ts";
import { formatComparison, formatSummary, measureStyles } from "./measures.ts";

/** One profile's line of the comparison, as text that every renderer lays out its own way. */
export interface ComparisonRow {
  profile: string;
  isBaseline: boolean;
  /** broke, or "broke 2/3" where the valid trials differ, or "no valid trial". */
  outcome: string;
  requestsBeforeWall: string;
  sustained: string;
  p99: string;
  /** Ratio over the baseline with its interval, of the headline measure. */
  ratio: string;
  comparison: Comparison | null;
  /** null for the baseline and where nothing was judged. */
  verdict: Verdict | null;
}

/** Profiles against the baseline, by one measure that all lines share. */
export interface ComparisonTable {
  measure: MeasureName;
  measureLabel: string;
  rows: ComparisonRow[];
}

const headlineMeasures: MeasureName[] = [
  "sustainableRatePerSecond",
  "requestsBeforeWall",
  "sustainedPerSecond",
  "latencyMs.p99",
];

/** The comparison that stands on a report's first screen. */
export function comparisonTable(analysis: Analysis): ComparisonTable {
  const measure = headlineMeasure(analysis.profiles);
  const rows = analysis.profiles.map((profile) => comparisonRow(profile, measure, analysis.baseline));
  return { measure, measureLabel: measureStyles[measure].label, rows };
}

/** The first measure on which any profile has a ratio: where nothing breaks, the wall gives none. */
function headlineMeasure(profiles: ProfileAnalysis[]): MeasureName {
  const judged = (name: MeasureName) =>
    profiles.some((profile) => (profile.versusBaseline[name]?.ratio ?? null) !== null);
  return headlineMeasures.find(judged) ?? "requestsBeforeWall";
}

function comparisonRow(profile: ProfileAnalysis, measure: MeasureName, baseline: string): ComparisonRow {
  const comparison = profile.versusBaseline[measure] ?? null;
  const isBaseline = profile.name === baseline;
  return {
    profile: profile.name,
    isBaseline,
    outcome: describeOutcomes(profile),
    requestsBeforeWall: formatSummary("requestsBeforeWall", profile.measures.requestsBeforeWall),
    sustained: formatSummary("sustainedPerSecond", profile.measures.sustainedPerSecond),
    p99: formatSummary("latencyMs.p99", profile.measures["latencyMs.p99"]),
    ratio: isBaseline ? "baseline" : formatComparison(comparison ?? undefined),
    comparison: isBaseline ? null : comparison,
    verdict: isBaseline ? null : (comparison?.verdict ?? null),
  };
}

function describeOutcomes(profile: ProfileAnalysis): string {
  const [first, ...others] = countedOutcomes(profile);
  if (first === undefined) return "no valid trial";
  const total = others.reduce((sum, other) => sum + other.count, first.count);
  return others.length === 0 ? first.outcome : `${first.outcome} ${first.count}/${total}`;
}

/** Why verdicts could not be given, each reason once. */
export function inconclusiveReasons({ rows }: Pick<ComparisonTable, "rows">): string[] {
  const open = rows.filter((row) => row.verdict === "inconclusive");
  return [...new Set(open.flatMap((row) => row.comparison?.reason ?? []))];
}

/** How often each outcome came, the most frequent first; outcomes that never came are left out. */
export function countedOutcomes(profile: ProfileAnalysis): { outcome: string; count: number }[] {
  return (["broke", "degraded", "censored", "refused"] as const)
    .map((outcome) => ({ outcome, count: profile[outcome] }))
    .filter(({ count }) => count > 0)
    .toSorted((one, other) => other.count - one.count);
}
