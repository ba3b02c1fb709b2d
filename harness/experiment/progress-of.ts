import { portsOf } from "../core/ports.ts";
import { isTargetRole } from "../core/roles.ts";
import type { ProgressEvent } from "../results/progress.ts";
import type { PlannedTrial } from "../results/run.ts";
import type { SettingReading } from "../testbeds/testbed.ts";
import { type Recording, secondsIntoLoad } from "./recording.ts";

/** What to show after a window: the last window's rate and faults, and how near the ports of the target, or of its busiest copy, are to their walls. */
export function progressOf(planned: PlannedTrial, recording: Recording, settings: SettingReading[]): ProgressEvent {
  const window = recording.windows.at(-1);
  const lengthMs = window === undefined ? 0 : window.endMs - window.startMs;
  return {
    kind: "trial-progress",
    sequence: planned.sequence,
    elapsedSeconds: secondsIntoLoad(recording),
    ratePerSecond: window === undefined || lengthMs <= 0 ? 0 : (window.requests * 1000) / lengthMs,
    faults: window?.faults.reduce((sum, fault) => sum + fault.count, 0) ?? 0,
    portUseRatio: busiestPortUse(recording, settings),
  };
}

/** null where no copy's TIME_WAITs, or no copy's port range, is known. */
function busiestPortUse({ samples }: Recording, settings: SettingReading[]): number | null {
  const roles = [...new Set(settings.map(({ role }) => role))].filter(isTargetRole);
  const ratios = roles.flatMap((role) => {
    const sockets = samples.findLast((sample) => sample.kind === "sockets" && sample.role === role);
    const usable = portsOf(settings, role)?.usable ?? null;
    return sockets?.kind === "sockets" && usable !== null ? [sockets.timeWait / usable] : [];
  });
  return ratios.length === 0 ? null : Math.max(...ratios);
}
