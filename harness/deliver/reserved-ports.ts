import { type PortRange, parsePortRange, portRangeKey, reservedPortsKey } from "../core/ports.ts";
import { reachOf } from "../knowledge/kubernetes.ts";
import type { DeliveredSetting } from "./selection.ts";

/** Ports and ranges, `8080,9090-9099`, of both lists; each once, in their order. */
export function unionOfPorts(one: string, other: string): string {
  const entries = [...one.split(","), ...other.split(",")].map((entry) => entry.trim()).filter((entry) => entry !== "");
  const unique = [...new Set(entries)];
  // Of two that hold the same (8080 and 8080-8080) the first stays.
  const takes = (wide: number, entry: number) => {
    const [a = "", b = ""] = [unique[wide], unique[entry]];
    return wide !== entry && covers(a, b) && (wide < entry || !covers(b, a));
  };
  return unique.filter((_, at) => !unique.some((_, wide) => takes(wide, at))).join(",");
}

function covers(wide: string, entry: string): boolean {
  const [a, b] = [boundsOf(wide), boundsOf(entry)];
  return a.low <= b.low && b.high <= a.high;
}

function boundsOf(entry: string): PortRange {
  const [low = "", high = low] = entry.split("-");
  return { low: Number(low), high: Number(high) };
}

/** The settings, with the listeners' ports within a delivered range kept out of it: an outgoing connection must not take one. */
export function withReservedPorts(
  settings: DeliveredSetting[],
  listeners: number[],
  minor: number,
): DeliveredSetting[] {
  const range = settings.find(({ key }) => key === portRangeKey);
  const bounds = range === undefined ? null : parsePortRange(range.value);
  const within = listeners.filter((port) => bounds !== null && port >= bounds.low && port <= bounds.high);
  if (within.length === 0) return settings;
  const there = settings.find(({ key }) => key === reservedPortsKey);
  const value = unionOfPorts(there?.value ?? "", within.join(","));
  const evidence = "beside the range: the service listens there";
  const reserved: DeliveredSetting = {
    key: reservedPortsKey,
    value,
    values: [value],
    reach: reachOf(reservedPortsKey, minor),
    evidence,
  };
  return [...settings.filter((setting) => setting !== there), reserved];
}
