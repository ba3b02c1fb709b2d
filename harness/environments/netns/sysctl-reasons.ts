/**
 * Why a key can't be set for a trial, in a sentence. Sources: Documentation/networking/ip-sysctl.rst, net/core/sysctl_net_core.c
 * (keys left out of new namespaces), each seen on kernel 6.18.
 */

/** Keys that belong to the whole machine, by pattern, with what they govern. */
const machineWide: [RegExp, string][] = [
  [/^net\.core\.netdev_max_backlog$/, "the backlog of each CPU, which all namespaces share"],
  [/^net\.core\.netdev_budget(_usecs)?$/, "each CPU's receive loop, which all namespaces share"],
  [/^net\.core\.rps_sock_flow_entries$/, "the machine's one table of flows"],
  [/^net\.core\.(r|w)mem_(max|default)$/, "a limit of the whole machine, which namespaces only see"],
  [/^net\.ipv4\.(tcp|udp)_mem$/, "the memory of all sockets of the machine together"],
  [/^net\.ipv4\.tcp_max_orphans$/, "a count over all sockets of the machine"],
  [/^net\.(netfilter\.)?nf_conntrack_(max|buckets|expect_max)$/, "the machine's one connection table"],
];

const onNodeInstead = "only the machine's administrator can set it, for everything that runs there";

/** A key that is not in a new namespace. */
export function explainAbsent(key: string, onMachine: boolean, suggestion: string | null): string {
  const known = machineWide.find(([pattern]) => pattern.test(key));
  if (known !== undefined) return `is node level: it governs ${known[1]}; ${onNodeInstead}`;
  if (onMachine) return `is node level: the machine has it, a network namespace of its own has not; ${onNodeInstead}`;
  return `does not exist on this kernel${suggestion === null ? "" : `; did you mean "${suggestion}"?`}`;
}

/** A key that a namespace shows but that nobody can write there. */
export function explainReadOnly(key: string): string {
  const known = machineWide.find(([pattern]) => pattern.test(key));
  return `is read-only in a namespace: it is ${known?.[1] ?? "a setting of the whole machine"}; ${onNodeInstead}`;
}

/** A value that the kernel refused. */
export function explainRefused(
  key: string,
  value: string,
  words: string,
  context: { unprivilegedPortStart: number | null },
): string {
  const refused = `was refused by the kernel (${words})`;
  if (isPermission(words)) return `${refused}: this user namespace does not own it`;
  if (key === "net.ipv4.ip_local_port_range") return refused + portRangeReason(value, context.unprivilegedPortStart);
  return refused;
}

/** Whether the kernel's words speak of privilege, not of the value. */
export function isPermission(words: string): boolean {
  return /Permission denied|Operation not permitted/i.test(words);
}

/** net/ipv4/sysctl_net_ipv4.c, ipv4_local_port_range: low may not exceed high, nor lie below the privileged ports' end. */
function portRangeReason(value: string, unprivilegedPortStart: number | null): string {
  const [low = Number.NaN, high = Number.NaN] = value.split(" ").map(Number);
  if (low > high) return ": the low bound is above the high one";
  if (unprivilegedPortStart !== null && low < unprivilegedPortStart) {
    return `: the low bound ${low} is below net.ipv4.ip_unprivileged_port_start (${unprivilegedPortStart}); start there or above`;
  }
  return ": it takes a low and a high port, 1 to 65535";
}
