/** Looks at a live service from beside it, in its pod or on its node, for a while: its log is what it sees, as numbered lines. */
import { release } from "node:os";
import { createLineWriter } from "../lines/line-writer.ts";
import { startLive } from "../sampling/live/start-live.ts";
import { readProc } from "../sampling/proc.ts";
import { readLiveSteering } from "../sampling/steering.ts";
import type { LookMessage, LookSettings } from "./messages.ts";
import { firstProcesses, processesOfContainer } from "./pod-processes.ts";
import { jsonSetting, untilTerminated } from "./pod-program.ts";
import { readPorts, readSettings } from "./pod-settings.ts";

const everyMs = 1000;

const settings = jsonSetting<LookSettings>(process.env, "TUNEBENCH_LOOK");
const { seconds, keys, containerId, sharesProcesses } = settings;
const nodesProc = process.env.TUNEBENCH_PROC ?? null;
const lines = createLineWriter(process.stdout);
const say = (message: LookMessage) => void lines.write(message);
const now = () => performance.now();
const partPids = untilGone(() =>
  containerId === null ? firstProcesses(sharesProcesses) : processesOfContainer(containerId),
);

sayState();
const pids = partPids();
say({ kind: "processes", ms: now(), pids, cpusAllowed: cpusAllowedOf(pids[0]), kernel: release() });
if (nodesProc !== null) say({ kind: "steering", ms: now(), steering: readLiveSteering(nodesProc) });
const observer = startLive({
  target: { role: "target", namespacePid: namespaceOf(pids), partPids, ...ports() },
  // A pod's own table of connections says nothing of the node's, which is the one that most connections are in.
  node: nodesProc === null ? null : { proc: nodesProc, conntrack: "self", runRoots: null },
  now,
  onSample: (sample) => say({ kind: "sample", ms: now(), sample }),
});
const timer = setInterval(() => {
  sayState();
  say({ kind: "costs", ms: now(), samplers: observer.costs(), last: false });
}, everyMs);
const over = setTimeout(() => void end(), seconds * 1000);
untilTerminated().addEventListener("abort", () => void end());

/** To look through all processes of a node costs more than all else: they are looked for again once the first is gone. */
function untilGone(find: () => number[]): () => number[] {
  let known: number[] = [];
  return () => {
    if (readProc(`/proc/${known[0] ?? "-"}/stat`) === null) known = find();
    return known;
  };
}

/** Settings of a pod are read in it: on the node they are the node's. */
function sayState(): void {
  const unixMs = Date.now();
  say({ kind: "settings", ms: now(), unixMs, values: readSettings(keys) });
  say({ kind: "beat", ms: now(), unixMs });
}

async function end(): Promise<void> {
  clearInterval(timer);
  clearTimeout(over);
  say({ kind: "costs", ms: now(), samplers: await observer.stop(), last: true });
}

function ports(): ReturnType<typeof readPorts> {
  const { portRange } = settings;
  return portRange === null ? readPorts() : { portRange, usablePorts: portRange.high - portRange.low + 1 };
}

/** In a pod this process is in the network that is meant. */
function namespaceOf(pids: number[]): number {
  return containerId === null ? process.pid : (pids[0] ?? -1);
}

/** By Cpus_allowed_list: "0-3,8". */
function cpusAllowedOf(pid: number | undefined): number | null {
  const list = /^Cpus_allowed_list:\s+(\S+)$/m.exec(readProc(`/proc/${pid ?? "-"}/status`) ?? "")?.[1];
  if (list === undefined) return null;
  return list.split(",").reduce((sum, range) => {
    const [low = "", high = low] = range.split("-");
    return sum + Number(high) - Number(low) + 1;
  }, 0);
}
