import { isTargetRole } from "../core/roles.ts";
import { disturbedSpans, isDisturbed } from "../detect/condition-spans.ts";
import { createLineTally } from "../detect/line-tally.ts";
import { matchLine } from "../detect/log-match.ts";
import { firstRequestMs } from "../detect/windows.ts";
import { isExportFailure } from "../engines/k6/export-failure.ts";
import { scriptErrorIn } from "../engines/k6/script-error.ts";
import type { FaultSignature } from "../results/criteria.ts";
import type { Condition } from "../results/goals.ts";
import type { StopReason } from "../results/stop-reason.ts";
import type { RunningPart } from "../testbeds/testbed.ts";
import { type Recording, secondsIntoLoad } from "./recording.ts";
import type { TrialParts } from "./trial-parts.ts";

/** One event stands for all lines of a kind within this time: a target in trouble can log thousands a second. */
const coalesceMs = 250;

/** Notes faults that a part logs, and, when `atStop` is called, the line of an error that it repeated most. */
export function watchFaultLog(
  part: RunningPart,
  signatures: FaultSignature[],
  recording: Recording,
): { atStop(): void } {
  const lastMs = new Map<string, number>();
  const tally = createLineTally();
  part.onLine((line) => {
    tally.add(line);
    const signature = matchLine(signatures, line);
    if (signature === null) return;
    const last = lastMs.get(signature.kind) ?? Number.NEGATIVE_INFINITY;
    if (recording.now() - last < coalesceMs) return;
    lastMs.set(signature.kind, recording.now());
    recording.event({ kind: "fault-logged", role: part.role, fault: signature.kind, line });
  });
  return {
    atStop: () => {
      const commonest = tally.commonest();
      if (commonest !== null) recording.event({ kind: "line-repeated", role: part.role, ...commonest });
    },
  };
}

/** Notes where a part's log ends before the part does: a full disk. */
export function watchLog(part: RunningPart, recording: Recording): void {
  part.onLogLoss((words) => recording.event({ kind: "log-lost", role: part.role, words }));
}

/**
 * Notes what k6's log says against the trial: exports it could not deliver (counted), and the first error of the script.
 * Told to stop (`stopped` is set), k6 may give up an export that was taken in already: nothing is lost by that.
 */
export function watchGenerator(
  k6: Pick<RunningPart, "onLine">,
  recording: Recording,
): { failedExports: number; stopped: boolean } {
  const seen = { failedExports: 0, scriptErrors: 0, stopped: false };
  k6.onLine((line) => {
    if (isExportFailure(line) && !seen.stopped) {
      seen.failedExports += 1;
      recording.event({ kind: "export-failed", line });
    }
    const thrown = scriptErrorIn(line);
    if (thrown === null) return;
    seen.scriptErrors += 1;
    if (seen.scriptErrors === 1) recording.event({ kind: "script-error", words: thrown });
  });
  return seen;
}

/**
 * Tells when a part died during the load, which ends it. Not where the target dies while something is done to parts on purpose:
 * then the load goes on, and the condition's goals show what was served without it.
 */
export function watchDeaths(
  parts: TrialParts,
  load: { recording: Recording; conditions: Condition[] },
  onDeath: (reason: StopReason) => void,
): void {
  const { recording, conditions } = load;
  parts.onDeath((role, death) => {
    const criterion = isTargetRole(role) ? "target-died" : "upstream-died";
    recording.event({ kind: "part-died", role, death });
    const firstMs = firstRequestMs(recording.windows);
    const meant = firstMs !== null && isDisturbed(recording.now(), disturbedSpans(conditions, firstMs));
    if (criterion === "target-died" && meant) return;
    onDeath({ criterion, atSeconds: secondsIntoLoad(recording), role, death });
  });
}
