import { type PortRange, parsePortRange, portRangeKey, portsIn, reservedPortsKey } from "../core/ports.ts";
import { rangeText } from "./port-range.ts";

/**
 * A value under which no port that something listens on can be given to a connection: of a range the widest part without such a port, of
 * reserved ports those. Any other key's is as it was asked. null where no range is left, or nothing to reserve: no profile may have an empty value.
 */
export function freeValue(key: string, value: string, listening: readonly number[]): string | null {
  if (key === reservedPortsKey) return value === "" ? reserving(listening) : value;
  const range = key === portRangeKey ? parsePortRange(value) : null;
  return range === null ? value : rangeText(widest(range, listening));
}

function reserving(listening: readonly number[]): string | null {
  const ports = [...new Set(listening)].sort((one, other) => one - other);
  return ports.length === 0 ? null : ports.join(",");
}

function widest({ low, high }: PortRange, listening: readonly number[]): PortRange {
  const inside = listening.filter((port) => port >= low && port <= high).sort((one, other) => one - other);
  const starts = [low, ...inside.map((port) => port + 1)];
  const parts = starts.map((from, place) => ({ low: from, high: (inside[place] ?? high + 1) - 1 }));
  return parts.reduce((most, next) => (portsIn(next) > portsIn(most) ? next : most));
}
