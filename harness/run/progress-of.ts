import type { Stage } from "../environments/environment.ts";
import type { ProgressEvent } from "../results/progress.ts";
import type { PlannedTrial } from "../results/run.ts";
import { portFacts } from "./port-facts.ts";
import { type Recording, secondsIntoLoad } from "./recording.ts";

/** What to show after a window: the last window's rate and faults, and how near the target's ports are to their walls. */
export function progressOf(planned: PlannedTrial, recording: Recording, stage: Stage): ProgressEvent {
  const window = recording.windows.at(-1);
  const lengthMs = window === undefined ? 0 : window.endMs - window.startMs;
  const sockets = recording.samples.findLast((sample) => sample.kind === "sockets" && sample.role === "target");
  const usable = portFacts(stage.settings, "target")?.usable ?? null;
  const known = sockets?.kind === "sockets" && usable !== null;
  return {
    kind: "trial-progress",
    sequence: planned.sequence,
    elapsedSeconds: secondsIntoLoad(recording),
    ratePerSecond: window === undefined || lengthMs <= 0 ? 0 : (window.requests * 1000) / lengthMs,
    faults: window?.faults.reduce((sum, fault) => sum + fault.count, 0) ?? 0,
    portUseRatio: known ? sockets.timeWait / usable : null,
  };
}
