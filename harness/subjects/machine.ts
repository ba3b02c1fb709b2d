import type { LiveCaveat } from "../observe/observation.ts";
import type { ObservationInput } from "../observe/seen.ts";
import type { NodeView } from "../sampling/observer.ts";
import { linkAt } from "../sampling/proc.ts";
import { readLiveSteering } from "../sampling/steering.ts";

/** What the kernel calls the first pid namespace (PROC_PID_INIT_INO, include/linux/proc_ns.h): its pid 1 is the machine's, in the machine's network. */
const firstPidNamespace = "pid:[4026531836]";

/** The machine beneath, as far as it is seen from here. */
export interface MachineFacts {
  view: NodeView;
  steering: ObservationInput["steering"];
  caveats: LiveCaveat[];
}

/**
 * From the machine itself its connection tracking is read: that of its own namespace, through pid 1. From within a container pid 1 is the container's, and its
 * table and its devices say nothing of the node's.
 */
export function lookAtMachine(): MachineFacts {
  const isNode = linkAt("/proc/self/ns/pid") === firstPidNamespace;
  return {
    view: { proc: "/proc", conntrack: isNode ? 1 : null, runRoots: null },
    steering: isNode ? readLiveSteering("/proc") : null,
    caveats: isNode ? [] : [ofNode("conntrack"), ofNode("steering")],
  };
}

function ofNode(what: "conntrack" | "steering"): LiveCaveat {
  return { code: "not-readable", what, why: { kind: "not-the-node" }, place: null };
}
