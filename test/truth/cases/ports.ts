import type { TruthCase } from "../case.ts";
import { rules } from "../rules.ts";
import { address, go, host, python, upstream } from "./parts.ts";

const noReuse = { "net.ipv4.tcp_tw_reuse": 0 };

const threePorts = [3306, 3307, 3308].map((port) => `${host("db")}:${port}`).join();

/** Ports that run out, each way that they do. */
export const portCases: TruthCase[] = [
  {
    name: "ports-told-in-the-log",
    injected: "800 local ports to db, dialled for each request; EADDRNOTAVAIL in the log alone",
    core: true,
    suite: {
      target: {
        ...go("dial", { UP: address("db") }),
        sysctls: { ...noReuse, "net.ipv4.ip_local_port_range": "32768 33567" },
      },
      upstreams: { db: upstream("lazy") },
      load: { rate: "250/s" },
      stop: { after: "6s" },
    },
    expected: {
      outcome: "broke",
      named: {
        rule: rules.portExhaustion,
        side: "target",
        role: "target",
        limit: { of: 800 },
        remedy: { kind: "setting", key: "net.ipv4.tcp_tw_reuse" },
      },
      never: [rules.acceptQueue, rules.waitsOnUpstream, rules.refusedDials],
    },
    controls: { reuse: { sysctls: { "net.ipv4.tcp_tw_reuse": 1 } } },
  },
  {
    name: "ports-reserved",
    injected: "400 of 2,000 local ports are not reserved",
    suite: {
      target: {
        ...go("dial", { UP: address("db") }),
        sysctls: {
          ...noReuse,
          "net.ipv4.ip_local_port_range": "32768 34767",
          "net.ipv4.ip_local_reserved_ports": "33168-34767",
        },
      },
      upstreams: { db: upstream("lazy") },
      load: { rate: "150/s" },
      stop: { after: "6s" },
    },
    expected: {
      outcome: "broke",
      named: {
        rule: rules.portExhaustion,
        side: "target",
        limit: { of: 400 },
        remedy: { kind: "setting", key: "net.ipv4.ip_local_reserved_ports" },
      },
      never: [rules.waitsOnUpstream, rules.refusedDials],
    },
    controls: { unreserved: { sysctls: { "net.ipv4.ip_local_reserved_ports": 1 } } },
  },
  {
    name: "ports-on-loopback",
    injected: "500 local ports to 127.0.0.1 in the same namespace, tcp_tw_reuse 0",
    core: true,
    suite: {
      target: {
        ...python("front.py", { OWN: "loopback" }),
        sysctls: { ...noReuse, "net.ipv4.ip_local_port_range": "32768 33267" },
      },
      load: { rate: "150/s", virtualUsers: 20 },
      stop: { after: "6s" },
    },
    expected: {
      outcome: "broke",
      named: {
        rule: rules.portExhaustion,
        side: "target",
        limit: { of: 500 },
        remedy: { kind: "setting", key: "net.ipv4.tcp_tw_reuse" },
      },
    },
    controls: { loopback: { sysctls: { "net.ipv4.tcp_tw_reuse": 2 } } },
  },
  {
    name: "ports-of-a-source-address",
    injected: "bind() before connect(): 500 ports of one source address over three ports of db",
    core: true,
    suite: {
      target: {
        ...python("front.py", { BIND: "1", UP: threePorts }),
        sysctls: { ...noReuse, "net.ipv4.ip_local_port_range": "32768 33267" },
      },
      upstreams: { db: upstream("lazy", { PORTS: "3" }) },
      load: { rate: "150/s", virtualUsers: 20 },
      stop: { after: "6s" },
    },
    expected: {
      outcome: "broke",
      named: { rule: rules.sourceAddressPorts, side: "target", limit: { of: 500 }, remedy: { kind: "program" } },
      never: [rules.portExhaustion, rules.waitsOnUpstream],
    },
    controls: { "no-port": { env: { NO_PORT: "1" } } },
  },
  {
    name: "ports-of-the-generator",
    injected: "300 local ports of the generator, a connection for each request",
    core: true,
    suite: {
      target: upstreamAsTarget(),
      generator: { sysctls: { ...noReuse, "net.ipv4.ip_local_port_range": "32768 33067" } },
      load: { rate: "150/s", keepConnections: false },
    },
    expected: {
      outcome: "held",
      named: { rule: rules.generatorBound, side: "generator", remedy: { kind: "load", what: "kept-connections" } },
      never: [rules.portExhaustion, rules.acceptQueue, rules.programLimit],
    },
    controls: { wide: { generator: { sysctls: { "net.ipv4.ip_local_port_range": "1024 65535" } } } },
  },
  {
    name: "time-wait-buckets",
    injected: "100 buckets hide that 800 ports run out",
    core: true,
    suite: {
      target: {
        ...go("dial", { UP: address("db") }),
        sysctls: {
          ...noReuse,
          "net.ipv4.ip_local_port_range": "32768 33567",
          "net.ipv4.tcp_max_tw_buckets": 100,
        },
      },
      upstreams: { db: upstream("lazy") },
      load: { rate: "250/s" },
    },
    expected: {
      outcome: "held",
      named: {
        rule: rules.timeWaitBuckets,
        side: "target",
        limit: { of: 100 },
        remedy: { kind: "setting", key: "net.ipv4.tcp_max_tw_buckets" },
      },
      never: [rules.portExhaustion],
    },
    controls: { reuse: { sysctls: { "net.ipv4.tcp_tw_reuse": 1, "net.ipv4.tcp_max_tw_buckets": 100_000 } } },
  },
];

/** Ignores Connection: close, so that the generator's side closes first and keeps the TIME_WAIT. */
function upstreamAsTarget() {
  return { ...upstream("lazy"), port: 8080 };
}
