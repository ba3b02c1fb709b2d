import type { LiveSample } from "../../results/live-samples.ts";
import { namespaceOf } from "../namespace.ts";
import { readConntrack } from "../node.ts";
import type { NodeView } from "../observer.ts";
import type { Look } from "../sampler.ts";

/** Whose table of connections is looked at, and where the machine beneath is seen, with whose table; null: it is not looked at. */
export interface TrackingSubject {
  role: string;
  namespacePid: number;
  node: NodeView | null;
}

/**
 * Looks at the table of connections of a namespace that is not the machine's own: each has a table, and each is held against the machine's one maximum (net/netfilter/
 * nf_conntrack_core.c, __nf_conntrack_alloc). It is one file per look, of a row per CPU. Where the machine's look reads the same table, or none is kept, there is no sample.
 */
export function createTrackingLook(
  { role, namespacePid, node }: TrackingSubject,
  { now, onSample }: { now: () => number; onSample: (sample: LiveSample) => void },
): Look {
  const machines = node?.conntrack ?? null;
  const isMachines = machines !== null && namespaceOf(machines) === namespaceOf(namespacePid);
  return () => {
    const seen = isMachines ? null : readConntrack({ proc: "/proc", conntrack: namespacePid });
    if (seen?.conntrackCount == null) return false;
    onSample({ kind: "tracking", atMs: now(), role, ...seen });
    return true;
  };
}
