import type { PortEvidence } from "../results/evidence.ts";
import type { TrialRecord } from "../results/trial.ts";
import type { PortUse } from "./evidence.ts";

/** The role (not the generator, whose ports are generator-bound's) that came nearest to its last port; null where none dialled. */
export function busiestPorts(ports: PortEvidence[]): PortUse | null {
  return ports
    .flatMap(({ role, destination, usable, peakInUse, peakTimeWait }) =>
      role === "generator" || destination === null || usable <= 0
        ? []
        : [{ role, destination, usable, inUse: peakInUse, timeWait: peakTimeWait }],
    )
    .reduce<PortUse | null>((most, next) => (most === null || shareOf(next) > shareOf(most) ? next : most), null);
}

/**
 * One role's ports with better peaks. The table of connections is read seldom (a look costs much), the count of sockets ten times a
 * second: for the target, measures.portUsePeakRatio takes both, and where it is ahead of the table so are the TIME_WAITs.
 */
export function peaksOf({ measures }: Pick<TrialRecord, "measures">, ports: PortEvidence): PortEvidence {
  const { role, usable, peakInUse, peakTimeWait } = ports;
  const counted = role === "target" ? Math.round((measures.portUsePeakRatio ?? 0) * usable) : 0;
  if (counted <= peakInUse) return ports;
  const timeWait = Math.max(peakTimeWait, Math.min(counted, measures.timeWaitPeak ?? 0));
  return { ...ports, peakInUse: counted, peakTimeWait: timeWait };
}

function shareOf({ inUse, usable }: PortUse): number {
  return inUse / usable;
}
