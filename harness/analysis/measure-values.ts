import type { MeasureName } from "../core/measure-names.ts";
import { measureNumber } from "../results/measure-number.ts";
import type { TrialRecord } from "../results/trial.ts";
import type { Value } from "../stats/pairs.ts";

/** As a sentence names them after a ratio: "1.3x the requests". */
export const measureWords: Record<MeasureName, string> = {
  requestsBeforeWall: "requests before the wall",
  timeToWallSeconds: "time to the wall",
  scanCliffSeconds: "time to the scan cliff",
  sustainableRatePerSecond: "sustainable rate",
  sustainedPerSecond: "successes a second",
  faultRatio: "share of failed requests",
  "latencyMs.p50": "median latency",
  "latencyMs.p90": "p90 latency",
  "latencyMs.p99": "p99 latency",
  "latencyMs.max": "highest latency",
  timeWaitPeak: "TIME_WAIT peak",
  portUsePeakRatio: "port use",
  connectionsPerSecond: "new connections a second",
  interruptMaxShare: "busiest CPU's share of interrupts",
  softirqMaxShare: "busiest CPU's share of receive work",
};

/**
 * A trial's value of a measure; null where it was not measured, which for latency includes a generator that was the
 * limit. A lower bound ("censored"): the wall of a trial that met none (or only the generator's), the throughput of a
 * generator that was the limit, a rate whose search never met the service's own limit. A wall that the target met is one,
 * however hard the generator found it to get there.
 */
export function measuredValue(trial: TrialRecord, name: MeasureName): Value | null {
  const number = measureNumber(trial.measures, name);
  if (number === null) return null;
  const { bound } = trial.generator;
  if (name.startsWith("latencyMs.")) return bound ? null : { value: number, censored: false };
  if (name === "requestsBeforeWall" || name === "timeToWallSeconds") {
    return { value: number, censored: trial.outcome !== "broke" || trial.fault?.side === "generator" };
  }
  if (name === "sustainableRatePerSecond") return { value: number, censored: trial.search?.lowerBound ?? false };
  const throughput = name === "sustainedPerSecond" || name === "connectionsPerSecond";
  return { value: number, censored: throughput && bound };
}
