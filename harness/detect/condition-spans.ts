import { eventsOf, type TrialEvent } from "../results/events.ts";
import type { Condition } from "../results/goals.ts";
import type { Window } from "../results/window.ts";
import type { Span } from "./deltas.ts";

/** A condition and its place on the trial's clock. */
export interface ConditionSpan extends Span {
  condition: Condition;
}

/** One after the other from the load's first request on. */
export function conditionSpans(conditions: readonly Condition[], firstMs: number): ConditionSpan[] {
  let fromMs = firstMs;
  return conditions.map((condition) => {
    const toMs = fromMs + condition.lastingMs;
    const span = { condition, fromMs, toMs };
    fromMs = toMs;
    return span;
  });
}

/**
 * Stretches in which something is done to parts on purpose: what fails then is what the condition's goals are about, not the
 * wall that a trial looks for. Each lasts as long as its condition; after a part was killed for good, to the end.
 */
export function disturbedSpans(conditions: readonly Condition[], firstMs: number): Span[] {
  return conditionSpans(conditions, firstMs)
    .filter(({ condition }) => condition.actions.length > 0)
    .map(({ condition, fromMs, toMs }) => ({
      fromMs,
      toMs: killsForGood(condition) ? Number.POSITIVE_INFINITY : toMs,
    }));
}

/**
 * Stretches in which the harness itself did not run: parts that write to it may have waited for it, so what is seen of that time is no doing of
 * the service's.
 */
export function standstillSpans(events: readonly TrialEvent[]): Span[] {
  return eventsOf(events, "harness-stood-still").map(({ fromMs, atMs }) => ({ fromMs, toMs: atMs }));
}

function killsForGood({ actions }: Condition): boolean {
  return actions.some((action) => action.kind === "kill" && action.restartAfterMs === null);
}

/** Whether a moment lies in one of these. */
export function isInSpans(atMs: number, spans: readonly Span[]): boolean {
  return spans.some(({ fromMs, toMs }) => atMs >= fromMs && atMs < toMs);
}

/** Windows that touch none of these. */
export function calmWindows<W extends Pick<Window, "startMs" | "endMs">>(
  windows: readonly W[],
  disturbed: readonly Span[],
): W[] {
  return disturbed.length === 0 ? [...windows] : windows.filter((window) => isCalm(window, disturbed));
}

/** The same in unbroken rows: a row that began before a disturbance does not go on after it. */
export function calmRows<W extends Pick<Window, "startMs" | "endMs">>(
  windows: readonly W[],
  disturbed: readonly Span[],
): W[][] {
  const rows: W[][] = [[]];
  for (const window of windows) {
    if (isCalm(window, disturbed)) rows.at(-1)?.push(window);
    else rows.push([]);
  }
  return rows.filter((row) => row.length > 0);
}

function isCalm({ startMs, endMs }: Pick<Window, "startMs" | "endMs">, disturbed: readonly Span[]): boolean {
  return disturbed.every(({ fromMs, toMs }) => endMs <= fromMs || startMs >= toMs);
}
