import {
  conntrackSysctl,
  type Family,
  ipcNamespaces,
  ipSysctl,
  netSysctl,
  ofMachine,
  perIpc,
  perNetwork,
  perNetworkCore,
} from "./setting.ts";

/**
 * Settings of which nothing is known but whose they are: by pattern, where the kernel's source shows it for all of them. The first
 * that fits counts; a record of its own (settings.ts) comes before any.
 */
export const families: Family[] = [
  {
    patterns: ["net.ipv4.conf.*.*", "net.ipv6.conf.*.*"],
    summary: "an interface: forwarding, filters, redirects, ARP, addresses",
    scope: perNetwork(null, null),
    sources: ["net/ipv4/devinet.c (devinet_init_net)", "net/ipv6/addrconf.c (addrconf_init_net)", ipSysctl],
  },
  {
    patterns: ["net.ipv4.neigh.default.*", "net.ipv6.neigh.default.*"],
    summary: "the table of neighbours, and what new interfaces begin with",
    scope: ofMachine("absent", "the machine's one table of neighbours"),
    sources: ["net/core/neighbour.c (neigh_sysctl_register)", ipSysctl],
  },
  {
    patterns: ["net.ipv4.neigh.*.*", "net.ipv6.neigh.*.*"],
    summary: "neighbours of an interface: probes, queues, ages",
    scope: perNetwork(null, null),
    sources: ["net/core/neighbour.c (neigh_sysctl_register)", ipSysctl],
  },
  {
    patterns: [
      "net.ipv4.tcp_available_*",
      "net.ipv4.tcp_ehash_entries",
      "net.ipv4.udp_hash_entries",
      "net.mptcp.available_*",
    ],
    summary: "what there is, to be read only",
    scope: ofMachine("read-only", "what the kernel has, for all namespaces"),
    sources: ["net/ipv4/sysctl_net_ipv4.c", "net/mptcp/ctrl.c"],
  },
  {
    patterns: [
      "net.ipv4.cipso_*",
      "net.ipv4.inet_peer_*",
      "net.ipv4.fib_sync_mem",
      "net.ipv4.tcp_low_latency",
      "net.ipv4.ipfrag_secret_interval",
      "net.ipv6.ip6frag_secret_interval",
      "net.ipv6.mld_*",
      "net.ipv6.calipso_*",
    ],
    summary: "kept in tables that all namespaces share",
    scope: ofMachine("absent", "what all namespaces share"),
    sources: ["net/ipv4/sysctl_net_ipv4.c (ipv4_table)", "net/ipv6/sysctl_net_ipv6.c (ipv6_rotable)"],
  },
  {
    // The table's entries without a value of each namespace's own are read-only there.
    patterns: ["net.ipv4.*"],
    summary: "IP, TCP, UDP, ICMP and IGMP",
    scope: perNetwork(null, null),
    sources: ["net/ipv4/sysctl_net_ipv4.c (ipv4_sysctl_init_net)", ipSysctl],
  },
  {
    patterns: [
      "net.ipv4.route.flush",
      "net.ipv4.route.min_adv_mss",
      "net.ipv4.route.min_pmtu",
      "net.ipv4.route.mtu_expires",
    ],
    summary: "routes and the sizes of packets on them",
    scope: perNetwork(null, null),
    sources: ["net/ipv4/route.c (ipv4_route_netns_table)"],
  },
  {
    patterns: ["net.ipv4.route.*"],
    summary: "the machine's table of routes",
    scope: ofMachine("absent", "the machine's one table of routes"),
    sources: ["net/ipv4/route.c (ipv4_route_table)"],
  },
  {
    patterns: ["net.ipv6.*", "net.ipv6.icmp.*", "net.ipv6.route.*"],
    summary: "IPv6",
    scope: perNetwork(null, null),
    sources: [
      "net/ipv6/sysctl_net_ipv6.c (ipv6_sysctl_net_init)",
      "net/ipv6/icmp.c (ipv6_icmp_sysctl_init)",
      "net/ipv6/route.c (ipv6_route_sysctl_init)",
    ],
  },
  {
    patterns: ["net.core.xfrm_*"],
    summary: "IPsec: how states are asked for and told",
    scope: perNetworkCore(null),
    sources: ["net/xfrm/xfrm_sysctl.c"],
  },
  {
    patterns: ["net.core.rps_default_mask", "net.core.txrehash", "net.core.tstamp_allow_data"],
    summary: "steering of new devices, hashes of connections, time stamps",
    scope: perNetworkCore(null),
    sources: ["net/core/sysctl_net_core.c (netns_core_table)", netSysctl],
  },
  {
    patterns: ["net.core.*"],
    summary: "the machine's packets and devices",
    scope: ofMachine("absent", "what all namespaces share"),
    sources: ["net/core/sysctl_net_core.c (net_core_table)", netSysctl],
  },
  {
    patterns: ["net.unix.*"],
    summary: "Unix sockets",
    scope: perNetwork(null, null),
    sources: ["net/unix/sysctl_net_unix.c (unix_sysctl_register)"],
  },
  {
    patterns: ["net.mptcp.*"],
    summary: "multipath TCP",
    scope: perNetwork(null, null),
    sources: ["net/mptcp/ctrl.c (mptcp_pernet_new_table)"],
  },
  {
    patterns: ["net.bridge.bridge-nf-*"],
    summary: "whether a bridge's packets go through the filters",
    scope: perNetwork("5.3", null),
    sources: ["net/bridge/br_netfilter_hooks.c (br_netfilter_sysctl_init_net)"],
  },
  {
    patterns: ["net.nf_conntrack_max"],
    summary: "the older name of `net.netfilter.nf_conntrack_max`",
    scope: ofMachine("absent", "the machine's one connection table"),
    sources: ["net/netfilter/nf_conntrack_standalone.c"],
  },
  {
    patterns: ["net.netfilter.nf_conntrack_*", "net.netfilter.nf_flowtable_*"],
    summary: "connection tracking: timeouts, strictness, accounting",
    scope: perNetwork(null, null),
    sources: ["net/netfilter/nf_conntrack_standalone.c (nf_conntrack_standalone_init_sysctl)", conntrackSysctl],
  },
  {
    patterns: ["net.netfilter.nf_log.*"],
    summary: "which logger a protocol family has",
    scope: perNetwork(null, null),
    sources: ["net/netfilter/nf_log.c (netfilter_log_sysctl_init)"],
  },
  {
    patterns: ["net.netfilter.nf_log_all_netns"],
    summary: "whether namespaces may log to the machine's kernel log",
    scope: ofMachine("absent", "the machine's one kernel log"),
    sources: ["net/netfilter/nf_log.c"],
  },
  {
    patterns: ["kernel.shm*", "kernel.msg*", "fs.mqueue.*"],
    summary: "shared memory and message queues",
    scope: perIpc,
    sources: [ipcNamespaces],
  },
];
