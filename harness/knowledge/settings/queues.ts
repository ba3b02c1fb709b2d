import { ipSysctl, netSysctl, perNetwork, perNetworkCore, type Setting, safeList } from "../setting.ts";

const queueWatch =
  "`nstat -az TcpExtListenOverflows TcpExtListenDrops` no longer rise; memory does, with longer queues.";

/** What stands between a client's SYN and the program's accept(). */
export const queueSettings: Setting[] = [
  {
    key: "net.core.somaxconn",
    area: "queues",
    summary: "the longest accept queue of any listener",
    bounds: [
      "The accept queue holds connections whose handshake is done until the program calls accept(). Its limit is min(backlog that the program passed to listen(), somaxconn): the smaller of the two binds.",
      "While the queue is full new SYNs are dropped, and so is the last ACK of a handshake under way: clients try again after 1, 3 and 7 s, which is latency without an error. The limit holds for Unix sockets too; connect() then waits, or fails with EAGAIN where it may not block.",
    ],
    defaults: [
      { value: "4096", when: "since Linux 5.4" },
      { value: "128", when: "before" },
    ],
    read: {
      moment: "listen",
      meaning:
        "A program that listens already keeps the limit that it found, so set it before the program starts or restart the program; a reload that keeps its listening socket does not do.",
    },
    scope: perNetworkCore(null),
    safe: null,
    worthTrying: [
      {
        value: "65535",
        why: "it then never binds, and the program's own backlog does. Measure a profile with a larger backlog alone, one with somaxconn alone, and one with both.",
      },
    ],
    traps: [
      "Raised alone it does nothing for a program that asks for less: Node, nginx, Apache httpd and Redis ask for 511, Java's ServerSocket for 50. Seen: listen(511) with 65535 gives 511; listen(65535) with 128 gives 128.",
      "Where each program takes its backlog: nginx `listen ... backlog=N`, Node `server.listen({backlog: N})`, Redis `tcp-backlog`, gunicorn `--backlog` (2048). Go asks for somaxconn itself, which it reads once, at its first listen().",
      "`ss -lnt` shows the limit in force as Send-Q and the queue now as Recv-Q, on rows of state LISTEN. One more than the limit fits: 512 with 511.",
      "A longer queue carries a burst. A program that accepts more slowly than connections come fills any queue, and its clients wait longer.",
      "`sysctl -w` on a node does not reach pods: each has a network namespace of its own, which begins with the default.",
    ],
    watch: queueWatch,
    sources: [`${ipSysctl} (somaxconn)`, "net/socket.c (__sys_listen)", "net/core/sysctl_net_core.c", "listen(2)"],
    isRecorded: true,
    isUsual: true,
  },
  {
    key: "net.ipv4.tcp_max_syn_backlog",
    area: "queues",
    summary: "half-open connections, without cookies",
    bounds: [
      "Connections whose handshake is not done, of one listener. With `net.ipv4.tcp_syncookies` on it does nothing: the queue is then bounded by the listener's own limit, min(backlog, somaxconn).",
    ],
    defaults: [{ value: "128 or more", when: "by the machine's memory: 2048 with 24 GB" }],
    read: { moment: "handshake", meaning: "A change holds for the next SYN." },
    scope: perNetwork("4.11"),
    safe: null,
    worthTrying: [{ value: "65535", why: "only together with tcp_syncookies=0, and with a backlog to match." }],
    traps: [
      "It is the setting that most pages name for a full accept queue, which it does not touch: see net.core.somaxconn.",
      "TCPReqQFullDoCookies and TCPReqQFullDrop in /proc/net/netstat rise when the queue of half-open connections is full, with cookies on and off.",
    ],
    watch: queueWatch,
    sources: [ipSysctl, "net/ipv4/tcp_input.c (tcp_conn_request)"],
    isRecorded: true,
    isUsual: true,
  },
  {
    key: "net.ipv4.tcp_syncookies",
    area: "queues",
    summary: "answer SYNs without remembering them",
    bounds: ["0: never. 1: once a listener's queue of half-open connections is full. 2: always, for tests."],
    defaults: [{ value: "1", when: "" }],
    read: { moment: "handshake", meaning: "A change holds for the next SYN." },
    scope: perNetwork("4.6"),
    safe: { sinceMinor: 0, kernel: "4.6" },
    worthTrying: [],
    traps: [
      "A fallback against floods, not a way to stand a legal load: connections made by a cookie lose TCP options that do not fit into it.",
    ],
    watch: null,
    sources: [ipSysctl, safeList],
    isRecorded: true,
  },
  {
    key: "net.ipv4.tcp_abort_on_overflow",
    area: "queues",
    summary: "reset what meets a full accept queue",
    bounds: [
      "1: when the last ACK of a handshake finds the accept queue full, the client gets a reset at once. 0: the ACK is dropped and the client tries again.",
    ],
    defaults: [{ value: "0", when: "" }],
    read: { moment: "handshake", meaning: "A change holds for the next handshake that ends." },
    scope: perNetwork("4.15"),
    safe: null,
    worthTrying: [
      {
        value: "1",
        why: "to see errors instead of latency of seconds while you look for a full queue; not to run with.",
      },
    ],
    traps: ["It turns a burst that would have recovered into errors at the clients."],
    watch: null,
    sources: [ipSysctl],
    isUsual: true,
  },
  {
    key: "net.ipv4.tcp_synack_retries",
    area: "queues",
    summary: "how often a SYN-ACK is sent again",
    bounds: ["Retries of the second packet of a handshake: 5 of them end after 63 s."],
    defaults: [{ value: "5", when: "" }],
    read: { moment: "handshake", meaning: "A listening socket may have its own number (TCP_SYNCNT)." },
    scope: perNetwork("4.6"),
    safe: null,
    worthTrying: [],
    traps: [],
    watch: null,
    sources: [ipSysctl],
  },
  {
    key: "net.ipv4.tcp_fastopen",
    area: "queues",
    summary: "data in the SYN, for clients or servers",
    bounds: ["1: clients may send data in the SYN. 2: servers may take it. Both ends and the program must ask for it."],
    defaults: [{ value: "1", when: "" }],
    read: { moment: "handshake", meaning: "The program's own socket option comes on top." },
    scope: perNetwork("4.15"),
    safe: null,
    worthTrying: [],
    traps: [
      "Nothing uses it by itself: the client sends with MSG_FASTOPEN, the server sets TCP_FASTOPEN on its listener.",
    ],
    watch: null,
    sources: [ipSysctl],
  },
  {
    key: "net.unix.max_dgram_qlen",
    area: "queues",
    summary: "datagrams that a Unix socket holds",
    bounds: ["Datagrams that a Unix datagram socket holds until they are read; a sender then waits, or gets EAGAIN."],
    defaults: [],
    read: { moment: "socket", meaning: "A socket keeps the value that it found when it was made." },
    scope: perNetwork(null),
    safe: null,
    worthTrying: [],
    traps: ["Stream listeners of Unix sockets are bounded by net.core.somaxconn and their own backlog instead."],
    watch: null,
    sources: [netSysctl, "net/unix/af_unix.c (unix_create1)"],
  },
];
