import { InputError } from "../errors.ts";

/** How a key can reach a pod. safe: anywhere. unsafe: where the node's kubelet allows it. node: never, the node itself has it. */
export type Reach =
  | { kind: "safe"; since: number; kernel: string | null }
  | { kind: "unsafe"; safeFrom: number | null }
  | { kind: "node" };

/** The kubelet's built-in list: minor of Kubernetes 1.x from which on a key is safe, and the kernel that it wants. */
const safeKeys: Record<string, { since: number; kernel: string | null }> = {
  "kernel.shm_rmid_forced": { since: 0, kernel: null },
  "net.ipv4.ip_local_port_range": { since: 0, kernel: null },
  "net.ipv4.tcp_syncookies": { since: 0, kernel: "4.6" },
  "net.ipv4.ping_group_range": { since: 18, kernel: null },
  "net.ipv4.ip_unprivileged_port_start": { since: 22, kernel: null },
  "net.ipv4.ip_local_reserved_ports": { since: 27, kernel: "3.16" },
  "net.ipv4.tcp_keepalive_time": { since: 29, kernel: "4.5" },
  "net.ipv4.tcp_keepalive_intvl": { since: 29, kernel: "4.5" },
  "net.ipv4.tcp_keepalive_probes": { since: 29, kernel: "4.5" },
  "net.ipv4.tcp_fin_timeout": { since: 29, kernel: "4.6" },
  "net.ipv4.tcp_rmem": { since: 32, kernel: "4.15" },
  "net.ipv4.tcp_wmem": { since: 32, kernel: "4.15" },
  "net.ipv4.tcp_slow_start_after_idle": { since: 37, kernel: "4.15" },
  "net.ipv4.tcp_notsent_lowat": { since: 37, kernel: "4.6" },
};

/** What the kubelet takes for private to a pod; all else is the node's. */
const namespaced = /^(net\.|kernel\.shm|kernel\.msg|kernel\.sem$|fs\.mqueue\.)/;

/** Keys of net.* that are the node's all the same: the kubelet lets them through, and runc then fails. */
const nodeLevel =
  /^net\.(core\.(netdev_max_backlog|netdev_budget|netdev_budget_usecs|dev_weight|[rw]mem_(max|default)|busy_(poll|read)|default_qdisc|rps_sock_flow_entries|flow_limit_cpu_bitmap|flow_limit_table_len|bpf_jit_.*)|ipv4\.(tcp_mem|udp_mem|tcp_max_orphans)|netfilter\.nf_conntrack_(max|buckets)|nf_conntrack_max)$/;

/** How a key reaches a pod of Kubernetes 1.`minor`. */
export function reachOf(key: string, minor: number): Reach {
  if (!namespaced.test(key) || nodeLevel.test(key)) return { kind: "node" };
  const safe = safeKeys[key];
  if (safe === undefined) return { kind: "unsafe", safeFrom: null };
  return safe.since <= minor ? { kind: "safe", ...safe } : { kind: "unsafe", safeFrom: safe.since };
}

/**
 * Throws InputError for what can't be a sysctl: both end in files and commands that people apply, and a record may come from
 * elsewhere.
 */
export function checkSetting(key: string, value: string): void {
  if (!/^[a-z][a-z0-9_-]*(\.[A-Za-z0-9_-]+)+$/.test(key) || key.length > 200) {
    throw new InputError(`${JSON.stringify(key)} is not a sysctl's name, and is not delivered`);
  }
  if (!/^[\x20-\x7e]{1,500}$/.test(value)) {
    throw new InputError(`${key}: ${JSON.stringify(value)} is not a sysctl's value, and is not delivered`, {
      hint: "a value is one line of printable characters",
    });
  }
}
