import type { MeasureName } from "./measure-names.ts";

/** Which way is better. */
export type Direction = "higher" | "lower";

/** A measure that profiles are compared on: better in which direction, and from which difference on. */
export interface JudgedMeasure {
  name: MeasureName;
  direction: Direction;
  /** Fraction: with 0.05 ratios from 1/1.05 to 1.05 count as "same". */
  tolerance: number;
}

/**
 * Judged unless the suite names its own: how far, how fast, how slow at worst. Times the profiles they are the Holm family, so
 * plan counts the blocks by them and analysis tests them; all other measures are shown as medians. More of them would
 * cost every verdict more blocks.
 */
export const judgedByDefault = [
  "requestsBeforeWall",
  "sustainedPerSecond",
  "latencyMs.p99",
] as const satisfies MeasureName[];

/** Which way is better, where a suite does not say. */
export const betterDirection: Record<MeasureName, Direction> = {
  requestsBeforeWall: "higher",
  timeToWallSeconds: "higher",
  scanCliffSeconds: "higher",
  sustainableRatePerSecond: "higher",
  sustainedPerSecond: "higher",
  faultRatio: "lower",
  "latencyMs.p50": "lower",
  "latencyMs.p90": "lower",
  "latencyMs.p99": "lower",
  "latencyMs.max": "lower",
  timeWaitPeak: "lower",
  portUsePeakRatio: "lower",
  connectionsPerSecond: "lower",
  interruptMaxShare: "lower",
  softirqMaxShare: "lower",
};
