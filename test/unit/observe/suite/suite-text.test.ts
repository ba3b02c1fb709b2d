/** A suite of what was seen: as a person reads it, as the suite's own reader takes it, and without a secret. */
import { join } from "node:path";
import test from "ava";
import fc from "fast-check";
import { standIn } from "../../../../harness/commands/stand-in.ts";
import type { ServiceSeen } from "../../../../harness/observe/suite/service.ts";
import { suiteFilesOf } from "../../../../harness/observe/suite/suite-text.ts";
import type { Destination } from "../../../../harness/observe/suite/traffic.ts";
import { labelOf } from "../../../../harness/observe/suite/upstreams.ts";
import { parseSuite } from "../../../../harness/suite/parse.ts";
import { anyText } from "../../../helpers/any-text.ts";
import { isGolden } from "../../../helpers/golden.ts";

const db: Destination = { address: "10.0.3.7", port: 3306, name: "Service shop/db", openedPerSecond: 505.2, open: 12 };
const cache: Destination = { address: "127.0.0.1", port: 6379, name: null, openedPerSecond: 0, open: 8 };

const program = {
  kind: "program" as const,
  command: ["/usr/bin/node", "/srv/shop/web.js", "--db-password=hunter2", "--api-token", "abc", `--greeting=\${name}`],
  rewritten: false,
  folder: "/srv/shop",
  env: {
    PATH: "/usr/bin",
    HOME: "/srv",
    DB_HOST: "10.0.3.7",
    DB_PORT: "3306",
    DB_PASSWORD: "hunter2",
    CACHE_URL: "redis://default:hunter2@127.0.0.1:6379/0",
    SHOP: "yes",
    WORKERS: "4",
    TEMPLATE: `\${x}`,
  },
  shared: ["SHOP", "DB_HOST"],
  container: null,
};

function service(changes: Partial<ServiceSeen> = {}): ServiceSeen {
  return {
    name: "web.js",
    subject: "pid 4711 (node)",
    looked: { seconds: 10, others: 0 },
    what: program,
    port: 8080,
    isLocal: false,
    traffic: {
      listeners: [8080, 9090],
      incoming: { openedPerSecond: 502.7, open: 31 },
      destinations: [db, cache],
    },
    settings: [
      { key: "net.ipv4.ip_local_port_range", value: "32768 42767" },
      { key: "net.core.netdev_max_backlog", value: "5000" },
    ],
    path: "/",
    ...changes,
  };
}

const cases: Record<string, ServiceSeen> = {
  program: service(),
  kept: service({
    path: "/search?q=a",
    traffic: { listeners: [8080], incoming: { openedPerSecond: 0.4, open: 200 }, destinations: [] },
    settings: [],
    what: {
      ...program,
      rewritten: true,
      command: ["/usr/sbin/nginx"],
      env: null,
    },
    looked: { seconds: 30, others: 14 },
    isLocal: true,
  }),
  container: service({
    what: {
      ...program,
      container: {
        image: "registry.example.org:5000/team/shop:1.4",
        entrypoint: ["/usr/bin/node"],
        command: ["web.js", "--db-password=hunter2"],
        user: "1000:1000",
        mounts: ["/srv/data"],
      },
    },
    settings: [],
  }),
  pod: service({
    name: "web-7d9f4c",
    subject: "pod shop/web-7d9f4c",
    what: {
      kind: "pod",
      manifest: "apiVersion: v1\nkind: Pod\n",
      container: "web",
      env: { DB_HOST: "db.shop.svc" },
      cluster: "one-node",
    },
  }),
  silent: service({
    port: null,
    traffic: { listeners: [], incoming: { openedPerSecond: null, open: null }, destinations: [db] },
  }),
};

for (const [title, seen] of Object.entries(cases)) {
  test(`a suite of what was seen: ${title}`, (t) => {
    const files = suiteFilesOf(seen, standIn);
    const all = Object.entries(files).map(([name, text]) => `=== ${name}\n${text}`);
    const suite = parseSuite(files["suite.yaml"] ?? "", "/x/suite.yaml");
    t.is(suite.target.port, seen.port ?? 8080);
    t.false(all.join("").includes("hunter2"));
    isGolden(
      t,
      all.filter((text) => !text.startsWith("=== stand-in")).join(""),
      join(import.meta.dirname, `../../../fixtures/observe/suite-${title}.txt`),
    );
  });
}

test("variables that say where an upstream is point at its stand-in", (t) => {
  const { target, upstreams } = parseSuite(suiteFilesOf(service(), standIn)["suite.yaml"] ?? "", "/x/suite.yaml");
  t.deepEqual(Object.keys(upstreams), ["db", "redis"]);
  t.is(target.env.DB_HOST, `\${upstreams.db.host}`);
  t.is(target.env.DB_PORT, `\${upstreams.db.port}`);
  t.is(target.env.DB_PASSWORD, `\${env.DB_PASSWORD}`);
  t.regex(target.env.CACHE_URL ?? "", /@\$\{upstreams\.redis\.host\}:\$\{upstreams\.redis\.port\}\/0$/);
  t.is(target.env.TEMPLATE, `$\${x}`);
  t.is(target.env.PATH, undefined);
  t.deepEqual(target.command.slice(2, 5), [`--db-password=\${env.DB_PASSWORD}`, "--api-token", `\${env.API_TOKEN}`]);
});

test("only settings that a namespace may have are in it", (t) => {
  const { target } = parseSuite(suiteFilesOf(service(), standIn)["suite.yaml"] ?? "", "/x/suite.yaml");
  t.deepEqual(target.sysctls, { "net.ipv4.ip_local_port_range": "32768 42767" });
});

test("whatever a service calls itself, and holds: a suite that reads", (t) => {
  const text = anyText({ maxLength: 30 });
  const record = fc.dictionary(fc.oneof(text, fc.constantFrom("DB_HOST", "TOKEN", "_")), text, { maxKeys: 4 });
  fc.assert(
    fc.property(text, fc.array(text, { minLength: 1, maxLength: 4 }), record, text, (name, command, env, path) => {
      const what = { ...program, command: ["/usr/bin/x", ...command], env, folder: name };
      const named: Destination = { ...db, name };
      const seen = service({
        name,
        subject: name,
        what,
        path,
        traffic: { ...service().traffic, destinations: [named, named] },
      });
      const files = suiteFilesOf(seen, standIn);
      t.notThrows(() => parseSuite(files["suite.yaml"] ?? "", "/x/suite.yaml"));
      t.is((files["load.ts"] ?? "").split(/[\n\r\u2028]/).length, 9);
    }),
    { numRuns: 100 },
  );
});

test("labels are DNS labels, and no role's name", (t) => {
  t.is(labelOf("Web_Server.js"), "web-server-js");
  t.is(labelOf("target"), "service-target");
  t.is(labelOf("..."), "service");
  t.is(labelOf("x".repeat(60)).length, 40);
});
