import type { RuleId } from "../../diagnose/finding.ts";

/** What is to be known of a finding before one acts on it. */
export interface FindingNote {
  /** What happened, in a sentence. */
  meaning: string;
  /** Where it is read. */
  from: string;
  /** What it can be mistaken for, or what can't be seen; null where there is nothing to warn of. */
  limits: string | null;
}

/** One for each finding: docs/diagnosis.md and `tunebench explain FINDING` are made of them. */
export const findingNotes: Record<RuleId, FindingNote> = {
  "out-of-memory": {
    meaning: "A part wanted more memory than it may have: the kernel killed it, or gave it none.",
    from: "`oom_kill` of the part's cgroup (memory.events, or memory.oom_control of version 1), what it was charged against its limit; ENOMEM, MemoryError, OutOfMemoryError in a failed response or the log.",
    limits:
      "A part in the harness's own cgroup has no counter of its own. In a pod the cgroup's files can't be read from beside it.",
  },
  "target-crashed": {
    meaning: "The target, or an upstream, ended under load though nobody asked it to.",
    from: "The end of its process, and the last line of its output that names an error.",
    limits: null,
  },
  hung: {
    meaning: "The service accepts and answers nobody, or never answers a part of its users.",
    from: "No request completed for two seconds and more at the load's end, while every virtual user waited; or virtual users that waited longer than any answer took, with no queue of the kernel and no upstream holding their requests.",
    limits:
      "Requests in flight at the stop are counted nowhere: a part that hangs is known by arrivals less departures only.",
  },
  "generator-bound": {
    meaning: "The load generator was the limit: what was measured is a lower bound of the target's capacity.",
    from: "k6's CPU against its cores, its CPU limit, failures of its own dials by errno, free users while the target is quick.",
    limits: null,
  },
  "time-wait-bucket-overflow": {
    meaning:
      "TIME_WAITs were destroyed early for want of buckets: a wall that is missing for that reason is a fake win.",
    from: "TcpExt TCPTimeWaitOverflow of each role.",
    limits: null,
  },
  "port-exhaustion": {
    meaning: "Every local port towards one destination was taken.",
    from: "/proc/net/tcp: distinct local ports to each destination (also 127.0.0.1) against the range minus reserved ports; EADDRNOTAVAIL in a failed response or the log, or inferred from full ports.",
    limits: "Behind a node's masquerading the ports that run out are the node's: see masquerade-ports.",
  },
  "scan-cliff": {
    meaning:
      "With half the ports in use each connect() scans the busy half first: throughput falls or latency rises, nothing fails.",
    from: "A lasting fall of throughput, or rise of the median latency, when half the ports to one destination were in use.",
    limits: "No kernel counter shows the scan. Kernels before about 6.15 fall deeper.",
  },
  "source-address-ports": {
    meaning: "The program binds before it connects: the ports of its address last for all destinations together.",
    from: "Distinct local ports of each local address over all destinations against the range; EADDRINUSE.",
    limits: "tcp_tw_reuse is connect()'s: it does nothing here.",
  },
  "open-files": {
    meaning: "A process had no descriptor left.",
    from: 'EMFILE or "too many open files" in a failed response or the log; /proc/PID/fd against RLIMIT_NOFILE of the process nearest to its limit.',
    limits: "Before Linux 6.2 another user's descriptors can't be counted from a pod's sampler.",
  },
  "connection-limit": {
    meaning:
      "A server took no further connection by a limit of its own: max_connections, worker_connections, maxclients.",
    from: "The service's own words in a failed response or the log.",
    limits: "Nothing of the kernel's shows it.",
  },
  "rate-limit": {
    meaning: "A service turned requests away on purpose, since there were more a second than it allows.",
    from: "HTTP 429, or the service's own words (nginx limit_req, Envoy).",
    limits: "A bare 503 is no word of a rate limit.",
  },
  "pool-exhausted": {
    meaning: "The program's own pool of connections had none to give within its time.",
    from: "The library's own words in a failed response or the log.",
    limits: null,
  },
  "refused-dials": {
    meaning: "An upstream refused connections: nobody listened there.",
    from: "Tcp AttemptFails of the target beside Tcp OutRsts of an upstream; ECONNREFUSED in a failed response or the log.",
    limits: "Counters are looked at once a second: refusals of the last moment are named by words only.",
  },
  "unix-socket-queue": {
    meaning:
      "connect() to a Unix socket found its queue full (EAGAIN). Its length is min(backlog, net.core.somaxconn).",
    from: "/proc/net/unix: connections that wait at a listening path; EAGAIN in a failed response or the log.",
    limits: "The kernel shows the limit of such a queue nowhere.",
  },
  "accept-queue-overflow": {
    meaning: "Finished handshakes found the accept queue full.",
    from: "TcpExt ListenOverflows of the target and of each upstream; the limit that binds is min(backlog, somaxconn) as the kernel has it.",
    limits: "The queue is looked at once a second: it may have been longer between two looks.",
  },
  "syn-queue-overflow": {
    meaning: "Handshakes came faster than they were finished: SYNs were dropped or answered with cookies.",
    from: "TCPReqQFullDrop, TCPReqQFullDoCookies, ListenDrops, all without ListenOverflows.",
    limits:
      "A full accept queue raises the same counters, and a SYN that can't be answered for want of a route is a ListenDrop too.",
  },
  "udp-drops": {
    meaning: "Datagrams were dropped since nobody read them from the socket in time.",
    from: "Udp RcvbufErrors against InDatagrams of each role.",
    limits: null,
  },
  "packet-loss": {
    meaning: "Packets were lost between the parts.",
    from: "Tcp RetransSegs over OutSegs, TcpExt TCPSynRetrans over ActiveOpens, while no listener of any part dropped one.",
    limits: "Where it was lost can't be told from the ends.",
  },
  "conntrack-full": {
    meaning: "The connection tracking table was full.",
    from: "Its entries against nf_conntrack_max, and its drops.",
    limits: "The count is a namespace's own: a pod's reads 0 and is no headroom.",
  },
  "masquerade-ports": {
    meaning: "Behind a node's masquerade address (SNAT) no port towards a destination was free.",
    from: "insert_failed of the node's /proc/net/stat/nf_conntrack, beside the SYNs that were sent again (TcpExt TCPSynRetrans).",
    limits:
      "Seen on the node only (`observeNode: true` in a cluster). Some flows that start at the same moment collide without any want of ports.",
  },
  "neighbour-table-full": {
    meaning: "The machine's neighbour table (ARP) was full.",
    from: "/proc/net/stat/arp_cache, table_fulls.",
    limits: "It is the whole machine's, IPv4 only.",
  },
  "receive-drops": {
    meaning: "Packets came faster than a CPU took them off its backlog queue.",
    from: "/proc/net/softnet_stat, dropped.",
    limits: null,
  },
  "cgroup-throttling": {
    meaning: "A CPU limit stopped a part's processes.",
    from: "cpu.stat of the part's cgroup: nr_throttled, throttled time (summed over CPUs, it can exceed the time there was).",
    limits: null,
  },
  "receive-work-on-one-cpu": {
    meaning: "One CPU received nearly all packets and had no time left.",
    from: "softnet processed, NET_RX softirqs and busy time of each CPU.",
    limits: null,
  },
  "target-cpu-bound": {
    meaning: "The target used all the CPU that it could get, or the one core that a single thread can use.",
    from: "CPU time of its processes, the time that its threads waited for a CPU (schedstat), CPU of others, the CPUs it may run on.",
    limits: "That it is one thread is a guess whose strength grows with the nearness to one core.",
  },
  "slow-accept": {
    meaning:
      "Too few of the target's workers accept: its queue is always long and its CPU idle. A longer backlog is the wrong lever.",
    from: "The accept queue's length in each look after the ramp, the rate served under the rate asked, CPU.",
    limits: null,
  },
  "bandwidth-cap": {
    meaning: "What a part sends is capped.",
    from: "IpExt OutOctets flat from second to second while bytes wait in its sockets' send queues.",
    limits: "A peer that reads slowly looks alike.",
  },
  "waits-on-upstream": {
    meaning:
      "The target's requests are held by an upstream; its CPU says whether that is busy or has a limit of its own.",
    from: "Connections open from target to upstream, against the requests in flight, and whether they grew with the load.",
    limits:
      "A pool of kept connections is always full and says nothing. What is reached by UDP or Unix sockets is not seen.",
  },
  "program-limit": {
    meaning: "A pool, a semaphore, a lock or workers inside the program.",
    from: "By exclusion: it fell behind, or turned requests away, with CPU to be had, no upstream holding the requests and no queue of the kernel full. About rate x the quickest answer are served at once.",
    limits: "Which of them it is only the program knows.",
  },
  unexplained: {
    meaning: "It broke, or did not keep up, and no rule says why.",
    from: "The fault by name and count, and the line of an error that the service repeated most, numbers and ids aside; whether its threads waited for a busy CPU longer than they ran.",
    limits: null,
  },
};
