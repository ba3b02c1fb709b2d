import type { FindCase } from "../find-case.ts";
import { rules } from "../rules.ts";
import { address, go, python, upstream } from "./parts.ts";

const bursts = { base: "20/s", burst: "1000/s", lasting: "100ms", every: "1s" };
const slowed = { after: "6s", latency: { p99: "900ms", windows: 2 } };
const manyPorts = { sysctls: { "net.ipv4.ip_local_port_range": "1024 65535" } };
const range = "net.ipv4.ip_local_port_range";
const somaxconn = "net.core.somaxconn";

/** 800 local ports to db, dialled for each request, which last for three seconds. */
export const portsRunOut: FindCase = {
  name: "find-ports",
  injected: "800 local ports to db, dialled for each request",
  suite: {
    target: { ...go("dial", { UP: address("db") }), sysctls: { [range]: "32768 33567" } },
    upstreams: { db: upstream("lazy") },
    load: { rate: "250/s" },
    stop: { after: "6s" },
  },
  expected: {
    settings: { "net.ipv4.tcp_tw_reuse": "1" },
    ended: ["found"],
    binds: null,
    elsewhere: { kind: "program", what: "pool" },
  },
};

/** What a find must come to where settings cure, and where none does. */
export const findCases: FindCase[] = [
  portsRunOut,
  {
    name: "find-accept-queue",
    injected: "bursts against a backlog of 16 and net.core.somaxconn 16: only both help",
    suite: {
      target: { ...python("one_thread.py", { BACKLOG: "16" }), sysctls: { [somaxconn]: 16 } },
      generator: manyPorts,
      load: { rate: bursts, virtualUsers: 300, keepConnections: false },
      stop: slowed,
      find: { levers: { backlog: "env.BACKLOG" } },
    },
    keys: [somaxconn],
    expected: { settings: { [somaxconn]: "65535" }, levers: { backlog: "65535" }, ended: ["found"], binds: null },
  },
  {
    name: "find-syn-queue",
    injected: "handshakes that stay unfinished fill net.ipv4.tcp_max_syn_backlog 16",
    needs: ["root"],
    suite: {
      target: {
        ...python("threaded.py", { BACKLOG: "1024", DROP_PERCENT: "85", SYN_ONLY: "1" }),
        privileged: true,
        sysctls: {
          "net.ipv4.tcp_syncookies": 0,
          "net.ipv4.tcp_max_syn_backlog": 16,
          "net.ipv4.tcp_no_metrics_save": 1,
        },
      },
      generator: manyPorts,
      load: { rate: "100/s", virtualUsers: 300, keepConnections: false },
      stop: slowed,
    },
    keys: ["net.ipv4.tcp_max_syn_backlog"],
    expected: { settings: { "net.ipv4.tcp_max_syn_backlog": "65535" }, ended: ["found"] },
  },
  {
    name: "find-reserved-ports",
    injected: "1,600 of 2,000 local ports are reserved, and tcp_tw_reuse has to stay off",
    suite: {
      target: {
        ...go("dial", { UP: address("db") }),
        sysctls: {
          "net.ipv4.tcp_tw_reuse": 0,
          [range]: "32768 34767",
          "net.ipv4.ip_local_reserved_ports": "33168-34767",
        },
      },
      upstreams: { db: upstream("lazy") },
      load: { rate: "150/s" },
      stop: { after: "6s" },
    },
    keys: ["net.ipv4.ip_local_reserved_ports"],
    expected: { settings: { "net.ipv4.ip_local_reserved_ports": "8080" }, ended: ["found"], binds: null },
  },
  {
    name: "find-healthy",
    injected: "nothing: 5 to 10 ms of waiting at 100 requests a second, and goals that are kept",
    suite: { target: go("sleep", { MS: "5" }), load: { rate: "100/s" }, goals: { "latencyMs.p99": "<= 100" } },
    expected: { settings: {}, ended: ["goals-kept"], binds: null },
  },
  {
    name: "find-slow-upstream",
    injected: "db serves 4 x 20 ms and is idle",
    suite: {
      target: go("proxy", { UP: address("db") }),
      upstreams: { db: upstream("places", { LIMIT: "4", MS: "20" }) },
      load: { rate: "350/s" },
    },
    expected: {
      settings: {},
      ended: ["no-setting", "none-helps", "unclear"],
      binds: { rule: rules.waitsOnUpstream, side: "upstream" },
    },
  },
  {
    name: "find-pool",
    injected: "2 places of 20 ms inside the program",
    suite: { target: go("places", { LIMIT: "2", MS: "20" }), load: { rate: "250/s" } },
    expected: {
      settings: {},
      ended: ["no-setting", "none-helps", "unclear"],
      binds: { rule: rules.programLimit, side: "target" },
      elsewhere: { kind: "program", what: "places" },
    },
  },
  {
    name: "find-two-walls",
    injected: "400 local ports to db, gone before the first burst against net.core.somaxconn 8",
    suite: {
      target: {
        ...python("one_thread.py", { BACKLOG: "4096", MS: "0", UP: address("db") }),
        sysctls: { [range]: "32768 33167", [somaxconn]: 8 },
      },
      upstreams: { db: upstream("lazy") },
      generator: manyPorts,
      load: {
        rate: { base: "200/s", burst: "1500/s", lasting: "100ms", every: "2.5s" },
        virtualUsers: 300,
        keepConnections: false,
      },
      stop: { after: "8s", latency: { p99: "900ms", windows: 1 } },
    },
    keys: ["net.ipv4.tcp_tw_reuse", somaxconn],
    expected: {
      settings: { "net.ipv4.tcp_tw_reuse": "1", [somaxconn]: "65535" },
      ended: ["found"],
    },
  },
  {
    name: "find-of-an-upstream",
    injected: "bursts of dials against db's net.core.somaxconn 8",
    suite: {
      target: go("dial", { UP: address("db") }),
      upstreams: { db: { ...python("one_thread.py", { BACKLOG: "4096" }), port: 3306, sysctls: { [somaxconn]: 8 } } },
      load: { rate: bursts, virtualUsers: 300 },
      stop: slowed,
    },
    keys: [`upstreams.db.${somaxconn}`],
    expected: { settings: {}, upstreams: { db: { [somaxconn]: "65535" } }, ended: ["found"] },
  },
];

/** What takes whole CPUs. */
export const findCpuCases: FindCase[] = [
  {
    name: "find-cpu",
    injected: "10 ms of CPU a request, 2 CPUs",
    suite: { target: go("burn", { MS: "10" }), load: { rate: "350/s" } },
    expected: {
      settings: {},
      ended: ["no-setting", "none-helps", "unclear"],
      binds: { rule: rules.targetCpu, side: "target" },
      elsewhere: { kind: "program", what: "cpus" },
    },
  },
];
