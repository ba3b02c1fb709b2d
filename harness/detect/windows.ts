import type { Window } from "../results/window.ts";

/** Start of the first window in which a request was completed, ms on the trial's clock; null where none was. */
export function firstRequestMs(windows: readonly Window[]): number | null {
  return windows.find((window) => window.requests > 0)?.startMs ?? null;
}

/** A moment that went to seconds and back may come out a hair early: no window is that near to another's edge. */
const slackMs = 0.5;

/** Windows that lie wholly between two moments, so that nothing outside is counted. */
export function within<W extends Pick<Window, "startMs" | "endMs">>(
  windows: readonly W[],
  fromMs: number,
  toMs: number,
): W[] {
  return windows.filter((window) => window.startMs >= fromMs - slackMs && window.endMs <= toMs + slackMs);
}

/** Requests that succeeded. */
export function successesOf(window: Window): number {
  return window.requests - window.faults.reduce((sum, fault) => sum + fault.count, 0);
}

/** Failures that are not the generator's own. */
export function servedFaults(window: Window): number {
  return window.faults.reduce((sum, fault) => sum + (fault.side === "generator" ? 0 : fault.count), 0);
}

export function successesPerSecond(window: Window): number {
  return (successesOf(window) * 1000) / Math.max(1, window.endMs - window.startMs);
}

/** Requests a second that the open model asked for: those completed and those no virtual user was free for. */
export function offeredPerSecond(window: Window): number {
  return ((window.requests + window.droppedIterations) * 1000) / Math.max(1, window.endMs - window.startMs);
}

/** Seconds that windows cover. */
export function coveredSeconds(windows: readonly Window[]): number {
  return sum(windows.map((window) => window.endMs - window.startMs)) / 1000;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** 0 of nothing. Not Math.max(...values): a long trial has more samples than a call may have arguments. */
export function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}
