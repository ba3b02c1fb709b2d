import { matchLine } from "../detect/log-match.ts";
import type { PartEnd, RunningPart } from "../environments/environment.ts";
import { isExportFailure } from "../load/export-failure.ts";
import { scriptErrorIn } from "../load/script-error.ts";
import type { FaultSignature } from "../results/criteria.ts";
import type { StopReason } from "../results/trial.ts";
import { type Recording, secondsIntoLoad } from "./recording.ts";

/** One event stands for all lines of a kind within this time: a target in trouble can log thousands a second. */
const coalesceMs = 250;

/** Notes faults that the target logs; the event's detail is the kind, a blank and the line. */
export function watchFaultLog(target: RunningPart, signatures: FaultSignature[], recording: Recording): void {
  const lastMs = new Map<string, number>();
  target.onLine((line) => {
    const signature = matchLine(signatures, line);
    if (signature === null) return;
    const last = lastMs.get(signature.kind) ?? Number.NEGATIVE_INFINITY;
    if (recording.now() - last < coalesceMs) return;
    lastMs.set(signature.kind, recording.now());
    recording.event("target-fault-logged", "target", `${signature.kind} ${line}`);
  });
}

/**
 * Notes what k6's log says against the trial: exports it could not deliver (counted), and the first error of the script.
 * Told to stop (`stopped` is set), k6 may give up an export that was taken in already: nothing is lost by that.
 */
export function watchGenerator(k6: RunningPart, recording: Recording): { failedExports: number; stopped: boolean } {
  const seen = { failedExports: 0, scriptErrors: 0, stopped: false };
  k6.onLine((line) => {
    if (isExportFailure(line) && !seen.stopped) {
      seen.failedExports += 1;
      recording.event("export-failed", "generator", line);
    }
    const thrown = scriptErrorIn(line);
    if (thrown === null) return;
    seen.scriptErrors += 1;
    if (seen.scriptErrors === 1) recording.event("script-error", "generator", thrown);
  });
  return seen;
}

/** Tells when a part ends during the load, which no part should: the trial's load is over then. */
export function watchDeaths(parts: RunningPart[], recording: Recording, onDeath: (reason: StopReason) => void): void {
  for (const part of parts) {
    void part.ended.then((end) => {
      const detail = `${part.role} ended (${describeEnd(end)}) while under load`;
      recording.event(part.role === "target" ? "target-died" : "upstream-died", part.role, detail);
      const criterion = part.role === "target" ? "target-died" : "upstream-died";
      onDeath({ criterion, atSeconds: secondsIntoLoad(recording), detail });
    });
  }
}

/** `signal SIGKILL` or `exit code 3`. */
function describeEnd(end: PartEnd): string {
  return end.signal === null ? `exit code ${end.exitCode}` : `signal ${end.signal}`;
}
