import { statSync } from "node:fs";

/**
 * Something that is the same for two processes of one network namespace, and for no others: the inode of its /proc/PID/net/dev, which the kernel gives out
 * once for each namespace. Unlike ns/net anyone may look at it. null: there is no such process.
 */
export function namespaceOf(pid: number | "self"): number | null {
  try {
    return statSync(`/proc/${pid}/net/dev`).ino;
  } catch {
    return null;
  }
}
