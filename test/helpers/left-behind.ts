import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { World } from "./whole-run.ts";

/** A process as /proc shows it; `startTicks` tells it from a later one with the same pid. */
interface Process {
  pid: number;
  startTicks: number;
  network: string;
  words: string;
  folder: string;
}

/** Every process that a world's harness started: all work in its folder, or name a file of it. Looked for again and again: no other is read whole. */
export function processesOf(world: World): Process[] {
  return pids().flatMap((pid) => (isOf(world, pid) ? (processOf(pid) ?? []) : []));
}

function isOf(world: World, pid: string): boolean {
  try {
    if (readlinkSync(`/proc/${pid}/cwd`).startsWith(world.folder)) return true;
    return readFileSync(`/proc/${pid}/cmdline`, "latin1").includes(world.folder);
  } catch {
    return false;
  }
}

/** Network namespaces of a world's processes, the machine's own left out. */
export function networksOf(world: World): string[] {
  const own = readlinkSync("/proc/self/ns/net");
  return [...new Set(processesOf(world).map(({ network }) => network))].filter((network) => network !== own);
}

/**
 * What is still there of a world, once nothing is or five seconds are over: its processes, and the older ones in a
 * network namespace that was its own (the kernel gives the number of a freed one to the next that is made).
 */
export async function leftBehind(world: World, networks: string[] = []): Promise<string[]> {
  const isAsked = networks.length > 0;
  const nowTicks = isAsked ? Math.max(...processes().map(({ startTicks }) => startTicks)) : 0;
  const deadline = performance.now() + 5000;
  for (;;) {
    const inside = (isAsked ? processes() : []).filter(
      ({ network, startTicks }) => networks.includes(network) && startTicks <= nowTicks,
    );
    const left = [...processesOf(world), ...inside].map(({ pid, words }) => `${pid} ${words}`);
    if (left.length === 0 || performance.now() > deadline) return left;
    await wait(25);
  }
}

/** Names that the rig gives to links. Others come and go with whatever else the machine runs: a container has some too. */
const rigLink = /^(load|up\d+|target(-\d+)?|other)$/;

/** Settings and links of the machine that no run may change. */
export function machineState(): Record<string, string> {
  const keys = ["ipv4/tcp_tw_reuse", "ipv4/ip_local_port_range", "ipv4/tcp_max_tw_buckets", "core/somaxconn"];
  const settings = keys.map((key) => [key, readFileSync(`/proc/sys/net/${key}`, "utf8").trim()]);
  const links = readdirSync("/sys/class/net").filter((name) => rigLink.test(name));
  return { ...Object.fromEntries(settings), links: links.sort().join(" ") };
}

/** Files of a world outside its suite and its results. */
export function strayFiles(world: World): string[] {
  return [world.home, world.tmp].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" }).map((path) => join(folder, path)),
  );
}

export function processes(): Process[] {
  return pids().flatMap((pid) => processOf(pid) ?? []);
}

function pids(): string[] {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name));
}

/** null where it is gone, a zombie, or a thread of the kernel. */
function processOf(pid: string): Process | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return {
      pid: Number(pid),
      startTicks: Number(fields[19]),
      network: readlinkSync(`/proc/${pid}/ns/net`),
      words: readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim(),
      folder: readlinkSync(`/proc/${pid}/cwd`),
    };
  } catch {
    return null;
  }
}
