import { eventsOf, type TrialEvent } from "../results/events.ts";
import type { Condition } from "../results/goals.ts";
import type { Window } from "../results/window.ts";
import type { Span } from "./deltas.ts";
import { coveredSeconds, successesOf, successesPerSecond, sum } from "./windows.ts";

/** "As before": at least this share of the successes a second, and no more failures than this, or than there were. */
const asBefore = { successes: 0.9, faults: 0.01 };
/** For so many windows, one after the other: 1 s of the usual 500 ms. */
const lastingWindows = 2;

/**
 * From the last action's undoing (a restart that is ready, the end of a pause; where nothing is undone, the kill itself) until
 * requests succeed again as they did in the condition before its first action, or as they were asked for where nothing was
 * served before. Known to a window (500 ms), upwards. null without actions, and where it did not come within the condition.
 */
export function recoverySeconds(request: {
  condition: Condition;
  /** Within the condition. */
  windows: Window[];
  events: TrialEvent[];
  span: Span;
}): number | null {
  const { condition, windows, span } = request;
  const events = request.events.filter(({ atMs }) => atMs >= span.fromMs && atMs <= span.toMs);
  const begun = eventsOf(events, "action-started")[0];
  const ended = eventsOf(events, "action-ended");
  const settled = ended.length + eventsOf(events, "action-skipped").length;
  const undoneMs = ended.at(-1)?.atMs;
  if (begun === undefined || undoneMs === undefined || settled < condition.actions.length) return null;
  const before = windows.filter(({ endMs }) => endMs <= begun.atMs);
  const isGood = goodWindows(before, condition.perSecond);
  const after = windows.filter(({ endMs }) => endMs > undoneMs);
  const first = after.findIndex((_, i) => {
    const row = after.slice(i, i + lastingWindows);
    return row.length === lastingWindows && row.every(isGood);
  });
  const startMs = after[first]?.startMs;
  return startMs === undefined ? null : Math.max(0, startMs - undoneMs) / 1000;
}

function goodWindows(before: Window[], askedPerSecond: number): (window: Window) => boolean {
  const served = sum(before.map(successesOf));
  const usual = served === 0 ? askedPerSecond : Math.min(askedPerSecond, served / coveredSeconds(before));
  const faults = Math.max(asBefore.faults, faultShare(before));
  return (window) => successesPerSecond(window) >= asBefore.successes * usual && faultShare([window]) <= faults;
}

function faultShare(windows: Window[]): number {
  const requests = sum(windows.map((window) => window.requests));
  return requests === 0 ? 0 : 1 - sum(windows.map(successesOf)) / requests;
}
