import { setTimeout as wait } from "node:timers/promises";
import { ApiRefusal } from "../api/refusal.ts";
import type { OpenLog } from "./follow-lines.ts";

const againMs = 500;

/**
 * Hands on the lines of a container's log up to its end, once each: where the stream is cut it is read again from its beginning, and
 * what came is passed over. Resolves when the stream has ended after `isOver` said that the container has, or ended and the pod is gone;
 * with a sentence where the log could not be had to its end within `patienceMs`.
 */
export async function followText(request: {
  openLog: OpenLog;
  pod: string;
  container: string;
  onLine: (line: string) => void;
  isOver: () => boolean;
  patienceMs: number;
  signal: AbortSignal;
}): Promise<string | null> {
  const { openLog, pod, container, onLine, isOver, signal } = request;
  let seen = 0;
  let overMs: number | null = null;
  /** Whether the stream last ended by itself, as it does at the container's end. */
  let ended = false;
  for (;;) {
    const wasOver = isOver();
    if (wasOver) overMs ??= performance.now();
    let place = 0;
    try {
      for await (const line of openLog({ pod, container, signal })) {
        place += 1;
        if (place <= seen) continue;
        seen = place;
        onLine(line);
      }
      ended = true;
      if (wasOver || signal.aborted) return null;
    } catch (error) {
      if (ended && isGone(error)) return null;
      if (!isGone(error)) ended = false;
      if (overMs !== null && performance.now() - overMs > request.patienceMs) return (error as Error).message;
    }
    if (signal.aborted) return null;
    await wait(againMs, undefined, { signal }).catch(() => {});
  }
}

/** The pod was deleted, and its log with it. */
function isGone(error: unknown): boolean {
  return error instanceof ApiRefusal && error.code === 404;
}
