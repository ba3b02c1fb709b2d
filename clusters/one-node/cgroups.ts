import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { IncompleteError } from "../../harness/core/errors.ts";
import { places } from "./places.ts";

/** Without these the kubelet does not start. */
export const neededControllers = ["cpu", "cpuset", "memory", "pids"];

/** A cgroup hierarchy of this machine: the only one with cgroup v2, one for each set of controllers with v1. */
export interface Hierarchy {
  /** Its mount point. */
  folder: string;
  /** "memory", "cpu" ... */
  controllers: string[];
}

/** What this machine has mounted; a container's own view of a part of a hierarchy is left out. */
export function cgroupHierarchies(): Hierarchy[] {
  const rows = readFileSync("/proc/self/mountinfo", "utf8").split("\n").map(hierarchyOf);
  return rows.filter((row) => row !== null);
}

/** A row of /proc/self/mountinfo: "36 25 0:30 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory". */
function hierarchyOf(row: string): Hierarchy | null {
  const fields = row.split(" ");
  const [type, , options = ""] = fields.slice(fields.indexOf("-") + 1);
  const [root, folder = ""] = fields.slice(3);
  if (root !== "/" || (type !== "cgroup" && type !== "cgroup2")) return null;
  const controllers = type === "cgroup" ? options.split(",") : wordsIn(join(folder, "cgroup.controllers"));
  return { folder, controllers };
}

/**
 * Makes the cluster's cgroup in every hierarchy: the kubelet puts pods below it, and joinDaemons the cluster's own
 * processes.
 */
export function makeCgroups(): void {
  for (const { folder } of cgroupHierarchies()) {
    passOn(folder);
    mkdirSync(join(folder, places.cgroup, "daemons"), { recursive: true });
  }
}

/**
 * With cgroup v2 a controller works below the top only where the top passes it on; the kubelet demands these of its root
 * (runc, libcontainer/cgroups/fs2). That stays, as after any container runtime.
 */
function passOn(folder: string): void {
  const passed = wordsIn(join(folder, "cgroup.subtree_control"));
  const there = wordsIn(join(folder, "cgroup.controllers"));
  for (const controller of [...neededControllers, "hugetlb"].filter(
    (name) => there.includes(name) && !passed.includes(name),
  )) {
    writeFileSync(join(folder, "cgroup.subtree_control"), `+${controller}`);
  }
}

/** Puts a process, with what it starts from now on, where its memory is counted with the cluster's. */
export function joinDaemons(pid: number): void {
  writeFileSync(join(memoryFolder(), places.cgroup, "daemons", "cgroup.procs"), String(pid));
}

/** Every process of the cluster, pods' included, as this machine numbers them. */
export function cgroupPids(): number[] {
  const top = hasCgroups() ? join(memoryFolder(), places.cgroup) : "";
  return existsSync(top) ? below(top).flatMap((folder) => wordsIn(join(folder, "cgroup.procs")).map(Number)) : [];
}

/** Whether any of the cluster's cgroups is there. */
export function hasCgroups(): boolean {
  return cgroupHierarchies().some(({ folder }) => existsSync(join(folder, places.cgroup)));
}

/** Removes the cluster's cgroups; they empty themselves as the kernel reaps their processes, so each is tried for 10 s. */
export async function removeCgroups(): Promise<void> {
  const deadlineMs = performance.now() + 10_000;
  for (;;) {
    const left = cgroupHierarchies().flatMap(({ folder }) => removeTree(join(folder, places.cgroup)));
    if (left.length === 0) return;
    if (performance.now() > deadlineMs) throw new IncompleteError(`cgroups could not be removed: ${left.join(", ")}`);
    await wait(50);
  }
}

/** Deepest first. Returns what is still in use. */
function removeTree(top: string): string[] {
  if (!existsSync(top)) return [];
  return below(top)
    .reverse()
    .filter((folder) => {
      try {
        rmdirSync(folder);
        return false;
      } catch (error) {
        return (error as NodeJS.ErrnoException).code !== "ENOENT";
      }
    });
}

/** A cgroup and all below it, parents first; those that end while we look are left out. */
function below(folder: string): string[] {
  try {
    const children = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return [folder, ...children.flatMap((entry) => below(join(folder, entry.name)))];
  } catch {
    return [];
  }
}

function memoryFolder(): string {
  const hierarchy = cgroupHierarchies().find(({ controllers }) => controllers.includes("memory"));
  if (hierarchy === undefined) throw new IncompleteError("no cgroup hierarchy counts memory here");
  return hierarchy.folder;
}

function wordsIn(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split(/\s+/).filter(Boolean);
  } catch {
    return [];
  }
}
