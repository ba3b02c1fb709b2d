import type { TruthCase } from "../case.ts";
import { rules } from "../rules.ts";
import { address, go, haproxy, nginx, upstream } from "./parts.ts";

/** Limits that only the service's own words tell. */
export const wordCases: TruthCase[] = [
  {
    name: "open-files",
    injected: "40 descriptors: EMFILE in the log alone",
    core: true,
    suite: {
      target: {
        ...go("dial", { UP: address("db"), HOLD: "200" }),
        command: ["prlimit", "--nofile=40:40", "../bin/service", "dial"],
      },
      upstreams: { db: upstream("lazy") },
      load: { rate: { from: "20/s", to: "150/s", ramp: "3s" } },
    },
    expected: {
      outcome: "broke",
      named: { rule: rules.openFiles, side: "target", limit: { of: 40 }, remedy: { kind: "program", what: "nofile" } },
      never: [rules.portExhaustion, rules.acceptQueue],
    },
    controls: { many: { command: ["../bin/service", "dial"] } },
  },
  {
    name: "open-files-nginx",
    injected: "worker_rlimit_nofile 24: nginx says it in its log",
    needs: ["nginx"],
    suite: {
      target: nginx({ MAIN: "worker_rlimit_nofile 24;", LOCATION: `proxy_pass http://${address("db")};` }),
      upstreams: { db: upstream("sleep", { MS: "100" }) },
      load: { rate: "150/s" },
    },
    expected: {
      outcome: "broke",
      named: { rule: rules.openFiles, side: "target", limit: { of: 24 }, remedy: { kind: "program", what: "nofile" } },
    },
    controls: { many: { env: { MAIN: "" } } },
  },
  {
    name: "worker-connections",
    injected: "24 worker_connections of nginx, half of them to db, which takes 100 ms",
    core: true,
    needs: ["nginx"],
    suite: {
      target: nginx({ EVENTS: "worker_connections 24;", LOCATION: `proxy_pass http://${address("db")};` }),
      upstreams: { db: upstream("sleep", { MS: "100" }) },
      load: { rate: "150/s" },
    },
    expected: {
      outcome: "broke",
      named: { rule: rules.connectionLimit, side: "target", remedy: { kind: "program", what: "worker_connections" } },
      never: [rules.waitsOnUpstream],
    },
    controls: { many: { env: { EVENTS: "worker_connections 1024;" } } },
  },
  {
    name: "rate-limit",
    injected: "nginx's limit_req: 50 requests a second, 503 for the others",
    core: true,
    needs: ["nginx"],
    suite: {
      target: nginx({
        HTTP: "limit_req_zone $binary_remote_addr zone=all:1m rate=50r/s;",
        LOCATION: "limit_req zone=all burst=5 nodelay; try_files /none =204;",
      }),
      load: { rate: "150/s" },
    },
    expected: {
      outcome: "broke",
      named: { rule: rules.rateLimit, side: "target", remedy: { kind: "program", what: "limit_req" } },
      never: [rules.programLimit, rules.acceptQueue],
    },
    controls: { unlimited: { env: { LOCATION: "try_files /none =204;" } } },
  },
  {
    name: "haproxy-queue",
    injected: "HAProxy gives db 2 requests at a time of 40 to 80 ms; who queues longer than 200 ms gets 503",
    needs: ["haproxy"],
    suite: {
      target: haproxy({ SERVER_MAXCONN: "2", QUEUE_TIMEOUT: "200ms" }),
      upstreams: { db: upstream("sleep", { MS: "40" }) },
      load: { rate: "150/s" },
    },
    expected: {
      outcome: "broke",
      named: { rule: rules.connectionLimit, side: "target", remedy: { kind: "program", what: "maxconn" } },
      never: [rules.acceptQueue],
    },
    controls: { many: { env: { SERVER_MAXCONN: "4000" } } },
  },
];
