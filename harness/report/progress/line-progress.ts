import type { ProgressListener } from "../../results/progress.ts";
import { eventLine } from "./event-line.ts";

/** A line for each event, for logs and pipes; the progress inside a trial is left out. */
export function createLineProgress(screen: { write(text: string): void }): ProgressListener {
  return {
    on(event) {
      const line = eventLine(event);
      if (line !== null) screen.write(`${line}\n`);
    },
    close() {},
  };
}
