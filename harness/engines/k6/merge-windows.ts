import { mergeHistograms } from "../../core/histogram.ts";
import type { Window } from "../../results/window.ts";
import { summed } from "./windows.ts";

/** What several runners completed in one stretch of time, as one window: counts added up, histograms merged exactly. */
export function mergeWindows(windows: Window[], stretch: Pick<Window, "startMs" | "endMs" | "virtualUsers">): Window {
  const latencies = windows.flatMap(({ latencyMs }) => (latencyMs === null ? [] : [latencyMs]));
  const [first, ...others] = latencies;
  return {
    ...stretch,
    requests: windows.reduce((sum, window) => sum + window.requests, 0),
    faults: summed(windows.flatMap((window) => window.faults)),
    latencyMs: first === undefined ? null : others.reduce(mergeHistograms, first),
    droppedIterations: windows.reduce((sum, window) => sum + window.droppedIterations, 0),
  };
}
