/** Which sysctls a pod may have, by the version of Kubernetes, and what a kubelet wants of its machine. */

/** How a key can reach a pod. safe: anywhere. unsafe: where the node's kubelet allows it. node: never, the node itself has it. */
export type Reach =
  | { kind: "safe"; since: number; kernel: string | null }
  | { kind: "unsafe"; safeFrom: number | null }
  | { kind: "node" };

/**
 * The kubelet's built-in list: minor of Kubernetes 1.x from which on a key is safe, and the kernel that it wants. Pod Security's
 * levels baseline and restricted let the same keys through, by the same versions. Source: Kubernetes'
 * pkg/kubelet/sysctl/safe_sysctls.go and the task page "Using sysctls in a Kubernetes Cluster".
 */
export const safeKeys: Record<string, { since: number; kernel: string | null }> = {
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
 * What a kubelet with --protect-kernel-defaults wants of its machine, and without it sets there itself; it refuses to start where
 * one differs. Source: Kubernetes' pkg/kubelet/cm/container_manager_linux.go (setupKernelTunables) and k8s.io/component-helpers'
 * node/util/sysctl.
 */
export const protectedKernelDefaults: Record<string, string> = {
  "vm.overcommit_memory": "1",
  "vm.panic_on_oom": "0",
  "kernel.panic": "10",
  "kernel.panic_on_oops": "1",
  "kernel.keys.root_maxkeys": "1000000",
  "kernel.keys.root_maxbytes": "25000000",
};

/**
 * Whether a kubelet's allowlist has a key: by its name, or by the beginning that an entry with a * at its end gives. The kubelet
 * takes a name with slashes for the same with dots.
 */
export function isAllowlisted(key: string, allowedUnsafeSysctls: string[]): boolean {
  return allowedUnsafeSysctls.some((entry) => {
    const dotted = entry.replaceAll("/", ".");
    return dotted.endsWith("*") ? key.startsWith(dotted.slice(0, -1)) : dotted === key;
  });
}

/** Whether a kernel (as a node tells it: "5.10.0-30-amd64") is at least another ("4.15"); null where its text has no number. */
export function kernelIsAtLeast(kernel: string, least: string): boolean | null {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(kernel) ?? [];
  const [leastMajor = 0, leastMinor = 0] = least.split(".").map(Number);
  if (major === undefined || minor === undefined) return null;
  return Number(major) > leastMajor || (Number(major) === leastMajor && Number(minor) >= leastMinor);
}
