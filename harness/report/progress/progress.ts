import type { Screen } from "../../core/screen.ts";
import type { ProgressListener } from "../../results/progress.ts";
import { eventLine } from "./event-line.ts";
import { createLiveProgress } from "./live-progress.ts";

/**
 * Progress of a run: on a terminal a block that is redrawn in place, elsewhere a line for each event and no escape
 * sequence at all. `nowMs` is a monotonic clock.
 */
export function createProgress(screen: Screen, nowMs: () => number = () => performance.now()): ProgressListener {
  return screen.isTTY ? createLiveProgress(screen, nowMs) : createLineProgress(screen);
}

/** For logs and pipes: the progress inside a trial is left out. */
function createLineProgress(screen: Screen): ProgressListener {
  return {
    on(event) {
      const line = eventLine(event);
      if (line !== null) screen.write(`${line}\n`);
    },
    close() {},
  };
}
