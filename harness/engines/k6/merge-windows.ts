import { mergeHistograms } from "../../core/histogram.ts";
import type { Histogram } from "../../results/histogram.ts";
import type { Window } from "../../results/window.ts";
import { summed } from "./windows.ts";

/** What several runners completed in one stretch of time, as one window: counts added up, histograms merged exactly. */
export function mergeWindows(windows: Window[], stretch: Pick<Window, "startMs" | "endMs" | "virtualUsers">): Window {
  return {
    ...stretch,
    requests: windows.reduce((sum, window) => sum + window.requests, 0),
    faults: summed(windows.flatMap((window) => window.faults)),
    latencyMs: merged(windows.map(({ latencyMs }) => latencyMs)),
    iterationMs: merged(windows.map(({ iterationMs }) => iterationMs)),
    droppedIterations: windows.reduce((sum, window) => sum + window.droppedIterations, 0),
  };
}

function merged(histograms: (Histogram | null)[]): Histogram | null {
  const [first, ...others] = histograms.filter((histogram) => histogram !== null);
  return first === undefined ? null : others.reduce(mergeHistograms, first);
}
