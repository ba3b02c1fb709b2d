/** Runs beside a part in its pod, or on a node with the host's /proc: its log is what it sees, as numbered lines. */
import { createLineWriter } from "../lines/line-writer.ts";
import type { ObserveRequest } from "../sampling/observer.ts";
import { startObserver } from "../sampling/start-observer.ts";
import type { SamplerMessage, SamplerSettings } from "./messages.ts";
import { firstProcesses, otherContainers } from "./pod-processes.ts";
import { jsonSetting, untilTerminated } from "./pod-program.ts";
import { readPorts, readSettings } from "./pod-settings.ts";

const everyMs = 1000;

const settings = jsonSetting<SamplerSettings>(process.env, "TUNEBENCH_SAMPLER");
const { guest } = settings;
const lines = createLineWriter(process.stdout);
const say = (message: SamplerMessage) => void lines.write(message);
const now = () => performance.now();

sayState();
const observer = startObserver(observed(process.env.TUNEBENCH_PROC ?? "/proc"));
const timer = setInterval(() => {
  sayState();
  say({ kind: "costs", ms: now(), samplers: observer.costs(), last: false });
}, everyMs);
untilTerminated().addEventListener("abort", () => void end());
if (guest !== undefined) setTimeout(() => void end(), guest.seconds * 1000).unref();

function sayState(): void {
  const unixMs = Date.now();
  say({ kind: "settings", ms: now(), unixMs, values: readSettings(settings.keys) });
  say({ kind: "beat", ms: now(), unixMs });
}

/** The last looks, what they all cost, and nothing more. */
async function end(): Promise<void> {
  clearInterval(timer);
  say({ kind: "costs", ms: now(), samplers: await observer.stop(), last: true });
}

function observed(proc: string): ObserveRequest {
  const { role, listenPort, looks } = settings;
  const pod = { role, namespacePid: process.pid, partPids: processesOf, listenPort, ...readPorts() };
  // The table that fills is the node's: a pod's own says nothing of it.
  const conntrack = looks === "node" ? "self" : null;
  return {
    roles: looks === "node" ? [] : [pod],
    // Which of a node's processes are the run's can't be told from one pod.
    node: looks === "pod" ? null : { proc, conntrack, runRoots: null },
    now,
    onSample: (sample) => say({ kind: "sample", ms: now(), sample }),
  };
}

/** Beside a guest is the one container whose processes it shares, or with the pod's all of them. */
function processesOf(): number[] {
  return guest === undefined ? otherContainers() : firstProcesses(guest.sharesProcesses);
}
