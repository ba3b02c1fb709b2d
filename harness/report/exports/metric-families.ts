import type { Comparison, MeasureSummary, ProfileAnalysis } from "../../analysis/analysis.ts";
import { trialSets } from "../../analysis/trial-sets.ts";
import { type MeasureName, measuredValue, measureNames, measureOf } from "../../core/measures.ts";
import { printable } from "../../core/text.ts";
import type { RunRecord } from "../../results/run.ts";
import type { TrialRecord } from "../../results/trial.ts";
import type { ReportInput } from "../report-input.ts";
import { exportedUnits, measureWords } from "./measure-name.ts";

/** Numbers of a run under one name, as monitoring systems keep them. */
export interface MetricFamily {
  /** "tunebench.trial.latency.p99" */
  name: string;
  /** Plain text, without a line end. */
  description: string;
  /** UCUM: "s". */
  ucum: string;
  /** What Prometheus puts behind the name: "seconds"; null where the name says all. */
  suffix: string | null;
  points: MetricPoint[];
}

/** One number at one moment. */
export interface MetricPoint {
  /** Text without control characters. */
  labels: Record<string, string>;
  value: number;
  /** Wall-clock time, ms since 1970. */
  atMs: number;
}

/**
 * A run as families of gauges: what each trial that counts measured, at its end; each profile's medians and its ratios over the baseline within
 * blocks, at the end of the run's last trial. `bound` says what is only a bound: "none", "atLeast", "atMost". Families without a number are
 * left out.
 */
export function metricFamilies(input: ReportInput): MetricFamily[] {
  const families = [
    ...measureNames.map((name) => trialFamily(input, name)),
    ...measureNames.map((name) => profileFamily(input, name)),
    ratioFamily(input),
    verdictFamily(input),
    runFamily(input),
  ];
  return families.filter(({ points }) => points.length > 0);
}

/** "tunebench_trial_latency_p99_seconds": a family's name in Prometheus. */
export function prometheusName({ name, suffix }: MetricFamily): string {
  return [name.replaceAll(".", "_"), suffix ?? []].flat().join("_");
}

function trialFamily({ run, trials }: ReportInput, name: MeasureName): MetricFamily {
  const counted = (["compare", "recheck"] as const).flatMap((purpose) =>
    trialSets(run, trials, purpose).flatMap(({ measured }) => [...measured.values()]),
  );
  const points = counted.flatMap((trial) => {
    const measured = measuredValue(trial, name);
    if (measured === null) return [];
    const labels = { ...trialLabels(run, trial), bound: measured.censored ? "atLeast" : "none" };
    return [{ labels, value: inUnit(name, measured.value), atMs: endOf(trial) }];
  });
  return measureFamily("trial", name, "of one trial", points);
}

function profileFamily(input: ReportInput, name: MeasureName): MetricFamily {
  const points = input.analysis.profiles.flatMap((profile) => {
    const summary = profile.measures[name];
    return summary === undefined ? [] : summaryPoints(input, profile, name, summary);
  });
  return measureFamily("profile", name, "of a profile's trials: median, lowest and highest", points);
}

function summaryPoints(
  input: ReportInput,
  profile: ProfileAnalysis,
  name: MeasureName,
  { median, low, high, medianIsBound }: MeasureSummary,
): MetricPoint[] {
  return Object.entries({ median, low, high }).map(([statistic, value]) => ({
    labels: {
      ...profileLabels(input.run, profile),
      statistic,
      bound: statistic === "median" && medianIsBound ? "atLeast" : "none",
    },
    value: inUnit(name, value),
    atMs: lastMoment(input),
  }));
}

function ratioFamily(input: ReportInput): MetricFamily {
  const points = compared(input).flatMap(({ labels, versus }) =>
    Object.entries({ ratio: versus.ratio, low: versus.low, high: versus.high }).flatMap(([statistic, value]) =>
      value === null
        ? []
        : [{ labels: { ...labels, statistic, bound: versus.bound ?? "none" }, value, atMs: lastMoment(input) }],
    ),
  );
  return {
    name: "tunebench.profile.vs_baseline",
    description: "profile over baseline, paired within blocks: the ratio and its interval",
    ucum: "1",
    suffix: "ratio",
    points,
  };
}

function verdictFamily(input: ReportInput): MetricFamily {
  const points = compared(input).map(({ labels, versus }) => ({
    labels: { ...labels, verdict: versus.verdict },
    value: 1,
    atMs: lastMoment(input),
  }));
  return {
    name: "tunebench.profile.verdict",
    description: "1 for the verdict on a profile's measure: better, worse, same or inconclusive",
    ucum: "{verdict}",
    suffix: null,
    points,
  };
}

function runFamily(input: ReportInput): MetricFamily {
  const { run } = input;
  const { tunebench, engine, kernel, cpuModel, cpus, environment } = run.provenance;
  const made = { tunebench, engine, kernel, cpu: `${cpus} x ${cpuModel}`, cluster: environment.cluster };
  return {
    name: "tunebench.run.info",
    description: "1, with what the run was made with",
    ucum: "{run}",
    suffix: null,
    points: [{ labels: { ...runLabels(run), ...cleaned(made) }, value: 1, atMs: lastMoment(input) }],
  };
}

function measureFamily(of: string, name: MeasureName, words: string, points: MetricPoint[]): MetricFamily {
  const { label, unit } = measureOf(name);
  const { ucum, suffix } = exportedUnits[unit];
  return {
    name: ["tunebench", of, ...measureWords(name)].join("."),
    description: `${label} ${words}`,
    ucum,
    suffix,
    points,
  };
}

interface Compared {
  labels: Record<string, string>;
  versus: Comparison;
}

/** Every judged measure of every profile but the baseline. */
function compared({ run, analysis }: ReportInput): Compared[] {
  return analysis.profiles.flatMap((profile) =>
    measureNames.flatMap((measure) => {
      const versus = profile.versusBaseline[measure];
      const labels = { ...profileLabels(run, profile), ...cleaned({ baseline: run.baseline, measure }) };
      return versus === undefined ? [] : [{ labels, versus }];
    }),
  );
}

function inUnit(name: MeasureName, value: number): number {
  return value / exportedUnits[measureOf(name).unit].perUnit;
}

function runLabels(run: RunRecord): Record<string, string> {
  return cleaned({ suite: run.suite, run: run.id });
}

function profileLabels(run: RunRecord, { name }: { name: string }): Record<string, string> {
  return { ...runLabels(run), ...cleaned({ profile: name }) };
}

function trialLabels(run: RunRecord, trial: TrialRecord): Record<string, string> {
  const { profile, sequence, block, purpose } = trial;
  return { ...profileLabels(run, { name: profile }), trial: String(sequence), block: String(block), purpose };
}

function cleaned(labels: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, printable(value)]));
}

function endOf({ startedAt, loadSeconds, overheadSeconds }: TrialRecord): number {
  return Date.parse(startedAt) + Math.round((loadSeconds + overheadSeconds) * 1000);
}

function lastMoment({ run, trials }: ReportInput): number {
  return trials.reduce((latest, trial) => Math.max(latest, endOf(trial)), Date.parse(run.startedAt));
}
