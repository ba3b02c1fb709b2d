import { existsSync, readFileSync, rmSync } from "node:fs";
import { rmdir } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { IncompleteError } from "../../harness/core/errors.ts";
import { startTicks } from "../../harness/core/process-start.ts";
import { cgroupPids, hasCgroups, removeCgroups } from "./cgroups.ts";
import { hasCable, unwireNode } from "./network.ts";
import { markedProcesses } from "./node-namespaces.ts";
import { places } from "./places.ts";

/**
 * Ends the cluster with all that runs in it, and removes what it had: whatever `up` came to before it ended. When PID 1 of
 * its namespaces ends, the kernel ends everything inside, pods too, and frees its mounts, links, rules and sockets.
 * Returns false where there was nothing. Throws IncompleteError with what is left.
 */
export async function takeDown(): Promise<boolean> {
  const left = leftovers();
  await endProcesses();
  await unwireNode();
  await removeCgroups();
  await removeState();
  return left.length > 0;
}

/** What there is of a cluster on this machine, each in a few words. */
export function leftovers(): string[] {
  const processes = clusterProcesses().length;
  return [
    ...(processes > 0 ? [`${processes} processes`] : []),
    ...(hasCable() ? [`the link ${places.machineInterface}`] : []),
    ...(hasCgroups() ? [`cgroups ${places.cgroup}`] : []),
    ...(existsSync(places.stateFolder) ? [places.stateFolder] : []),
  ];
}

/** Marked ones, and what runs in the cluster's cgroups: containers do not carry the marker. */
export function clusterProcesses(): number[] {
  return [...new Set([...markedProcesses(), ...cgroupPids()])];
}

/**
 * Ends every process of the cluster; looked for again each time, since a half-started one may still be starting something. One that is
 * ending has no environment left to know it by, and may still be closing its files: it is waited for by its number and its start.
 */
export async function endProcesses(): Promise<void> {
  const deadlineMs = performance.now() + 15_000;
  const starts = new Map<number, string | null>();
  for (;;) {
    const found = clusterProcesses();
    for (const pid of found) starts.set(pid, startTicks(pid));
    found.forEach(kill);
    const ending = [...starts]
      .filter(([pid, start]) => start !== null && startTicks(pid) === start)
      .map(([pid]) => pid);
    const left = new Set([...found, ...ending]);
    if (left.size === 0) return;
    if (performance.now() > deadlineMs) throw new IncompleteError(`processes do not end: ${[...left].join(", ")}`);
    await wait(50);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // it ended in between
  }
}

/** Refuses where something is still mounted below: what is removed then might be another's. */
async function removeState(): Promise<void> {
  const mounts = readFileSync("/proc/self/mountinfo", "utf8").split("\n");
  const below = mounts.map((row) => row.split(" ")[4] ?? "").filter((path) => path.startsWith(places.stateFolder));
  if (below.length > 0) throw new IncompleteError(`still mounted: ${below.join(", ")}`);
  rmSync(places.stateFolder, { recursive: true, force: true });
  // The folder above goes too, unless another cluster has its own in it.
  await rmdir(dirname(places.stateFolder)).catch(() => {});
}
