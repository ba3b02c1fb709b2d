import type { Window } from "../results/window.ts";
import type { AttributedWindow } from "./attribute.ts";
import type { FoundFault } from "./fault.ts";
import { coveredSeconds, largest, sum } from "./windows.ts";

/** Four windows: a target that stands still for a garbage collection answers again before. */
export const shortestSilenceMs = 2000;

/** Kind of the fault of a service that stopped answering. */
export const noAnswer = "NO_ANSWER";

/**
 * A service that accepts and never answers again fails no request: those in flight when the load stops are counted nowhere.
 * So the load's end is looked at: nothing completed for two seconds and more, while the open model found no free virtual
 * user (all of them waited, and not for the script). Its time is the start of the first window without an answer. null where that is not so.
 */
export function silenceAtEnd(windows: readonly AttributedWindow[], firstMs: number): FoundFault | null {
  const silent = silentEnd(windows);
  const [first] = silent;
  if (first === undefined || coveredSeconds(silent) * 1000 < shortestSilenceMs) return null;
  if (sum(silent.map(({ droppedIterations }) => droppedIterations)) === 0 || isHeldByScript(windows)) return null;
  const firstSeconds = (first.startMs - firstMs) / 1000;
  const record = { kind: noAnswer, side: "target", firstSeconds, seenIn: "silence", inferred: false } as const;
  return { atMs: first.startMs, declared: true, record };
}

/**
 * Whether the script itself may hold the users in the silence at the end, after their answers or before they ask: it sleeps, or its output waits
 * to be read. Then iterations have lasted as much longer than any answer, or none came to its end though requests were answered.
 */
export function isHeldByScript(windows: readonly Window[]): boolean {
  const silent = silentEnd(windows);
  const ended = windows.flatMap(({ iterationMs }) => iterationMs ?? []);
  if (silent.length === 0) return false;
  if (ended.length === 0) return windows.some(({ requests }) => requests > 0);
  const ownMs = largest(ended.map(({ max }) => max)) - largest(windows.map(({ latencyMs }) => latencyMs?.max ?? 0));
  return ownMs >= coveredSeconds(silent) * 1000;
}

function silentEnd<W extends Window>(windows: readonly W[]): W[] {
  return windows.slice(windows.findLastIndex(({ requests }) => requests > 0) + 1);
}
