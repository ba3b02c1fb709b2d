import { readdirSync, readlinkSync } from "node:fs";
import type { LiveCaveat } from "../observe/observation.ts";
import type { ObservationInput } from "../observe/seen.ts";
import type { NodeView } from "../sampling/observer.ts";
import { readProc } from "../sampling/proc.ts";
import { runningPrograms } from "../sampling/steering.ts";

/** What the kernel calls the first pid namespace (PROC_PID_INIT_INO, include/linux/proc_ns.h): its pid 1 is the machine's, in the machine's network. */
const firstPidNamespace = "pid:[4026531836]";

/** Programs that change settings or interrupts by themselves. */
const tuners = ["irqbalance", "bpftune", "tuned"] as const;

/** The machine beneath, as far as it is seen from here. */
export interface Machine {
  view: NodeView;
  steering: ObservationInput["steering"];
  caveats: LiveCaveat[];
}

/**
 * From the machine itself its connection tracking is read: that of its own namespace, through pid 1. From within a container pid 1 is the container's, and its
 * table says nothing of the node's.
 */
export function lookAtMachine(): Machine {
  const isNode = linkOf("/proc/self/ns/pid") === firstPidNamespace;
  const running = isNode ? runningPrograms(tuners) : null;
  return {
    view: { proc: "/proc", conntrack: isNode ? 1 : null, runRoots: null },
    steering: { rpsCpus: rpsMasks(), irqbalanceRunning: running?.includes("irqbalance") ?? null },
    caveats: [
      ...(running ?? []).map((program) => ({ code: "tuner-runs", program }) as const),
      ...(isNode
        ? []
        : [{ code: "not-readable", what: "conntrack", why: { kind: "not-the-node" }, place: null } as const]),
    ],
  };
}

/** rps_cpus of our own namespace's receive queues; differing ones joined by a blank; null where there is none. */
function rpsMasks(folder = "/sys/class/net"): string | null {
  const masks = filesIn(folder).flatMap((device) =>
    filesIn(`${folder}/${device}/queues`)
      .filter((queue) => queue.startsWith("rx-"))
      .flatMap((queue) => readProc(`${folder}/${device}/queues/${queue}/rps_cpus`)?.trim() ?? []),
  );
  return masks.length === 0 ? null : [...new Set(masks)].join(" ");
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
