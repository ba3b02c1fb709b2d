import { reservedWithin } from "../core/ports.ts";
import { readProc } from "../sampling/proc.ts";

/** Values of sysctls as this process's namespaces have them; null where there is none, or it can't be read. */
export function readSettings(keys: string[]): Record<string, string | null> {
  return Object.fromEntries(keys.map((key) => [key, readSetting(key)]));
}

/** The range of local ports, and how many of it connect() may use. */
export function readPorts(): { portRange: { low: number; high: number }; usablePorts: number } {
  const [low = 32_768, high = 60_999] =
    (readSetting("net.ipv4.ip_local_port_range") ?? "").match(/\d+/g)?.map(Number) ?? [];
  const reserved = reservedWithin(readSetting("net.ipv4.ip_local_reserved_ports") ?? "", low, high);
  return { portRange: { low, high }, usablePorts: high - low + 1 - reserved };
}

/** A key of the pod's interface has IFNAME in its place, as the tuning plugin takes it; CNI names a pod's first one eth0. */
function readSetting(key: string): string | null {
  // A key is words joined by dots, so it can't lead out of /proc/sys.
  if (!/^[\w-]+(\.[\w-]+)*$/.test(key)) return null;
  return readProc(`/proc/sys/${key.replace(".IFNAME.", ".eth0.").replaceAll(".", "/")}`)?.trim() ?? null;
}
