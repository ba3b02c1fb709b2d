import { isAllowlisted, kernelIsAtLeast, type Reach, reachOf } from "../../../suite/kubernetes-keys.ts";
import { enforcedLevel } from "./capabilities.ts";
import type { ClusterFacts, NodeFacts } from "./facts.ts";
import { usableNodes } from "./node-capabilities.ts";

/** Keys that people reach for, in each of the three kinds. */
export const usualKeys = [
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_rmem",
  "net.ipv4.tcp_wmem",
  "net.ipv4.tcp_slow_start_after_idle",
  "net.ipv4.tcp_notsent_lowat",
  "net.core.somaxconn",
  "net.ipv4.tcp_max_syn_backlog",
  "net.ipv4.tcp_tw_reuse",
  "net.ipv4.tcp_max_tw_buckets",
  "net.ipv4.tcp_abort_on_overflow",
  "net.core.netdev_max_backlog",
  "net.netfilter.nf_conntrack_max",
  "net.core.rmem_max",
];

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
