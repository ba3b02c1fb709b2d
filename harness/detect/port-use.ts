import { isTargetRole } from "../core/roles.ts";
import type { PortsSample, Role, Sample, SocketsSample } from "../results/samples.ts";

/** A share of TIME_WAITs is only taken from a look that saw at least as many. */
const leastForShare = 100;

/**
 * Ports that the target uses towards its busiest destination as a function of time (ms on the trial's clock), of several copies
 * the one that uses most; null where no table was read by then. The table is read every second or two, TIME_WAITs ten times a second: between two tables
 * the count of TIME_WAITs is scaled by what the nearest table said of it.
 */
export function portUse(samples: readonly Sample[]): (atMs: number) => number | null {
  const roles = new Set(samples.flatMap((sample) => (sample.kind === "ports" ? [sample.role] : [])));
  const uses = [...roles].filter(isTargetRole).map((role) => portUseOf(samples, role));
  return (atMs) => {
    const known = uses.flatMap((use) => use(atMs) ?? []);
    return known.length === 0 ? null : Math.max(...known);
  };
}

function portUseOf(samples: readonly Sample[], role: Role): (atMs: number) => number | null {
  const tables = samples.filter((sample): sample is PortsSample => sample.kind === "ports" && sample.role === role);
  const sockets = samples.filter(
    (sample): sample is SocketsSample => sample.kind === "sockets" && sample.role === role,
  );
  return (atMs) => {
    const table = nearestInTime(tables, atMs);
    if (table === null) return null;
    const inUse = busiestInUse(table);
    const then = nearestInTime(sockets, table.atMs);
    const now = nearestInTime(sockets, atMs);
    if (then === null || now === null || then.timeWait < leastForShare) return inUse;
    return Math.min(table.usable, (inUse * now.timeWait) / then.timeWait);
  };
}

/** Ports in use to the destination that uses most; 0 where the role dials nobody. */
export function busiestInUse(sample: PortsSample): number {
  return Math.max(0, ...sample.destinations.map(({ inUse }) => inUse));
}

/** By bisection: samples of one kind are in the order of their time. */
export function nearestInTime<T extends { atMs: number }>(samples: readonly T[], atMs: number): T | null {
  let low = 0;
  let high = samples.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((samples[middle]?.atMs ?? 0) < atMs) low = middle + 1;
    else high = middle;
  }
  const before = samples[low - 1];
  const after = samples[low];
  if (before === undefined || after === undefined) return before ?? after ?? null;
  return atMs - before.atMs <= after.atMs - atMs ? before : after;
}
