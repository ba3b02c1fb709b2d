import type { MeasureSummary, RatioRange } from "../analysis/analysis.ts";
import type { MeasureName } from "../core/measure-names.ts";
import {
  formatCount,
  formatDecimal,
  formatMilliseconds,
  formatPercent,
  formatRate,
  formatRatio,
  formatSeconds,
} from "./formats.ts";

/** How a measure is called (`short`: at a column's head), in which unit its plain number is, and how it is written for people. */
interface MeasureStyle {
  short: string;
  label: string;
  unit: string;
  format: (value: number) => string;
}

export const measureStyles: Record<MeasureName, MeasureStyle> = {
  requestsBeforeWall: {
    short: "before wall",
    label: "requests before the wall",
    unit: "requests",
    format: formatCount,
  },
  timeToWallSeconds: { short: "wall at", label: "time to the wall", unit: "s", format: formatSeconds },
  scanCliffSeconds: { short: "cliff at", label: "time to the scan cliff", unit: "s", format: formatSeconds },
  sustainableRatePerSecond: { short: "sustainable", label: "sustainable rate", unit: "1/s", format: formatRate },
  faultRatio: { short: "failed", label: "failed requests", unit: "fraction", format: formatPercent },
  sustainedPerSecond: { short: "served", label: "sustained successes", unit: "1/s", format: formatRate },
  "latencyMs.p50": { short: "p50", label: "latency p50", unit: "ms", format: formatMilliseconds },
  "latencyMs.p90": { short: "p90", label: "latency p90", unit: "ms", format: formatMilliseconds },
  "latencyMs.p99": { short: "p99", label: "latency p99", unit: "ms", format: formatMilliseconds },
  "latencyMs.max": { short: "slowest", label: "latency max", unit: "ms", format: formatMilliseconds },
  timeWaitPeak: { short: "TIME_WAIT", label: "TIME_WAIT peak", unit: "sockets", format: formatCount },
  portUsePeakRatio: { short: "port use", label: "port use peak", unit: "fraction", format: formatPercent },
  connectionsPerSecond: { short: "connections", label: "new connections", unit: "1/s", format: formatRate },
  interruptMaxShare: {
    short: "interrupts",
    label: "busiest CPU's share of interrupts",
    unit: "fraction",
    format: formatPercent,
  },
  softirqMaxShare: {
    short: "softirqs",
    label: "busiest CPU's share of NET_RX softirqs",
    unit: "fraction",
    format: formatPercent,
  },
};

/** A measure's value with its unit. */
export function formatMeasure(name: MeasureName, value: number): string {
  return measureStyles[name].format(value);
}

/** The median, with ">=" where it is only a lower bound; "-" where nothing was measured. */
export function formatSummary(name: MeasureName, summary: MeasureSummary | undefined): string {
  if (summary === undefined) return "-";
  return `${summary.medianIsBound ? ">= " : ""}${formatMeasure(name, summary.median)}`;
}

/** "lowest to highest" of a summary; null where that says nothing new (one trial, all alike). */
export function formatSpread(name: MeasureName, summary: MeasureSummary | undefined): string | null {
  if (summary === undefined || summary.n < 2) return null;
  const [low, high] = [formatMeasure(name, summary.low), formatMeasure(name, summary.high)];
  return low === high ? null : `${low} to ${high}`;
}

/** 2.10x (1.95 to 2.30), >= 5.31x (from 5.20), >= 5.31x n=1, or "-" where there is no ratio. */
export function formatComparison(comparison: RatioRange | undefined): string {
  if (comparison === undefined || comparison.ratio === null) return "-";
  const bound = comparison.bound === "atLeast" ? ">= " : comparison.bound === "atMost" ? "<= " : "";
  return `${bound}${formatRatio(comparison.ratio)} ${formatInterval(comparison)}`;
}

/** (1.95 to 2.30), (from 5.20) where a bound leaves the other end open, or n=1 where there is no interval. */
function formatInterval(comparison: RatioRange): string {
  const [low, high] = [comparison.low?.toFixed(2), comparison.high?.toFixed(2)];
  if (low === undefined && high === undefined) return `n=${comparison.n}`;
  if (high === undefined) return `(from ${low})`;
  return low === undefined ? `(up to ${high})` : `(${low} to ${high})`;
}

/** A finding's evidence: numbers as everywhere else, text as it is. */
export function formatEvidence(value: number | string, unit: string | null): string {
  if (typeof value === "string") return unit === null ? value : `${value} ${unit}`;
  if (unit === "fraction") return formatPercent(value);
  const number = Number.isInteger(value) ? formatCount(value) : formatDecimal(value);
  if (unit === null) return number;
  return /^[%/]/.test(unit) ? `${number}${unit}` : `${number} ${unit}`;
}
