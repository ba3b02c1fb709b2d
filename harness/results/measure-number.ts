import type { MeasureName } from "../core/measure-names.ts";
import type { LatencySummary } from "./trial.ts";

/** Names of measures that are one number of their own, not a percentile. */
type PlainName = Exclude<MeasureName, `latencyMs.${string}`>;

/** Measures of a trial, or some of them: of a part of it. What is not there could not be had. */
export type MeasuredNumbers = Partial<Record<PlainName, number | null>> & {
  latencyMs?: Pick<LatencySummary, "p50" | "p90" | "p99" | "max"> | null;
};

/** A measure by its name, in its own unit; null where it was not measured. */
export function measureNumber(measures: MeasuredNumbers, name: MeasureName): number | null {
  switch (name) {
    case "latencyMs.p50":
      return measures.latencyMs?.p50 ?? null;
    case "latencyMs.p90":
      return measures.latencyMs?.p90 ?? null;
    case "latencyMs.p99":
      return measures.latencyMs?.p99 ?? null;
    case "latencyMs.max":
      return measures.latencyMs?.max ?? null;
    default:
      return measures[name] ?? null;
  }
}
