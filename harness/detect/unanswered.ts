import { type FlowWindow, longestAnswerMs } from "./flow.ts";
import type { Phases } from "./phases.ts";
import type { TrialInput } from "./trial-input.ts";

/** A user that waits for less is no user without an answer: a target that stands still for a garbage collection answers again before. */
const shortestWaitMs = 2000;
/** Share of the virtual users without an answer that is worth a word. */
const unansweredShare = 0.1;

/** Virtual users that are never served: their requests are counted nowhere. */
export interface Unanswered {
  /** At the load's stop, of those that had waited for longer than any answer took, and for two seconds. 0 where it is too few to be told. */
  users: number;
  /** Whether users that were never answered waited in this window. */
  lastsIn: (window: FlowWindow) => boolean;
}

/**
 * Arrivals less departures: what the schedule asked for, less what found no free user, less what came to its end, is still in flight.
 * null where it can't be told: iterations were not timed, or parts were stopped on purpose.
 */
export function unansweredUsers(
  input: TrialInput,
  { disturbed, stopMs }: Phases,
  flow: readonly FlowWindow[],
): Unanswered | null {
  const { virtualUsers, peakPerSecond, generator } = input;
  const untilMs = stopMs - Math.max(shortestWaitMs, longestAnswerMs(flow));
  const last = flow.findLast(({ endMs }) => endMs <= untilMs);
  if (disturbed.length > 0 || flow.every(({ unfinished }) => unfinished === null)) return null;
  // So many of its first requests may be in flight or not.
  const unknown = (peakPerSecond * generator.startKnownToMs) / 1000;
  const least = Math.max(2, unansweredShare * virtualUsers, unknown);
  const known = (window: FlowWindow | undefined) => {
    const users = window?.unfinished ?? 0;
    return users < least ? 0 : Math.min(virtualUsers, Math.round(users));
  };
  const users = known(last);
  return {
    users,
    lastsIn: (window) => users > 0 && (window.endMs > untilMs || known(window) > 0),
  };
}
