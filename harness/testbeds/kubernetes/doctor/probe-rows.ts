import { reachOf } from "../../../knowledge/kubernetes.ts";
import { kubeletDemands } from "../../../knowledge/settings.ts";

/** A sysctl as the probe's pod saw it: null = not there. `writable`: its owner, root, may write it (mode bits of /proc/sys). */
export type ProbeReading = { value: string; writable: boolean } | null;

/** One row of what doctor tells of a node's settings; texts of the node, untrusted. */
export interface ProbeRow {
  key: string;
  /** "" where nothing is. */
  expected: string;
  found: string;
  words: string;
}

/** What --protect-kernel-defaults demands, and what is there. Pure. */
export function protectedRows(readings: Record<string, ProbeReading>): ProbeRow[] {
  return Object.entries(kubeletDemands).map(([key, expected]) => {
    const found = readings[key]?.value ?? null;
    const words = found === null ? "not readable" : found === expected ? "" : "differs";
    return { key, expected, found: found ?? "-", words };
  });
}

/** Whether each key is there in a pod's own namespaces, to be set there. Pure. */
export function keyProbeRows(readings: Record<string, ProbeReading>, keys: string[], minor: number): ProbeRow[] {
  return keys.map((key) => {
    const reading = readings[key] ?? null;
    return { key, expected: "", found: reading?.value ?? "-", words: settable(key, reading, minor) };
  });
}

function settable(key: string, reading: ProbeReading, minor: number): string {
  if (reading === null) return "not there";
  if (reachOf(key, minor).kind === "node") return "the node's own";
  return reading.writable ? "can be set" : "read-only";
}
