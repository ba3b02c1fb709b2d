import type { TrialEvent } from "../../results/events.ts";
import type { ReportInput, TrialSeries } from "../report-input.ts";
import { heatStrips } from "./heat-series.ts";
import { loadSeries } from "./load-series.ts";
import type { Moment, PageData, ProfileCharts } from "./page-data.ts";
import { portSeries } from "./port-series.ts";

/** Room for the series in a page of 2 MB: the rest is text and code. */
const mostBytes = 1_200_000;

const pointsTried = [800, 400, 200, 100, 50, 25];

/** The charts' data, and how many points a series was thinned to (null: all that was recorded is drawn). */
export interface FittedCharts {
  data: PageData;
  thinnedTo: number | null;
}

/** The finest series that fit into the page. */
export function chartData(input: ReportInput): FittedCharts {
  const fits = pointsTried.find((points) => JSON.stringify(pageData(input, points)).length <= mostBytes) ?? 25;
  const longest = Math.max(0, ...input.series.map(longestSeries));
  return { data: pageData(input, fits), thinnedTo: longest > fits ? fits : null };
}

function longestSeries({ windows, samples }: TrialSeries): number {
  const sockets = samples.filter((sample) => sample.kind === "sockets" && sample.role === "target");
  return Math.max(windows.length, sockets.length);
}

function pageData(input: ReportInput, points: number): PageData {
  const profiles = input.analysis.profiles.flatMap(({ name }, palette) => {
    const series = input.series.find(({ trial }) => trial.profile === name);
    return series === undefined ? [] : [profileCharts(input, series, palette, points)];
  });
  const loads = profiles.map(({ load }) => load);
  const latencies = loads.flatMap(({ p50Ms, p99Ms }) => [...p50Ms, ...p99Ms]).filter((value) => value !== null);
  return {
    shared: {
      seconds: highest(loads.flatMap(({ seconds }) => seconds)),
      ratePerSecond: highest(loads.flatMap(({ successesPerSecond }) => successesPerSecond)),
      latencyMs: latencies.length === 0 ? null : { low: lowest(latencies), high: highest(latencies) },
    },
    profiles,
  };
}

function profileCharts(input: ReportInput, series: TrialSeries, palette: number, points: number): ProfileCharts {
  const { trial, windows, samples } = series;
  const firstRequestMs = trial.load.firstRequestMs ?? 0;
  const predicted = input.run.predictions.find(({ profile }) => profile === trial.profile);
  return {
    name: trial.profile,
    palette,
    load: loadSeries(windows, firstRequestMs, points),
    ports: portSeries(samples, firstRequestMs, points, predicted),
    moments: momentsOf(series),
    heat: heatStrips(samples, firstRequestMs, Math.min(points, 150)),
  };
}

function momentsOf(series: TrialSeries): Moment[] {
  return [...wallsAndStop(series), ...conditionMoments(series)];
}

/** Where each condition began, and what was done in it. */
function conditionMoments({ trial, events }: TrialSeries): Moment[] {
  const firstMs = trial.load.firstRequestMs ?? 0;
  return [
    ...trial.conditions.map(({ name, fromSeconds }) => ({
      kind: "condition" as const,
      seconds: fromSeconds,
      label: name,
    })),
    ...events.flatMap((event) => {
      const label = actionLabel(event);
      return label === null ? [] : [{ kind: "action" as const, seconds: (event.atMs - firstMs) / 1000, label }];
    }),
  ];
}

/** "db is killed" as it is done; an end has a line and no words, for which there would be no room; null for what is no action. */
function actionLabel(event: TrialEvent): string | null {
  if (event.kind === "action-ended") return "";
  if (event.kind !== "action-started") return null;
  if (event.action === "latency") return `${event.role} answers ${event.addedMs} ms later`;
  return `${event.role} is ${event.action === "kill" ? "killed" : "stopped"}`;
}

function wallsAndStop({ trial }: TrialSeries): Moment[] {
  const found: [Moment["kind"], number | null | undefined][] = [
    ["cliff", trial.measures.scanCliffSeconds],
    ["fault", trial.fault?.firstSeconds],
    ["stop", trial.stoppedBy?.atSeconds],
  ];
  return found.flatMap(([kind, seconds]) => (seconds === null || seconds === undefined ? [] : [{ kind, seconds }]));
}

function highest(values: number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

function lowest(values: number[]): number {
  return values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
}
