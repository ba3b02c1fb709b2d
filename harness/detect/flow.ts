import type { Histogram } from "../results/histogram.ts";
import type { Window } from "../results/window.ts";
import { largest, successesOf } from "./windows.ts";

/** A window with what was asked in it, and what became of that later. */
export interface FlowWindow extends Window {
  /** Iterations that the load's schedule has within it; of a closed model those that began, and those that should have. */
  asked: number;
  /**
   * Time that virtual users waited in it for answers of the target, of all users together, ms: rebuilt from what was answered then and
   * later, since a request that is answered at t after d was in flight from t - d on. While a queue fills, completions alone show too few.
   */
  waitedMs: number;
  /** Iterations that had begun by its end and were not over when the load ended; null where iterations were not timed. */
  unfinished: number | null;
}

/** Dropped iterations below this share of what was asked are start-up noise; a search asks for as much. */
const droppedShare = 0.01;
/** Moments within a window at which its completions are taken to have come: their own are not known. */
const momentsOfWindow = 5;

/** `due`: iterations that the schedule has in the load's first ms. Cost: linear in the windows' buckets and in how long answers took. */
export function flowOf(windows: readonly Window[], due: (ms: number) => number, firstMs: number): FlowWindow[] {
  const asked = windows.map((window) => askedIn(window, due, firstMs));
  const waited = waitedTimes(windows);
  const finished = finishedStarts(windows);
  let unfinished = 0;
  return windows.map((window, i) => {
    unfinished += (asked[i] ?? 0) - window.droppedIterations - (finished?.[i] ?? 0);
    return {
      ...window,
      asked: asked[i] ?? 0,
      waitedMs: waited[i] ?? 0,
      unfinished: finished === null ? null : unfinished,
    };
  });
}

/** Iterations that were asked for in a window. */
export function askedIn(window: Window, due: (ms: number) => number, firstMs: number): number {
  const { startMs, endMs, begunIterations, droppedIterations } = window;
  return begunIterations === undefined
    ? due(endMs - firstMs) - due(startMs - firstMs)
    : begunIterations + droppedIterations;
}

/** More iterations were dropped than happens at a start. */
export function isShort({ asked, droppedIterations }: Pick<FlowWindow, "asked" | "droppedIterations">): boolean {
  return asked > 0 && droppedIterations > droppedShare * asked;
}

/** How long the slowest answer took, ms; 0 without any. Of what was asked later than so long before the end, too little is known. */
export function longestAnswerMs(windows: readonly Window[]): number {
  return largest(windows.flatMap(({ latencyMs, iterationMs }) => [latencyMs?.max ?? 0, iterationMs?.max ?? 0]));
}

function waitedTimes(windows: readonly Window[]): number[] {
  const waited = windows.map(() => 0);
  for (const [at, window] of windows.entries()) {
    // Failed requests have no time of their own: they are taken to have waited like the others.
    const weight = window.requests / Math.max(1, successesOf(window));
    for (const { endMs, lastedMs, count } of completionsIn(window, window.latencyMs)) {
      for (let i = at; i >= 0 && (windows[i]?.endMs ?? 0) > endMs - lastedMs; i--) {
        const { startMs: fromMs, endMs: toMs } = windows[i] ?? window;
        const overlapMs = Math.min(endMs, toMs) - Math.max(endMs - lastedMs, fromMs);
        waited[i] = (waited[i] ?? 0) + Math.max(0, overlapMs) * count * weight;
      }
    }
  }
  return waited;
}

/** Of the iterations that came to their end, how many began in each window; null where none was timed. */
function finishedStarts(windows: readonly Window[]): number[] | null {
  if (windows.every(({ iterationMs }) => iterationMs === null)) return null;
  const started = windows.map(() => 0);
  for (const [at, window] of windows.entries()) {
    for (const { endMs, lastedMs, count } of completionsIn(window, window.iterationMs)) {
      let i = at;
      while (i > 0 && (windows[i]?.startMs ?? 0) > endMs - lastedMs) i--;
      started[i] = (started[i] ?? 0) + count;
    }
  }
  return started;
}

/** A window's completions, spread evenly over it. */
function completionsIn({ startMs, endMs }: Window, times: Histogram | null) {
  if (times === null) return [];
  const { scale, offset, counts, zeroCount, min, max } = times;
  const middle = (i: number) => Math.min(max, Math.max(min, 2 ** ((offset + i + 0.5) * 2 ** -scale)));
  const lasted = [{ lastedMs: 0, count: zeroCount }, ...counts.map((count, i) => ({ lastedMs: middle(i), count }))];
  return lasted
    .filter(({ count }) => count > 0)
    .flatMap(({ lastedMs, count }) =>
      Array.from({ length: momentsOfWindow }, (_, k) => ({
        endMs: startMs + ((k + 0.5) / momentsOfWindow) * (endMs - startMs),
        lastedMs,
        count: count / momentsOfWindow,
      })),
    );
}
