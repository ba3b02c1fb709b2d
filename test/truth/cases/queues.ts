import type { TruthCase } from "../case.ts";
import { rules } from "../rules.ts";
import { address, dataFolder, go, gunicorn, haproxy, python, upstream } from "./parts.ts";

/** A hundred milliseconds of many connections at once, every second. */
const bursts = { base: "20/s", burst: "1000/s", lasting: "100ms", every: "1s" };
/** Queues are looked at every second or two, and a finding wants three looks at a full one. */
const lookedAtOften = { after: "8s" };
const slowed = { after: "6s", latency: { p99: "900ms", windows: 2 } };
const manyPorts = { sysctls: { "net.ipv4.ip_local_port_range": "1024 65535" } };

/** Queues of the kernel that fill, and those that are long because of who does not read them. */
export const queueCases: TruthCase[] = [
  {
    name: "backlog-of-the-program",
    injected: "bursts against listen(5), one thread",
    core: true,
    suite: {
      target: python("one_thread.py", { BACKLOG: "5" }),
      generator: manyPorts,
      load: { rate: bursts, virtualUsers: 300, keepConnections: false },
      stop: slowed,
    },
    expected: {
      outcome: "degraded",
      named: {
        rule: rules.acceptQueue,
        side: "target",
        limit: { of: 5 },
        remedy: { kind: "program", what: "backlog" },
      },
      never: [rules.synQueue, rules.packetLoss],
    },
    controls: { backlog: { env: { BACKLOG: "1024" } } },
  },
  {
    name: "somaxconn",
    injected: "bursts against net.core.somaxconn 8, one thread",
    core: true,
    suite: {
      target: { ...python("one_thread.py", { BACKLOG: "4096" }), sysctls: { "net.core.somaxconn": 8 } },
      generator: manyPorts,
      load: { rate: bursts, virtualUsers: 300, keepConnections: false },
      stop: slowed,
    },
    expected: {
      outcome: "degraded",
      named: {
        rule: rules.acceptQueue,
        side: "target",
        limit: { of: 8 },
        remedy: { kind: "setting", key: "net.core.somaxconn" },
      },
      never: [rules.synQueue, rules.packetLoss],
    },
    controls: { somaxconn: { sysctls: { "net.core.somaxconn": 4096 } } },
  },
  {
    name: "backlog-of-an-upstream",
    injected: "bursts of dials against listen(5) of db",
    core: true,
    suite: {
      target: go("dial", { UP: address("db") }),
      upstreams: { db: { ...python("one_thread.py", { BACKLOG: "5" }), port: 3306 } },
      load: { rate: bursts, virtualUsers: 300 },
      stop: slowed,
    },
    expected: {
      outcome: "degraded",
      named: {
        rule: rules.acceptQueue,
        side: "upstream",
        role: "db",
        limit: { of: 5 },
        remedy: { kind: "program", what: "backlog" },
      },
      never: [rules.packetLoss, rules.portExhaustion],
    },
    controls: { backlog: { upstreams: { db: { env: { BACKLOG: "1024" } } } } },
  },
  {
    name: "syn-queue",
    injected: "handshakes that stay unfinished fill a SYN queue of 16, no cookies",
    needs: ["root"],
    core: true,
    suite: {
      target: {
        ...python("threaded.py", { BACKLOG: "16", DROP_PERCENT: "85", SYN_ONLY: "1" }),
        privileged: true,
        sysctls: { "net.ipv4.tcp_syncookies": 0 },
      },
      generator: manyPorts,
      load: { rate: "100/s", virtualUsers: 300, keepConnections: false },
      stop: slowed,
    },
    expected: {
      outcome: "degraded",
      named: { rule: rules.synQueue, side: "target", limit: { of: 16 }, remedy: { kind: "program", what: "backlog" } },
      never: [rules.acceptQueue],
    },
    controls: { finished: { env: { DROP_PERCENT: "0", BACKLOG: "1024" } } },
  },
  {
    name: "syn-backlog",
    injected: "the same against net.ipv4.tcp_max_syn_backlog 16",
    needs: ["root"],
    suite: {
      target: {
        ...python("threaded.py", { BACKLOG: "1024", DROP_PERCENT: "85", SYN_ONLY: "1" }),
        privileged: true,
        sysctls: {
          "net.ipv4.tcp_syncookies": 0,
          "net.ipv4.tcp_max_syn_backlog": 16,
          // Without it peers count as proven once a connection of theirs has ended, and the last quarter is theirs.
          "net.ipv4.tcp_no_metrics_save": 1,
        },
      },
      generator: manyPorts,
      load: { rate: "100/s", virtualUsers: 300, keepConnections: false },
      stop: slowed,
    },
    expected: {
      outcome: "degraded",
      named: {
        rule: rules.synQueue,
        side: "target",
        limit: { of: 16 },
        remedy: { kind: "setting", key: "net.ipv4.tcp_max_syn_backlog" },
      },
      never: [rules.acceptQueue],
    },
    controls: { finished: { env: { DROP_PERCENT: "0" } } },
  },
  {
    name: "unix-socket-queue",
    injected: "a unix socket's queue of 8 (somaxconn), one request in 20 ms behind it",
    core: true,
    suite: {
      target: {
        ...python("front.py", { OWN: "unix", DATA: dataFolder, MS: "20" }),
        sysctls: { "net.core.somaxconn": 8 },
      },
      load: { rate: "80/s" },
    },
    expected: {
      outcome: "broke",
      named: { rule: rules.unixQueue, side: "target", remedy: { kind: "setting", key: "net.core.somaxconn" } },
      never: [rules.acceptQueue],
    },
    controls: { calm: { sysctls: { "net.core.somaxconn": 4096 }, load: { rate: "30/s" } } },
  },
  {
    name: "udp-receive-buffer",
    injected: "db reads a datagram in 10 ms from a receive buffer of 4 KB",
    core: true,
    suite: {
      target: go("ask", { UP: address("db") }),
      upstreams: { db: upstream("udp", { MS: "10", BUFFER: "4096" }) },
      load: { rate: "150/s", virtualUsers: 100 },
    },
    expected: { outcome: "broke", named: { rule: rules.udpDrops, side: "upstream", role: "db" } },
    controls: { quick: { upstreams: { db: { env: { MS: "1", BUFFER: "1000000" } } } } },
  },
  {
    name: "few-workers-accept",
    injected: "one synchronous gunicorn worker, 20 ms a request",
    core: true,
    needs: ["gunicorn"],
    suite: {
      target: gunicorn(["--workers", "1"], { MS: "20" }),
      generator: manyPorts,
      load: { rate: "120/s", keepConnections: false },
      stop: lookedAtOften,
    },
    expected: {
      outcome: "saturated",
      named: { rule: rules.fewWorkers, side: "target", remedy: { kind: "program", what: "workers" } },
      never: [rules.acceptQueue],
    },
    controls: { threads: { command: gunicorn(["--workers", "1", "--threads", "16"]).command } },
  },
  {
    name: "haproxy-maxconn",
    injected: "HAProxy accepts 4 connections at a time, 50 ms behind each",
    needs: ["haproxy"],
    suite: {
      target: haproxy({ MAXCONN: "4" }),
      upstreams: { db: upstream("sleep", { MS: "50" }) },
      generator: manyPorts,
      load: { rate: "120/s", keepConnections: false },
      stop: lookedAtOften,
    },
    expected: {
      outcome: "saturated",
      named: { rule: rules.fewWorkers, side: "target", remedy: { kind: "program" } },
      never: [rules.acceptQueue],
    },
    controls: { many: { env: { MAXCONN: "4000" } } },
  },
];
