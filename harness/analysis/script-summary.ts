import { quantile } from "../core/histogram.ts";
import type { Histogram } from "../results/histogram.ts";
import { type CheckCount, type ScriptMetric, sumScriptCounts } from "../results/script-counts.ts";
import type { TrialRecord } from "../results/trial.ts";

/** Percentiles of all values together. */
export interface Percentiles {
  /** The median. */
  p50: number;
  /** Above it is a tenth of the values. */
  p90: number;
  /** Above it is a hundredth of the values. */
  p99: number;
}

/** Requests of one name over the whole load of the measured trials. */
export interface EndpointSummary {
  /** As the script names it; `other` gathers what is beyond 50 names. */
  name: string;
  /** All of them. */
  requests: number;
  /** Of these, the ones that failed. */
  failed: number;
  /** Of the successful ones; null where none was. */
  latencyMs: Percentiles | null;
}

/** A metric of the script's own. */
export interface ScriptMetricSummary {
  /** Its name, with `script.` before it. */
  name: string;
  /** As in k6/metrics. */
  kind: ScriptMetric["kind"];
  /** Of a counter the sum, of a rate the share of values that were not 0, of a gauge the last value, of a trend the mean. */
  value: number;
  /** Values of a rate or a trend; null of the others. */
  count: number | null;
  /** "ms" of a trend of times, "" of any other. */
  unit: string;
  /** Of a trend; null of any other. */
  percentiles: Percentiles | null;
}

/** What the load's script counted. */
export interface ScriptSummary {
  /** How often each check passed and failed. */
  checks: CheckCount[];
  /** Requests by the name that the script gave them; [] where it gave none. */
  endpoints: EndpointSummary[];
  /** Its own metrics. */
  metrics: ScriptMetricSummary[];
}

/** Counts of several trials add up, their distributions merge exactly. By name, whatever came first. */
export function scriptSummary(trials: readonly Pick<TrialRecord, "script">[]): ScriptSummary {
  const { checks, endpoints, metrics } = sumScriptCounts(trials.map(({ script }) => script));
  return {
    checks: byName(checks),
    endpoints: byName(endpoints).map(({ latencyMs, ...counts }) => ({
      ...counts,
      latencyMs: latencyMs === null ? null : percentilesOf(latencyMs),
    })),
    metrics: byName(metrics).map(metricSummary),
  };
}

function byName<T extends { name: string }>(items: T[]): T[] {
  return items.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function metricSummary(metric: ScriptMetric): ScriptMetricSummary {
  const plain = { name: `script.${metric.name}`, kind: metric.kind, count: null, unit: "", percentiles: null };
  switch (metric.kind) {
    case "counter":
      return { ...plain, value: metric.sum };
    case "rate":
      return { ...plain, value: metric.of === 0 ? 0 : metric.hits / metric.of, count: metric.of };
    case "gauge":
      return { ...plain, value: metric.value };
    case "trend": {
      const { unit, values } = metric;
      return {
        ...plain,
        value: values.sum / values.count,
        count: values.count,
        unit,
        percentiles: percentilesOf(values),
      };
    }
  }
}

function percentilesOf(histogram: Histogram): Percentiles {
  return { p50: quantile(histogram, 0.5), p90: quantile(histogram, 0.9), p99: quantile(histogram, 0.99) };
}
