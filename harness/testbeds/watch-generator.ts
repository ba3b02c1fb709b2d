import type { Engine } from "../engines/engine.ts";
import type { Telemetry } from "./testbed.ts";

/** What generators complain of in their own output. */
export interface GeneratorWatch {
  /** A line of it. */
  take(line: string): void;
  /** It is told to end: an export that it gives up from here on was taken in already, nothing is lost by that. */
  told(): void;
  failedExports(): number;
}

/** Notes exports that generators could not deliver, and the first error of the script. */
export function watchGenerator(engine: Pick<Engine, "complaintIn">, sink: Pick<Telemetry, "event">): GeneratorWatch {
  let failedExports = 0;
  let hasThrown = false;
  let isTold = false;
  return {
    take(line) {
      const complaint = engine.complaintIn(line);
      if (complaint === null || (complaint.kind === "export-failed" ? isTold : hasThrown)) return;
      if (complaint.kind === "export-failed") failedExports += 1;
      else hasThrown = true;
      sink.event(complaint);
    },
    told: () => {
      isTold = true;
    },
    failedExports: () => failedExports,
  };
}
