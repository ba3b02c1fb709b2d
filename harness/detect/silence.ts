import type { AttributedWindow } from "./attribute.ts";
import type { FoundFault } from "./fault.ts";
import { sum } from "./windows.ts";

/** Four windows: a target that stands still for a garbage collection answers again before. */
export const shortestSilenceMs = 2000;

/** Kind of the fault of a service that stopped answering. */
export const noAnswer = "NO_ANSWER";

/**
 * A service that accepts and never answers again fails no request: those in flight when the load stops are counted nowhere.
 * So the load's end is looked at: nothing completed for two seconds and more, while the open model found no free virtual
 * user (all of them waited). Its time is the start of the first window without an answer. null where that is not so.
 */
export function silenceAtEnd(windows: readonly AttributedWindow[], firstMs: number): FoundFault | null {
  const silent = windows.slice(windows.findLastIndex(({ requests }) => requests > 0) + 1);
  const [first] = silent;
  const lastsMs = sum(silent.map(({ startMs, endMs }) => endMs - startMs));
  if (first === undefined || lastsMs < shortestSilenceMs) return null;
  if (sum(silent.map(({ droppedIterations }) => droppedIterations)) === 0) return null;
  const firstSeconds = (first.startMs - firstMs) / 1000;
  const record = { kind: noAnswer, side: "target", firstSeconds, seenIn: "silence", inferred: false } as const;
  return { atMs: first.startMs, declared: true, record };
}
