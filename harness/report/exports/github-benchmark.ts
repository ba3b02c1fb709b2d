import type { Comparison, MeasureSummary, ProfileAnalysis } from "../../analysis/analysis.ts";
import { type Direction, type MeasureName, measureNames, measureOf } from "../../core/measures.ts";
import { jsonText, printable } from "../../core/text.ts";
import { counted } from "../../core/words.ts";
import type { RunRecord } from "../../results/run.ts";
import type { ReportInput } from "../report-input.ts";

/** An entry of github-action-benchmark's `customBiggerIsBetter` and `customSmallerIsBetter`. */
interface BenchmarkEntry {
  name: string;
  unit: string;
  value: number;
  /** Shown beside the value. */
  range?: string;
  /** Shown in the chart's tooltip. */
  extra: string;
}

/**
 * The JSON of github-action-benchmark: medians, and ratios over the baseline within blocks. That action takes one direction a file:
 * `better` leaves only the measures that are better that way. https://github.com/benchmark-action/github-action-benchmark
 */
export function renderGithubBenchmark({ run, analysis }: ReportInput, better: Direction | null): string {
  const names = measureNames.filter((name) => better === null || directionOf(run, name) === better);
  return jsonText(analysis.profiles.flatMap((profile) => names.flatMap((name) => entriesOf(run, profile, name))));
}

/** Which ways are better among what a run has: both are more than one file of the action can hold. */
export function directionsOf({ run, analysis }: ReportInput): Direction[] {
  const measured = measureNames.filter((name) => analysis.profiles.some(({ measures }) => measures[name]));
  return [...new Set(measured.map((name) => directionOf(run, name)))];
}

/** As the suite judges it, else as it is usual. */
function directionOf({ judged }: RunRecord, name: MeasureName): Direction {
  return judged.find((measure) => measure.name === name)?.direction ?? measureOf(name).better;
}

function entriesOf(run: RunRecord, profile: ProfileAnalysis, name: MeasureName): BenchmarkEntry[] {
  const [summary, versus] = [profile.measures[name], profile.versusBaseline[name]];
  const { label } = measureOf(name);
  const title = printable(`${run.suite}/${profile.name}: ${label}`);
  const better = `${directionOf(run, name)} is better`;
  return [
    ...(summary === undefined ? [] : [medianEntry(title, name, summary, better)]),
    ...(versus === undefined ? [] : ratioEntries(`${title}, over ${printable(run.baseline)}`, versus, better)),
  ];
}

function medianEntry(title: string, name: MeasureName, summary: MeasureSummary, better: string): BenchmarkEntry {
  const { median, low, high, n, censored, medianIsBound } = summary;
  const bounds = censored === 0 ? [] : [`${censored} only a lower bound`];
  return {
    name: title,
    unit: measureOf(name).unit,
    value: median,
    ...(n < 2 ? {} : { range: `${low} to ${high}` }),
    extra: [medianIsBound ? ">=" : [], counted(n, "trial"), bounds, better].flat().join("\n"),
  };
}

function ratioEntries(title: string, versus: Comparison, better: string): BenchmarkEntry[] {
  const { ratio, bound, n, verdict } = versus;
  if (ratio === null) return [];
  const range = rangeOf(versus);
  const sign = bound === "atLeast" ? ">=" : bound === "atMost" ? "<=" : [];
  return [
    {
      name: title,
      unit: "x",
      value: ratio,
      ...(range === null ? {} : { range }),
      extra: [sign, counted(n, "block"), verdict, better].flat().join("\n"),
    },
  ];
}

function rangeOf({ low, high }: Comparison): string | null {
  if (low === null && high === null) return null;
  if (high === null) return `from ${low}`;
  return low === null ? `up to ${high}` : `${low} to ${high}`;
}
