import type { JudgedMeasure } from "../results/judged-measures.ts";
import type { TrialRecord } from "../results/trial.ts";
import type { Value } from "../stats/pairs.ts";
import type { Direction } from "../stats/verdict.ts";
import type { MeasureName } from "./analysis.ts";

export const directions: Record<JudgedMeasure, Direction> = {
  requestsBeforeWall: "higherIsBetter",
  sustainedPerSecond: "higherIsBetter",
  "latencyMs.p99": "lowerIsBetter",
};

/** As a sentence names them after a ratio: "1.3x the requests". */
export const measureWords: Record<JudgedMeasure, string> = {
  requestsBeforeWall: "requests before the wall",
  sustainedPerSecond: "successes a second",
  "latencyMs.p99": "p99 latency",
};

/**
 * A trial's value of a measure; null where it was not measured, which for latency includes a generator that was the
 * limit. A lower bound ("censored"): the wall of a trial that met none (or only the generator's), the throughput of a
 * generator that was the limit. A wall that the target met is one, however hard the generator found it to get there.
 */
export function measuredValue(trial: TrialRecord, name: MeasureName): Value | null {
  const number = numberOf(trial, name);
  if (number === null) return null;
  const { bound } = trial.generator;
  if (name.startsWith("latencyMs.")) return bound ? null : { value: number, censored: false };
  if (name === "requestsBeforeWall" || name === "timeToWallSeconds") {
    return { value: number, censored: trial.outcome !== "broke" || trial.fault?.side === "generator" };
  }
  const throughput = name === "sustainedPerSecond" || name === "connectionsPerSecond";
  return { value: number, censored: throughput && bound };
}

function numberOf({ measures }: TrialRecord, name: MeasureName): number | null {
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
      return measures[name];
  }
}
