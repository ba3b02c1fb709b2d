import type { Screen } from "../../core/screen.ts";
import type { ProgressListener } from "../../results/progress.ts";
import { createLineProgress } from "./line-progress.ts";
import { createLiveProgress } from "./live-progress.ts";

/**
 * Progress of a run: on a terminal a block that is redrawn in place, elsewhere a line for each event and no escape
 * sequence at all. `nowMs` is a monotonic clock.
 */
export function createProgress(screen: Screen, nowMs: () => number = () => performance.now()): ProgressListener {
  return screen.isTTY ? createLiveProgress(screen, nowMs) : createLineProgress(screen);
}
