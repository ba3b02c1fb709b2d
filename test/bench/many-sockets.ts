import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { WatchedRole } from "../../harness/sampling/observer.ts";

const timeWaits = join(import.meta.dirname, "../fixtures/sampling/time-waits.ts");
const manySockets = join(import.meta.dirname, "../fixtures/observe/many-sockets.py");
export const portRange = { low: 10_000, high: 60_999 };

/** A fresh namespace with sockets, and what a sampler needs to watch it. */
export interface ManySockets {
  role: WatchedRole;
  /** argv that runs a command inside. */
  inside(argv: string[]): string[];
  end(): Promise<void>;
}

/** So many TIME_WAITs to one destination. */
export function openTimeWaits(role: string, count: number): Promise<ManySockets> {
  return openNamespace(role, [process.execPath, timeWaits, String(count), "198.18.7.1", "3306"]);
}

/** So many open connections to each of a dozen destinations, both ends of each. */
export function openConnections(role: string, count: number): Promise<ManySockets> {
  const ports = Array.from({ length: 12 }, (_, place) => String(3301 + place));
  return openNamespace(role, ["python3", manySockets, String(count), ...ports]);
}

/** It is gone with its child, which ends with this process at the latest. */
async function openNamespace(role: string, argv: string[]): Promise<ManySockets> {
  const asRoot = process.getuid?.() === 0;
  const child = spawn("unshare", [...(asRoot ? [] : ["--user", "--map-root-user"]), "--net", ...argv], {
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
  throw new Error(`the namespace with its sockets ended before it was ready: ${String(code)}`);
}
