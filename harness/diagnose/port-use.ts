import type { PortEvidence } from "../results/evidence.ts";
import type { TrialRecord } from "../results/trial.ts";

/** A role's ports to its busiest destination, at the peak. */
export interface PortUse extends Pick<PortEvidence, "role" | "usable" | "destination"> {
  inUse: number;
  timeWait: number;
}

/** The role (not the generator, whose ports are generator-bound's) that came nearest to its last port; null where none dialled. */
export function busiestPorts(trial: TrialRecord): PortUse | null {
  return trial.evidence.ports
    .filter(({ role, destination, usable }) => role !== "generator" && destination !== null && usable > 0)
    .map((ports) => portUse(trial, ports))
    .reduce<PortUse | null>((most, next) => (most === null || shareOf(next) > shareOf(most) ? next : most), null);
}

/**
 * Peaks of one role. The table of connections is read seldom (a look costs much), the count of sockets ten times a second:
 * for the target, measures.portUsePeakRatio takes both, and where it is ahead of the table so are the TIME_WAITs.
 */
export function portUse({ measures }: TrialRecord, ports: PortEvidence): PortUse {
  const { role, usable, destination, peakInUse, peakTimeWait } = ports;
  const counted = role === "target" ? Math.round((measures.portUsePeakRatio ?? 0) * usable) : 0;
  if (counted <= peakInUse) return { role, usable, destination, inUse: peakInUse, timeWait: peakTimeWait };
  const timeWait = Math.max(peakTimeWait, Math.min(counted, measures.timeWaitPeak ?? 0));
  return { role, usable, destination, inUse: counted, timeWait };
}

function shareOf({ inUse, usable }: PortUse): number {
  return inUse / usable;
}
