/** Parts that many cases have. */

/** A folder that lives as long as one trial. */
export const dataFolder = reference("data");

/** Where suite/app.py finds its database. */
export const database = { DB_HOST: host("db"), DB_PORT: reference("upstreams.db.port") };

/** The target: the Go program in one of its modes. */
export function go(mode: string, env: Record<string, string> = {}) {
  return { command: ["../bin/service", mode], port: 8080, ready: { http: "/healthz", within: "20s" }, env };
}

/** Debian's own, which gunicorn runs in too: parts are an ordinary user, who may not reach the one that is first on PATH. */
export const python3 = "/usr/bin/python3";

/** The target: a script of suite/. */
export function python(script: string, env: Record<string, string> = {}) {
  return { command: [python3, script], port: 8080, ready: { tcp: true, within: "20s" }, env };
}

/** The target: nginx, with directives for the blocks of its configuration (suite/nginx.sh). */
export function nginx(blocks: Record<string, string> = {}) {
  const command = ["sh", "nginx.sh", dataFolder];
  const writable = ["/var/lib/nginx"];
  return { command, port: 8080, ready: { http: "/healthz", within: "20s" }, env: blocks, writable };
}

/** The target: HAProxy before the upstream db, with its limits (suite/haproxy.cfg). */
export function haproxy(limits: Record<string, string> = {}) {
  const env = {
    UP: address("db"),
    MAXCONN: "4000",
    SERVER_MAXCONN: "4000",
    QUEUE_TIMEOUT: "5s",
    POOL: "-1",
    ...limits,
  };
  return { command: ["haproxy", "-f", "haproxy.cfg"], port: 8080, ready: { http: "/healthz", within: "20s" }, env };
}

/** The target: suite/app.py under gunicorn. */
export function gunicorn(options: string[], env: Record<string, string> = {}) {
  const command = ["gunicorn", ...options, "--bind", "0.0.0.0:8080", "app:app"];
  return { command, port: 8080, ready: { http: "/healthz", within: "20s" }, env };
}

/** The upstream `db`: the Go program in one of its modes. */
export function upstream(mode: string, env: Record<string, string> = {}) {
  return { command: ["../bin/service", mode], port: 3306, ready: { tcp: true, within: "20s" }, env };
}

/** The upstream `db`: MariaDB with so many connections at most. */
export function mariadb(connections: number) {
  return {
    command: ["sh", "mariadb.sh", dataFolder],
    port: 3306,
    ready: { tcp: true, within: "60s" },
    env: { MAX_CONNECTIONS: `${connections}` },
  };
}

/** Where a part finds an upstream: host:port. */
export function address(name: string): string {
  return reference(`upstreams.${name}.address`);
}

/** The address of an upstream. */
export function host(name: string): string {
  return reference(`upstreams.${name}.host`);
}

function reference(to: string): string {
  return `\${${to}}`;
}
