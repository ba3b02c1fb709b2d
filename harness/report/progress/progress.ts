import type { ProgressListener } from "../../results/progress.ts";
import { createLineProgress } from "./line-progress.ts";
import { createLiveProgress } from "./live-progress.ts";

/** Where progress is shown. `width` in columns; `write` gets text as it is, escape sequences included. */
export interface ProgressScreen {
  isTTY: boolean;
  width: number;
  color: boolean;
  write(text: string): void;
}

/**
 * Progress of a run: on a terminal a block that is redrawn in place, elsewhere a line for each event and no escape
 * sequence at all. `nowMs` is a monotonic clock.
 */
export function createProgress(
  screen: ProgressScreen,
  nowMs: () => number = () => performance.now(),
): ProgressListener {
  return screen.isTTY ? createLiveProgress(screen, nowMs) : createLineProgress(screen);
}
