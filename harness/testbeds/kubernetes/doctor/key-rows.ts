import { isAllowlisted, kernelIsAtLeast, type Reach, reachOf } from "../../../knowledge/kubernetes.ts";
import { enforcedLevel } from "./capabilities.ts";
import type { ClusterFacts, NodeFacts } from "./facts.ts";
import { usableNodes } from "./node-capabilities.ts";

/** Whether a pod of this cluster can have a key by the route pod-sysctls: one row of doctor's table. */
export interface KeyRow {
  key: string;
  /** "1.29", "always", "never". */
  safeSince: string;
  /** The oldest kernel that the kubelet lets a safe key through on; "" where it asks for none. */
  kernel: string;
  /** "yes", "yes, allowlisted", "no: ..." */
  here: string;
}

/** A row for each key. Pure. */
export function keyRows(facts: ClusterFacts, keys: string[]): KeyRow[] {
  return keys.map((key) => {
    const reach = reachOf(key, facts.version.minor);
    const last = reachOf(key, Number.POSITIVE_INFINITY);
    return {
      key,
      safeSince: last.kind === "safe" ? sinceWords(last.since) : "never",
      kernel: last.kind === "safe" ? (last.kernel ?? "") : "",
      here: hereWords(key, reach, facts),
    };
  });
}

function sinceWords(minor: number): string {
  return minor === 0 ? "always" : `1.${minor}`;
}

function hereWords(key: string, reach: Reach, facts: ClusterFacts): string {
  if (reach.kind === "node") return "no: the node's own";
  const nodes = usableNodes(facts.nodes ?? []);
  if (reach.kind === "safe") return safeWords(reach.kernel, nodes);
  const level = enforcedLevel(facts.namespace);
  if (level !== "privileged") return `no: Pod Security ${level}`;
  return unsafeWords(key, nodes);
}

function safeWords(kernel: string | null, nodes: NodeFacts[]): string {
  const old = kernel === null ? [] : nodes.filter((node) => kernelIsAtLeast(node.kernel, kernel) === false);
  if (old.length === 0) return "yes";
  return old.length === nodes.length ? "no: older kernel" : `not on ${old.length} of ${nodes.length} nodes`;
}

function unsafeWords(key: string, nodes: NodeFacts[]): string {
  const told = nodes.flatMap(({ config }) => (config === null ? [] : [config]));
  const allowing = told.filter(({ allowedUnsafeSysctls }) => isAllowlisted(key, allowedUnsafeSysctls));
  if (told.length === 0) return "if a kubelet allows it";
  if (allowing.length === 0) return "no: not allowlisted";
  return allowing.length === told.length ? "yes, allowlisted" : `on ${allowing.length} of ${told.length} nodes`;
}
