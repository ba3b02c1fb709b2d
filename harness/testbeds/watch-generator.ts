import type { Engine } from "../engines/engine.ts";
import type { Telemetry } from "./testbed.ts";

/** What generators say in their own output. */
export interface GeneratorWatch {
  /** A line of it. */
  take(line: string): void;
  /**
   * It is told to end. An export that it gives up from here on was taken in already, nothing is lost by that; a request that comes to nothing was
   * cut off by the end.
   */
  told(): void;
  failedExports(): number;
  /** Iterations that the script threw in. */
  thrown(): number;
}

/** Each user of the load tells of its own first responses: so many of each status are noted. */
const mostOfStatus = 5;

/** Notes exports that generators could not deliver, the first error of the script, and the first responses of each status. */
export function watchGenerator(
  engine: Pick<Engine, "complaintIn" | "responseIn">,
  sink: Pick<Telemetry, "event">,
): GeneratorWatch {
  const responses = new Map<number, number>();
  let failedExports = 0;
  let thrown = 0;
  let isTold = false;
  const noteResponse = (line: string) => {
    const response = engine.responseIn(line);
    if (response === null || (isTold && response.status === 0)) return;
    const { status } = response;
    const before = responses.get(status) ?? 0;
    if (before >= mostOfStatus) return;
    responses.set(status, before + 1);
    sink.event({ kind: "response-seen", ...response });
  };
  return {
    take(line) {
      const complaint = engine.complaintIn(line);
      if (complaint === null) return noteResponse(line);
      if (complaint.kind === "export-failed" && isTold) return;
      if (complaint.kind === "export-failed") failedExports += 1;
      else thrown += 1;
      if (complaint.kind === "export-failed" || thrown === 1) sink.event(complaint);
    },
    told: () => {
      isTold = true;
    },
    failedExports: () => failedExports,
    thrown: () => thrown,
  };
}
