import { conntrackSysctl, ipSysctl, netSysctl, ofMachine, perNetwork, type Setting } from "../setting.ts";

const receiveLoop = "each CPU's receive loop, which all namespaces share";
const connectionTable = "the machine's one connection table";

/** Known and no more: where a value is not the subject of an experiment. */
const machineOnly: [key: string, summary: string, governs: string][] = [
  ["net.core.netdev_budget", "packets of one round of a CPU", receiveLoop],
  ["net.core.netdev_budget_usecs", "the longest such round, us", receiveLoop],
  ["net.core.dev_weight", "packets of one device at a time", receiveLoop],
  ["net.core.busy_poll", "poll() waits on a device's queue, us", "how every program of the machine waits"],
  ["net.core.busy_read", "a read waits on a device's queue, us", "how every program of the machine waits"],
  ["net.core.default_qdisc", "the queueing discipline of new devices", "every device of the machine"],
  ["net.core.flow_limit_cpu_bitmap", "CPUs with a limit for each flow", receiveLoop],
  ["net.core.flow_limit_table_len", "slots of the table of flow limits", receiveLoop],
];

/** What no namespace has for itself. */
export const nodeSettings: Setting[] = [
  {
    key: "net.core.netdev_max_backlog",
    area: "node",
    summary: "packets that wait for a CPU",
    bounds: [
      "Packets that come in faster than the CPU takes them; the rest is dropped. RPS, veth and loopback go through this queue.",
    ],
    defaults: [{ value: "1000", when: "" }],
    read: { moment: "always", meaning: "A change holds at once." },
    scope: ofMachine("absent", "the backlog of each CPU, which all namespaces share"),
    safe: null,
    worthTrying: [
      { value: "16384", why: "where the second column of /proc/net/softnet_stat (dropped, in hex) rises." },
    ],
    traps: ["A long queue on one busy CPU is a matter of spreading interrupts, not of this."],
    watch: { text: "The second column of /proc/net/softnet_stat (dropped, in hex) no longer rises.", netstat: [] },
    sources: [netSysctl],
    isUsual: true,
  },
  {
    key: "net.core.rps_sock_flow_entries",
    area: "node",
    summary: "the table that steers packets (RFS)",
    bounds: ["The whole machine's table; each device's queue has its share (rps_flow_cnt)."],
    defaults: [{ value: "0", when: "off" }],
    read: { moment: "always", meaning: "A change holds at once." },
    scope: ofMachine("absent", "the machine's one table of flows"),
    safe: null,
    worthTrying: [],
    traps: [],
    watch: null,
    sources: ["Documentation/networking/scaling.rst"],
  },
  ...machineOnly.map(
    ([key, summary, governs]): Setting => ({
      key,
      area: "node",
      summary,
      bounds: [],
      defaults: [],
      read: null,
      scope: ofMachine("absent", governs),
      safe: null,
      worthTrying: [],
      traps: [],
      watch: null,
      sources: [netSysctl],
    }),
  ),
  {
    key: "net.netfilter.nf_conntrack_max",
    area: "node",
    summary: "connections that the machine tracks",
    bounds: [
      "Entries of the connection tracking table. When it is full new connections are dropped, and the kernel logs `nf_conntrack: table full, dropping packet`. An entry takes about 300 bytes.",
    ],
    defaults: [{ value: "262144", when: "the number of buckets, which goes by the machine's memory" }],
    read: { moment: "always", meaning: "A change holds for the next new connection." },
    scope: ofMachine("read-only", connectionTable),
    safe: null,
    worthTrying: [{ value: "1048576", why: "where count comes near it; see also how long entries stay." }],
    advice: "machine-wide, about 300 bytes an entry",
    traps: [
      "Entries outlive sockets: those of TIME_WAIT stay for 120 s on the node, whatever becomes of the pod.",
      "Each network namespace counts for itself against it. In a pod's, where as a rule nothing is tracked, nf_conntrack_count reads 0, which is no headroom: it is the node's that fills.",
      "`net.nf_conntrack_max` is the same value by its older name.",
    ],
    watch: { text: "`conntrack -S` shows no insert_failed and no drop that rises.", netstat: [] },
    sources: [conntrackSysctl],
    isUsual: true,
  },
  ...(
    [
      ["net.netfilter.nf_conntrack_buckets", "slots of the connection table"],
      ["net.netfilter.nf_conntrack_expect_max", "connections that helpers expect"],
      ["net.netfilter.nf_conntrack_count", "entries of the connection table now"],
    ] as const
  ).map(
    ([key, summary]): Setting => ({
      key,
      area: "node",
      summary,
      bounds: [],
      defaults: [],
      read: null,
      scope: ofMachine("read-only", connectionTable),
      safe: null,
      worthTrying: [],
      traps: [],
      watch: null,
      sources: [conntrackSysctl, "net/netfilter/nf_conntrack_standalone.c"],
    }),
  ),
  {
    key: "net.netfilter.nf_conntrack_tcp_timeout_time_wait",
    area: "node",
    summary: "time in the table once closed, s",
    bounds: ["Twice as long as the socket's own TIME_WAIT of 60 s."],
    defaults: [{ value: "120", when: "" }],
    read: { moment: "close", meaning: "An entry keeps the time that it found." },
    scope: perNetwork(null),
    safe: null,
    worthTrying: [{ value: "60", why: "half as many entries of closed connections." }],
    traps: [
      "The packets of a pod are tracked in the node's namespace too: its value there is the one that fills the table.",
    ],
    watch: null,
    sources: [conntrackSysctl],
  },
  {
    key: "net.netfilter.nf_hooks_lwtunnel",
    area: "node",
    summary: "tunnels' netfilter hooks; one way",
    bounds: ["One switch of the machine: once it is on it stays on until the machine starts anew."],
    defaults: [{ value: "0", when: "" }],
    read: null,
    scope: ofMachine("writable", "one switch of the whole machine that can't be switched off again"),
    safe: null,
    worthTrying: [],
    traps: ["Every namespace shows it and takes a write: tunebench never writes it."],
    watch: null,
    sources: [conntrackSysctl, "net/netfilter/nf_hooks_lwtunnel.c"],
  },
  ...[1, 2, 3].map(
    (threshold): Setting => ({
      key: `net.ipv4.neigh.default.gc_thresh${threshold}`,
      area: "node",
      summary: `neighbours (ARP): ${["at least", "where old ones go", "at most"][threshold - 1]}`,
      bounds: [
        threshold === 3
          ? "Above it a packet to a new neighbour is dropped: `neighbor table overflow` in the kernel's log, table_fulls in /proc/net/stat/arp_cache."
          : "A bound of the table of neighbours, which the kernel clears as it fills.",
      ],
      defaults: [{ value: ["128", "512", "1024"][threshold - 1] ?? "", when: "" }],
      read: { moment: "always", meaning: "A change holds at once." },
      scope: ofMachine("absent", "the machine's one table of neighbours"),
      safe: null,
      worthTrying: [],
      traps: ["Matters where a node has over a thousand direct peers: large flat networks of pods."],
      watch: null,
      sources: [ipSysctl],
    }),
  ),
];
