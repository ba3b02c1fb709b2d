import { median } from "simple-statistics";
import { mergeHistograms, quantile } from "../../core/histogram.ts";
import type { Histogram } from "../../results/histogram.ts";
import type { Window } from "../../results/window.ts";
import type { LoadSeries } from "./page-data.ts";
import { significant } from "./thin.ts";

/** A trial's windows as a chart's series of at most `points`; neighbours are merged, never averaged or skipped. */
export function loadSeries(recorded: Window[], firstRequestMs: number, points: number): LoadSeries {
  const windows = mergeStubs(recorded);
  const perPoint = Math.max(1, Math.ceil(windows.length / points));
  const merged = Array.from({ length: Math.ceil(windows.length / perPoint) }, (_, index) =>
    mergeWindows(windows.slice(index * perPoint, (index + 1) * perPoint)),
  );
  const percentiles = (q: number) =>
    merged.map(({ latencyMs }) =>
      latencyMs === null || latencyMs.count === 0 ? null : significant(quantile(latencyMs, q)),
    );
  return {
    seconds: merged.map(({ endMs }) => significant((endMs - firstRequestMs) / 1000, 5)),
    successesPerSecond: merged.map((window) => rate(window, window.requests - failures(window))),
    faultsPerSecond: merged.map((window) => rate(window, failures(window))),
    p50Ms: percentiles(0.5),
    p90Ms: percentiles(0.9),
    p99Ms: percentiles(0.99),
    bound: merged.map(({ droppedIterations }) => droppedIterations > 0),
  };
}

/** The export at k6's end closes a window of some ms, whose rate would be a peak that never was: it joins the one before. */
function mergeStubs(windows: Window[]): Window[] {
  if (windows.length < 2) return windows;
  const usualMs = median(windows.map(({ startMs, endMs }) => endMs - startMs));
  const whole: Window[] = [];
  for (const window of windows) {
    const before = whole.at(-1);
    if (before === undefined || window.endMs - window.startMs >= usualMs / 2) whole.push(window);
    else whole[whole.length - 1] = mergeWindows([before, window]);
  }
  return whole;
}

function mergeWindows(windows: Window[]): Window {
  const [first, ...others] = windows;
  if (first === undefined) throw new Error("no window to merge");
  return others.reduce(
    (sum, window) => ({
      ...window,
      startMs: sum.startMs,
      requests: sum.requests + window.requests,
      faults: [...sum.faults, ...window.faults],
      latencyMs: mergeLatency(sum.latencyMs, window.latencyMs),
      droppedIterations: sum.droppedIterations + window.droppedIterations,
    }),
    first,
  );
}

function mergeLatency(one: Histogram | null, other: Histogram | null): Histogram | null {
  return one !== null && other !== null ? mergeHistograms(one, other) : (one ?? other);
}

function failures(window: Window): number {
  return window.faults.reduce((sum, fault) => sum + fault.count, 0);
}

function rate(window: Window, count: number): number {
  const seconds = (window.endMs - window.startMs) / 1000;
  return seconds > 0 ? significant(count / seconds) : 0;
}
