import type { Analysis, Comparison, ProfileAnalysis, Verdict } from "../../analysis/analysis.ts";
import { type MeasureName, measureOf } from "../../core/measures.ts";
import { formatRate } from "../../core/units.ts";
import type { TrialOutcome } from "../../results/trial.ts";
import { formatSpread, formatSummary } from "../measures.ts";
import { reasonWords } from "../words/reasons.ts";

/** One profile's line of the comparison. */
export interface ComparisonRow {
  profile: string;
  isBaseline: boolean;
  /** broke, or "broke 2/3" where the valid trials differ, or "no valid trial". */
  outcome: string;
  /** The most frequent; null without a valid trial. */
  mainOutcome: TrialOutcome | null;
  /** Median of each column's measure, and lowest to highest where that says more. */
  values: { text: string; spread: string | null; isBound: boolean }[];
  /** With the baseline, of the headline measure. */
  comparison: Comparison | null;
  /** null for the baseline and where nothing was judged. */
  verdict: Verdict | null;
}

/** Profiles against the baseline, by one measure that all lines share. */
export interface ComparisonTable {
  measure: MeasureName;
  measureLabel: string;
  /** What the values are of, and in a word or two. */
  columns: { measure: MeasureName; title: string }[];
  rows: ComparisonRow[];
}

/** A table has room for so many measures; the verdicts have all. */
const mostColumns = 4;

/** The comparison that stands on a report's first screen: the judged measures, and the wall where one was met. */
export function comparisonTable(analysis: Analysis): ComparisonTable {
  const measure = headlineMeasure(analysis);
  const columns = columnsOf(analysis).map((name) => ({ measure: name, title: measureOf(name).short }));
  const showAsked = analysis.profiles.some(({ saturated }) => saturated > 0);
  const rows = analysis.profiles.map((profile) =>
    comparisonRow(profile, columns, { measure, baseline: analysis.baseline, showAsked }),
  );
  return { measure, measureLabel: measureOf(measure).label, columns, rows };
}

function columnsOf({ judged, profiles }: Analysis): MeasureName[] {
  const names = judged.map(({ name }) => name);
  const walls = profiles.some(({ broke }) => broke > 0) ? (["requestsBeforeWall"] as const) : [];
  return [...new Set([...walls.filter((wall) => !names.includes(wall)), ...names])].slice(0, mostColumns);
}

/** The first judged measure on which any profile has a ratio: where nothing breaks, the wall gives none. */
function headlineMeasure({ judged, profiles }: Analysis): MeasureName {
  const names = judged.map(({ name }) => name);
  const hasRatio = (name: MeasureName) =>
    profiles.some((profile) => (profile.versusBaseline[name]?.ratio ?? null) !== null);
  return names.find(hasRatio) ?? names[0] ?? "requestsBeforeWall";
}

function comparisonRow(
  profile: ProfileAnalysis,
  columns: ComparisonTable["columns"],
  { measure, baseline, showAsked }: { measure: MeasureName; baseline: string; showAsked: boolean },
): ComparisonRow {
  const comparison = profile.versusBaseline[measure] ?? null;
  const isBaseline = profile.name === baseline;
  return {
    profile: profile.name,
    isBaseline,
    outcome: describeOutcomes(profile),
    mainOutcome: countedOutcomes(profile)[0]?.outcome ?? null,
    values: columns.map(({ measure: name }) => ({
      text:
        showAsked && name === "sustainedPerSecond" ? servedText(profile) : formatSummary(name, profile.measures[name]),
      spread: formatSpread(name, profile.measures[name]),
      isBound: profile.measures[name]?.medianIsBound ?? false,
    })),
    comparison: isBaseline ? null : comparison,
    verdict: isBaseline ? null : (comparison?.verdict ?? null),
  };
}

/** The rate served beside the rate asked, where some profile did not keep up. */
function servedText({ kept, measures }: ProfileAnalysis): string {
  const served = formatSummary("sustainedPerSecond", measures.sustainedPerSecond);
  return kept === null ? served : `${served} of ${formatRate(kept.askedPerSecond)}`;
}

function describeOutcomes(profile: ProfileAnalysis): string {
  const [first, ...others] = countedOutcomes(profile);
  if (first === undefined) return "no valid trial";
  const total = others.reduce((sum, other) => sum + other.count, first.count);
  return others.length === 0 ? first.outcome : `${first.outcome} ${first.count}/${total}`;
}

/** What the table can't say by itself: over which time a latency is taken, and that a bound is one. */
export function comparisonNotes({ columns, rows }: ComparisonTable): string[] {
  const latency = columns.find(({ measure }) => measureOf(measure).family === "latency");
  const bounded = rows.some(
    ({ values, comparison }) => values.some(({ isBound }) => isBound) || comparison?.bound === "atLeast",
  );
  return [
    ...(latency === undefined
      ? []
      : [`${latency.title} is taken up to the first wall, and compared over the time that both profiles have.`]),
    ...(bounded ? [">= is a lower bound: nothing broke up to there."] : []),
  ];
}

/** Why verdicts could not be given, each reason once. */
export function inconclusiveReasons({ rows }: Pick<ComparisonTable, "rows">): string[] {
  const open = rows.filter((row) => row.verdict === "inconclusive");
  return [
    ...new Set(open.flatMap(({ comparison }) => (comparison?.reason == null ? [] : [reasonWords(comparison.reason)]))),
  ];
}

/** How often each outcome came, the most frequent first; outcomes that never came are left out. */
function countedOutcomes(profile: ProfileAnalysis): { outcome: TrialOutcome; count: number }[] {
  return (["broke", "degraded", "saturated", "held"] as const)
    .map((outcome) => ({ outcome, count: profile[outcome] }))
    .filter(({ count }) => count > 0)
    .toSorted((one, other) => other.count - one.count);
}
