import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ExecutionContext } from "ava";

/** Where control groups are: a hierarchy for each controller (v1), or one for all (v2). */
const root = "/sys/fs/cgroup";

/** What is limited: a CPU's share of time (0.2 = a fifth of one CPU), or bytes of memory. */
export interface GroupLimit {
  group: "cpu" | "memory";
  limit: number;
}

/** Whether this machine lets a group be made for the controller: root, and the controller in v1's hierarchy or handed down in v2's. */
export function mayGroup(controller: GroupLimit["group"]): boolean {
  if (process.getuid?.() !== 0) return false;
  return isFirstVersion(controller) || handedDown().includes(controller);
}

/** A group with a limit, as a folder; it goes with the test. */
export function makeGroup(t: ExecutionContext, { group, limit }: GroupLimit): string {
  const first = isFirstVersion(group);
  const folder = join(first ? join(root, group) : root, `tunebench-truth-${process.pid}`);
  mkdirSync(folder);
  t.teardown(() => rmdirSync(folder));
  for (const [file, value] of Object.entries(first ? firstVersion(group, limit) : secondVersion(group, limit)))
    writeFileSync(join(folder, file), value);
  return folder;
}

function isFirstVersion(controller: string): boolean {
  return existsSync(join(root, controller, "cgroup.procs"));
}

function handedDown(): string[] {
  const file = join(root, "cgroup.subtree_control");
  return existsSync(file) ? readFileSync(file, "utf8").trim().split(" ") : [];
}

const periodMicroseconds = 100_000;

function firstVersion(group: GroupLimit["group"], limit: number): Record<string, string> {
  if (group === "memory") return { "memory.limit_in_bytes": `${limit}` };
  return { "cpu.cfs_period_us": `${periodMicroseconds}`, "cpu.cfs_quota_us": `${limit * periodMicroseconds}` };
}

function secondVersion(group: GroupLimit["group"], limit: number): Record<string, string> {
  if (group === "memory") return { "memory.max": `${limit}` };
  return { "cpu.max": `${limit * periodMicroseconds} ${periodMicroseconds}` };
}
