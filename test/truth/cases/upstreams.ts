import type { TruthCase } from "../case.ts";
import { rules } from "../rules.ts";
import { address, database, go, gunicorn, haproxy, mariadb, nginx, python, upstream } from "./parts.ts";

/** A limit that is not the target's own. */
export const upstreamCases: TruthCase[] = [
  {
    name: "upstream-pool",
    injected: "db serves 4 x 20 ms and is idle; a proxy with kept connections before it",
    core: true,
    suite: {
      target: go("proxy", { UP: address("db") }),
      upstreams: { db: upstream("places", { LIMIT: "4", MS: "20" }) },
      load: { rate: "350/s" },
    },
    expected: {
      outcome: "saturated",
      named: { rule: rules.waitsOnUpstream, side: "upstream", role: "db" },
      never: [rules.programLimit, rules.targetCpu],
    },
    controls: { wider: { upstreams: { db: { env: { LIMIT: "64" } } } } },
  },
  {
    name: "upstream-behind-nginx",
    injected: "db answers after 200 to 400 ms, nginx before it",
    needs: ["nginx"],
    suite: {
      target: nginx({ LOCATION: `proxy_pass http://${address("db")};` }),
      upstreams: { db: upstream("sleep", { MS: "200" }) },
      load: { rate: "300/s" },
    },
    expected: {
      outcome: "saturated",
      named: { rule: rules.waitsOnUpstream, side: "upstream", role: "db" },
      never: [rules.programLimit, rules.connectionLimit],
    },
    controls: { quick: { upstreams: { db: { env: { MS: "5" } } } } },
  },
  {
    name: "upstream-of-mariadb",
    injected: "gunicorn's 4 threads wait for queries of 250 ms, MariaDB idle",
    needs: ["gunicorn", "pymysql", "mariadb"],
    suite: {
      target: gunicorn(["--workers", "1", "--threads", "4"], {
        MS: "250",
        ...database,
      }),
      upstreams: { db: mariadb(100) },
      load: { rate: "40/s" },
    },
    expected: {
      outcome: "saturated",
      named: { rule: rules.programLimit, side: "target", limit: { of: 4 } },
      never: [rules.acceptQueue, rules.targetCpu],
    },
    controls: { calm: { load: { rate: "8/s" } } },
  },
  {
    name: "upstream-refuses",
    injected: "db stops listening after 200 connections",
    core: true,
    suite: {
      target: go("dial", { UP: address("db") }),
      upstreams: { db: { ...python("threaded.py", { REFUSE_AFTER: "200" }), port: 3306 } },
      load: { rate: "100/s" },
    },
    expected: {
      outcome: "broke",
      named: { rule: rules.refusedDials, side: "upstream", role: "db" },
      never: [rules.portExhaustion, rules.acceptQueue],
    },
    controls: { listening: { upstreams: { db: { env: { REFUSE_AFTER: "0" } } } } },
  },
  {
    name: "upstream-refuses-haproxy",
    injected: "db stops listening after 100 connections, HAProxy before it",
    needs: ["haproxy"],
    suite: {
      target: haproxy({ POOL: "0" }),
      upstreams: { db: { ...python("threaded.py", { REFUSE_AFTER: "100" }), port: 3306 } },
      load: { rate: "100/s" },
      // It tries again for three seconds before it gives up.
      stop: { after: "8s" },
    },
    expected: { outcome: "broke", named: { rule: rules.refusedDials, side: "upstream", role: "db" } },
    controls: { listening: { upstreams: { db: { env: { REFUSE_AFTER: "0" } } } } },
  },
  {
    name: "mariadb-max-connections",
    injected: "max_connections 5, a connection for each request of 200 ms",
    core: true,
    needs: ["gunicorn", "pymysql", "mariadb"],
    suite: {
      target: gunicorn(["--workers", "1", "--threads", "32"], {
        MS: "200",
        ...database,
      }),
      upstreams: { db: mariadb(5) },
      load: { rate: "60/s" },
    },
    expected: {
      outcome: "broke",
      named: {
        rule: rules.connectionLimit,
        side: "upstream",
        role: "db",
        remedy: { kind: "program", what: "max_connections" },
      },
      never: [rules.acceptQueue],
    },
    controls: { more: { upstreams: { db: { env: { MAX_CONNECTIONS: "200" } } } } },
  },
];
