import type { ConntrackCounts, NodeSample } from "../results/samples.ts";
import { networkInterrupts, parseInterrupts, readNetworkDevices } from "./interrupts.ts";
import type { NodeView, ObserveRequest } from "./observer.ts";
import { msPerTick, readProc } from "./proc.ts";
import { showsChildren, treeUse } from "./process-tree.ts";
import type { Look } from "./sampler.ts";

/**
 * Looks at the whole machine: never ends. The network devices are known once, at the start. The table and counters of connection
 * tracking belong to a namespace, only its limit is the machine's.
 */
export function createNodeLook({ now, onSample }: Pick<ObserveRequest, "now" | "onSample">, view: NodeView): Look {
  const devices = readNetworkDevices();
  const read = (path: string) => readProc(`${view.proc}/${path}`) ?? "";
  const runCpuMs = createRunCpu(view);
  return () => {
    const interrupts = networkInterrupts(parseInterrupts(read("interrupts")), devices);
    onSample({
      kind: "node",
      atMs: now(),
      ...parseCpuTimes(read("stat")),
      runCpuMs: runCpuMs(),
      netRxSoftirqs: parseSoftirqs(read("softirqs"), "NET_RX"),
      ...parseSoftnet(read("net/softnet_stat")),
      networkInterrupts: interrupts,
      ...readConntrack(view),
      neighbourTableFulls: parseTableFulls(read("net/stat/arp_cache")),
    });
    return true;
  };
}

/**
 * What the run's processes have used up to now, CPU ms, read in the same instant as the CPUs' own time: the harness, its helpers, the
 * parts, the generator, and whatever descends from them. The highest value seen: a process that nobody waited for takes its time with it.
 */
function createRunCpu({ runRoots }: NodeView): () => number | null {
  if (runRoots === null || !showsChildren()) return () => null;
  let highest = 0;
  return () => {
    highest = Math.max(highest, treeUse(runRoots())?.cpuMs ?? 0);
    return highest;
  };
}

/** Per-CPU time that was not idle or waiting for a disk, and time in softirqs, from /proc/stat (proc(5)). Index = CPU number. */
export function parseCpuTimes(text: string): Pick<NodeSample, "cpuBusyMs" | "cpuSoftirqMs"> {
  const cpuBusyMs: number[] = [];
  const cpuSoftirqMs: number[] = [];
  for (const [, cpu, columns] of text.matchAll(/^cpu(\d+) (.*)$/gm)) {
    const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = (columns ?? "")
      .split(" ")
      .map(Number);
    cpuBusyMs[Number(cpu)] = (user + nice + system + irq + softirq + steal) * msPerTick;
    cpuSoftirqMs[Number(cpu)] = softirq * msPerTick;
  }
  return { cpuBusyMs: withoutHoles(cpuBusyMs), cpuSoftirqMs: withoutHoles(cpuSoftirqMs) };
}

/** One row of /proc/softirqs, by CPU number as the head line names them. */
export function parseSoftirqs(text: string, name: string): number[] {
  const [head = "", ...rows] = text.split("\n");
  const row = rows.find((line) => line.trimStart().startsWith(`${name}:`));
  const counts = (row?.split(":")[1] ?? "").trim().split(/\s+/);
  const perCpu: number[] = [];
  for (const [place, [, cpu]] of [...head.matchAll(/CPU(\d+)/g)].entries()) {
    perCpu[Number(cpu)] = Number(counts[place] ?? 0);
  }
  return withoutHoles(perCpu);
}

/**
 * /proc/net/softnet_stat: hex columns, a row per ONLINE CPU: 1 processed, 2 dropped, 3 time_squeeze, 13 CPU number
 * (since Linux 5.10; before that a row's place stands for it). Source: net/core/net-procfs.c softnet_seq_show.
 */
export function parseSoftnet(
  text: string,
): Pick<NodeSample, "softnetProcessed" | "softnetDropped" | "softnetTimeSqueeze"> {
  const columns: [number[], number[], number[]] = [[], [], []];
  for (const [place, line] of text.trim().split("\n").entries()) {
    const row = line.split(" ").map((word) => Number.parseInt(word, 16));
    const cpu = row[12] ?? place;
    for (const [column, perCpu] of columns.entries()) perCpu[cpu] = row[column] || 0;
  }
  const [processed, dropped, squeezed] = columns.map(withoutHoles);
  return { softnetProcessed: processed ?? [], softnetDropped: dropped ?? [], softnetTimeSqueeze: squeezed ?? [] };
}

/**
 * /proc/PID/net/stat/nf_conntrack: hex, columns named by the head line, a row per CPU. `entries` is the namespace's table
 * on every row; drops are `drop` + `early_drop` over all CPUs, insertFailed the new flows whose address and port after translation another flow
 * had already (each is a drop as well). null without them.
 */
export function parseConntrack(text: string): { entries: number; drops: number; insertFailed: number } | null {
  const [head = "", ...rows] = text.trim().split("\n");
  const names = head.split(/\s+/);
  const columns = ["entries", "insert_failed", "drop", "early_drop"].map((name) => names.indexOf(name));
  if (columns.includes(-1) || rows.length === 0) return null;
  const cells = rows.map((row) => row.trim().split(/\s+/));
  const [entries = [], ...counts] = columns.map((at) => cells.map((row) => Number.parseInt(row[at] ?? "0", 16)));
  const [insertFailed = 0, dropped = 0, early = 0] = counts.map((perCpu) => perCpu.reduce((sum, one) => sum + one, 0));
  return { entries: entries[0] ?? 0, drops: dropped + early, insertFailed };
}

/** `table_fulls` over all CPUs of /proc/net/stat/arp_cache (hex, columns named by the head line); null without it. Source: net/core/neighbour.c. */
export function parseTableFulls(text: string): number | null {
  const [head = "", ...rows] = text.trim().split("\n");
  const column = head.split(/\s+/).indexOf("table_fulls");
  if (column === -1) return null;
  return rows.reduce((sum, row) => sum + Number.parseInt(row.trim().split(/\s+/)[column] ?? "0", 16), 0);
}

/** A namespace's table of connections, and the machine's maximum; null of what can't be read. */
export function readConntrack({ proc, conntrack }: Pick<NodeView, "proc" | "conntrack">): ConntrackCounts {
  const text = conntrack === null ? null : readProc(`${proc}/${conntrack}/net/stat/nf_conntrack`);
  const seen = parseConntrack(text ?? "");
  return {
    conntrackCount: seen?.entries ?? null,
    conntrackMax: numberIn(`${proc}/sys/net/netfilter/nf_conntrack_max`),
    conntrackDrops: seen?.drops ?? null,
    conntrackInsertFailed: seen?.insertFailed ?? null,
  };
}

function numberIn(path: string): number | null {
  const text = readProc(path);
  return text === null ? null : Number(text);
}

/** CPUs that are offline have done nothing. */
function withoutHoles(perCpu: number[]): number[] {
  return Array.from(perCpu, (value) => value ?? 0);
}
