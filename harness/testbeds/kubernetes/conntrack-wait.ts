import { formatCount } from "../../core/numbers.ts";
import { formatSeconds } from "../../core/units.ts";

/**
 * A node tracks the connections of all its pods in one table. What a finished trial opened stays in it for 120 s, whatever
 * became of the pods, so that the next trial may find it full: its SYNs are dropped then, and the wall that is measured is the
 * node's. How long to wait before the next trial is arithmetic on what the node's observer saw.
 */

/** How long a closed connection is tracked: nf_conntrack_tcp_timeout_time_wait, as every kernel has it (nf_conntrack-sysctl.rst). */
const trackedAfterCloseMs = 120_000;

/** No wait is longer: what is in the table after that is not ours, and waiting does not take it away. */
export const longestWaitMs = 130_000;

/** The share of its table that trials may fill; the rest is for what else the node does. */
const usableShare = 0.9;

/** The node's table at a moment of performance.now(). */
export interface ConntrackReading {
  atMs: number;
  entries: number;
  max: number;
}

export interface ConntrackWait {
  waitMs: number;
  /** For the line of progress while it lasts. */
  words: string;
}

/**
 * How long to wait until the node can track what the next trial opens, by the readings since the last trial began (in order);
 * null: it can do so now, or nothing was read. `expected` null = as many as the last one opened.
 */
export function conntrackWait(
  readings: ConntrackReading[],
  nowMs: number,
  expected: number | null,
): ConntrackWait | null {
  const last = readings.at(-1);
  if (last === undefined) return null;
  const staying = stayingEntries(readings, last);
  const wanted = expected ?? last.entries - staying;
  const room = Math.floor(last.max * usableShare) - wanted;
  if (entriesLeft(readings, staying, nowMs) <= room) return null;
  const enough = readings.find(({ atMs }) => entriesLeft(readings, staying, atMs + trackedAfterCloseMs) <= room);
  const untilMs = (enough ?? last).atMs + trackedAfterCloseMs;
  const waitMs = Math.min(untilMs - nowMs, longestWaitMs);
  if (waitMs <= 0) return null;
  return { waitMs, words: waitWords(last, wanted, waitMs, enough !== undefined) };
}

/**
 * What was in the table before the last trial's connections, so what their end does not take away: the entries 120 s before the
 * last reading, or at the first one where readings begin later.
 */
function stayingEntries(readings: ConntrackReading[], last: ConntrackReading): number {
  const first = readings[0] ?? last;
  const before = readings.findLast(({ atMs }) => atMs <= last.atMs - trackedAfterCloseMs) ?? first;
  return Math.min(before.entries, last.entries);
}

/** Entries at a moment after the last reading, if nothing is opened any more: what was there 120 s before it has gone. */
function entriesLeft(readings: ConntrackReading[], staying: number, atMs: number): number {
  const now = readings.at(-1)?.entries ?? 0;
  const closed = readings.findLast((reading) => reading.atMs <= atMs - trackedAfterCloseMs);
  return Math.max(staying, now - Math.max(0, (closed?.entries ?? staying) - staying));
}

function waitWords({ entries, max }: ConntrackReading, wanted: number, waitMs: number, suffices: boolean): string {
  const seconds = Math.ceil(waitMs / 1000);
  const begin = `the node tracks ${formatCount(entries)} of at most ${formatCount(max)} connections: waiting ${formatSeconds(seconds)} until those of the last trial are forgotten`;
  return suffices ? begin : `${begin}, and even then there is no room for the ${formatCount(wanted)} of the next`;
}
