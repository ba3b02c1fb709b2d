/** Names of measures that are judged, shown, or set as goals, in the order of the tables. */
export const measureNames = [
  "requestsBeforeWall",
  "timeToWallSeconds",
  "scanCliffSeconds",
  "sustainableRatePerSecond",
  "sustainedPerSecond",
  "faultRatio",
  "latencyMs.p50",
  "latencyMs.p90",
  "latencyMs.p99",
  "latencyMs.max",
  "timeWaitPeak",
  "portUsePeakRatio",
  "connectionsPerSecond",
  "interruptMaxShare",
  "softirqMaxShare",
] as const;

/** Name of a measure. */
export type MeasureName = (typeof measureNames)[number];
