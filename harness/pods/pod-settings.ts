import {
  kernelPortRange,
  type PortRange,
  parsePortRange,
  portRangeKey,
  portsIn,
  reservedPortsKey,
  reservedWithin,
} from "../core/ports.ts";
import { readProc } from "../sampling/proc.ts";

/** Values of sysctls as this process's namespaces have them; null where there is none, or it can't be read. */
export function readSettings(keys: string[]): Record<string, string | null> {
  return Object.fromEntries(keys.map((key) => [key, readSetting(key)]));
}

/** The range of local ports, and how many of it connect() may use. */
export function readPorts(): { portRange: PortRange; usablePorts: number } {
  const portRange = parsePortRange(readSetting(portRangeKey) ?? "") ?? kernelPortRange;
  const reserved = reservedWithin(readSetting(reservedPortsKey) ?? "", portRange);
  return { portRange, usablePorts: portsIn(portRange) - reserved };
}

/** A key of the pod's interface has IFNAME in its place, as the tuning plugin takes it; CNI names a pod's first one eth0. */
function readSetting(key: string): string | null {
  // A key is words joined by dots, so it can't lead out of /proc/sys.
  if (!/^[\w-]+(\.[\w-]+)*$/.test(key)) return null;
  return readProc(`/proc/sys/${key.replace(".IFNAME.", ".eth0.").replaceAll(".", "/")}`)?.trim() ?? null;
}
