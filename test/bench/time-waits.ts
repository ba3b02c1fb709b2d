import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { WatchedRole } from "../../harness/sampling/observer.ts";

const fixture = join(import.meta.dirname, "../fixtures/sampling/time-waits.ts");
export const portRange = { low: 10_000, high: 60_999 };

/** A fresh namespace with so many TIME_WAITs to one destination, and what a sampler needs to watch it. */
export interface TimeWaits {
  role: WatchedRole;
  /** argv that runs a command inside. */
  inside(argv: string[]): string[];
  end(): Promise<void>;
}

/** Opens the namespace; it is gone with its child, which ends with this process at the latest. */
export async function openTimeWaits(role: string, count: number): Promise<TimeWaits> {
  const asRoot = process.getuid?.() === 0;
  const unshare = [...(asRoot ? [] : ["--user", "--map-root-user"]), "--net", process.execPath, fixture];
  const child = spawn("unshare", [...unshare, String(count), "198.18.7.1", "3306"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  await Promise.race([once(child.stdout, "data"), diesEarly(child)]);
  const pid = child.pid ?? 0;
  const enter = asRoot ? [] : ["--user", "--preserve-credentials"];
  return {
    role: {
      role,
      namespacePid: pid,
      partPids: () => [pid],
      listenPort: 3306,
      portRange,
      usablePorts: portRange.high - portRange.low + 1,
    },
    inside: (argv) => ["nsenter", ...enter, "--net", "-t", String(pid), ...argv],
    async end() {
      const ended = once(child, "exit");
      child.stdin?.end();
      await ended;
    },
  };
}

async function diesEarly(child: ChildProcess): Promise<never> {
  const [code] = await once(child, "exit");
  throw new Error(`the namespace of TIME_WAITs ended before it was ready: ${String(code)}`);
}
