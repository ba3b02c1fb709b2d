import type { TruthCase } from "../case.ts";
import { address, database, go, gunicorn, haproxy, mariadb, nginx, python, upstream } from "./parts.ts";

const nothing = { outcome: "held", named: null } as const;

/** Nothing is wrong with them, at each of several rates. */
export const healthyCases: TruthCase[] = [
  {
    name: "healthy-go",
    injected: "nothing: 5 to 10 ms of waiting at 100 requests a second",
    core: true,
    suite: { target: go("sleep", { MS: "5" }), load: { rate: "100/s" } },
    expected: nothing,
    controls: { "25": { load: { rate: "25/s" } }, "400": { load: { rate: "400/s" } } },
  },
  {
    name: "healthy-nginx",
    injected: "nothing: nginx before a Go program at 100 requests a second",
    core: true,
    needs: ["nginx"],
    suite: {
      target: nginx({ LOCATION: `proxy_pass http://${address("db")};` }),
      upstreams: { db: upstream("sleep", { MS: "2" }) },
      load: { rate: "100/s" },
    },
    expected: nothing,
    controls: { "400": { load: { rate: "400/s" } }, connecting: { load: { rate: "100/s", keepConnections: false } } },
  },
  {
    name: "healthy-haproxy",
    injected: "nothing: HAProxy with a pool that is always full at 100 requests a second",
    needs: ["haproxy"],
    suite: {
      target: haproxy(),
      upstreams: { db: upstream("sleep", { MS: "2" }) },
      load: { rate: "100/s" },
    },
    expected: nothing,
    controls: { "400": { load: { rate: "400/s" } }, connecting: { load: { rate: "100/s", keepConnections: false } } },
  },
  {
    name: "healthy-mariadb",
    injected: "nothing: gunicorn, a connection to MariaDB for each of 40 requests a second",
    needs: ["gunicorn", "pymysql", "mariadb"],
    suite: {
      target: gunicorn(["--workers", "1", "--threads", "16"], {
        MS: "2",
        ...database,
      }),
      upstreams: { db: mariadb(100) },
      load: { rate: "40/s" },
    },
    expected: nothing,
    controls: { "10": { load: { rate: "10/s" } } },
  },
  {
    name: "healthy-python",
    injected: "nothing: one Python thread that accepts every connection in time, 1 ms each, at 100 a second",
    suite: {
      target: python("one_thread.py", { BACKLOG: "512" }),
      load: { rate: "100/s", keepConnections: false },
    },
    expected: nothing,
    controls: { "25": { load: { rate: "25/s" } } },
  },
];
