import type { MeasureSummary, ProfileAnalysis, RatioRange } from "../../analysis/analysis.ts";
import { measureNames } from "../../core/measures.ts";
import { jsonText, printable } from "../../core/text.ts";
import type { ReportInput } from "../report-input.ts";
import { measureSlug } from "./measure-name.ts";

/** A value with its bounds; one that is not known is not there. */
interface BmfMetric {
  value: number;
  lower_value?: number;
  upper_value?: number;
}

/**
 * Bencher Metric Format: benchmark ("suite/profile") -> measure -> metric, for `bencher run --adapter json`. Values are medians in the unit
 * that the measure's name bears, between the lowest and the highest trial; `NAME-vs-baseline` is the ratio over the baseline within blocks, with
 * its interval. What is only a bound has no end on its open side. https://bencher.dev/docs/reference/bencher-metric-format/
 */
export function renderBmf({ run, analysis }: ReportInput): string {
  const benchmarks = analysis.profiles.map(
    (profile) => [printable(`${run.suite}/${profile.name}`), Object.fromEntries(metricsOf(profile))] as const,
  );
  return jsonText(Object.fromEntries(benchmarks.filter(([, metrics]) => Object.keys(metrics).length > 0)));
}

function metricsOf({ measures, versusBaseline }: ProfileAnalysis): [string, BmfMetric][] {
  return measureNames.flatMap((name) => {
    const [summary, versus] = [measures[name], versusBaseline[name]];
    const ratio = versus === undefined ? null : ratioMetric(versus);
    return [
      ...(summary === undefined ? [] : [[measureSlug(name), medianMetric(summary)] as [string, BmfMetric]]),
      ...(ratio === null ? [] : [[`${measureSlug(name)}-vs-baseline`, ratio] as [string, BmfMetric]]),
    ];
  });
}

/** Of trials of which any is a lower bound, the highest is not known. */
function medianMetric({ median, low, high, censored }: MeasureSummary): BmfMetric {
  return { value: median, lower_value: low, ...(censored > 0 ? {} : { upper_value: high }) };
}

function ratioMetric({ ratio, low, high, bound }: RatioRange): BmfMetric | null {
  if (ratio === null) return null;
  return {
    value: ratio,
    ...(low === null || bound === "atMost" ? {} : { lower_value: low }),
    ...(high === null || bound === "atLeast" ? {} : { upper_value: high }),
  };
}
