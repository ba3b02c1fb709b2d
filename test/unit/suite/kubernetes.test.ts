import test from "ava";
import fc from "fast-check";
import { parseExternal } from "../../../harness/suite/external-address.ts";
import { interpolate, referenceValues } from "../../../harness/suite/interpolate.ts";
import { parseSuite } from "../../../harness/suite/parse.ts";
import { SuiteError } from "../../../harness/suite/problems.ts";
import { imagePattern, labelKey, labelValue } from "../../../harness/suite/schema-kubernetes.ts";
import { suiteFrom, suiteText } from "../../helpers/suite-files.ts";

/** ports.yaml with other parts. */
function withParts({ target, db }: { target?: string; db?: string }): string {
  return suiteText("ports")
    .replace(/ {2}command: \[node, target\.ts\]\n {2}kubernetes: .*\n/, () =>
      target === undefined ? "" : `  ${target}\n`,
    )
    .replace(/ {2}db: .*/, (whole) => (db === undefined ? whole : `  db: ${db}`));
}

const command = "command: [node, target.ts]";

test("what runs in a cluster only needs no command", (t) => {
  for (const form of ["manifest: k8s.yaml", "image: shop:1", "command: [node, a.js]"]) {
    t.deepEqual(parseSuite(withParts({ target: `kubernetes: { ${form} }` }), "s").target.command, [], form);
  }
  const stock = parseSuite(withParts({ target: `${command}\n  kubernetes: { files: [target.ts] }` }), "s");
  t.deepEqual(stock.target.kubernetes, {
    manifest: null,
    workload: null,
    container: null,
    image: null,
    command: null,
    files: ["target.ts"],
  });
  t.deepEqual(stock.target.command, ["node", "target.ts"]);
});

test("an external upstream is reached where it is", (t) => {
  const cases = {
    "db.example.org:3306": "db.example.org 3306 db.example.org:3306",
    "10.0.0.7:5432": "10.0.0.7 5432 10.0.0.7:5432",
    "[2001:db8::7]:6379": "2001:db8::7 6379 [2001:db8::7]:6379",
  };
  for (const [external, expected] of Object.entries(cases)) {
    const suite = parseSuite(withParts({ target: command, db: `{ external: "${external}" }` }), "s");
    t.deepEqual(suite.upstreams.db?.command, []);
    const host = suite.upstreams.db?.external?.host ?? "";
    const values = referenceValues(suite, { addresses: { target: "10.1.1.1", db: host }, dataFolder: "/data" });
    const text = ["host", "port", "address"].map((what) => `\${upstreams.db.${what}}`).join(" ");
    t.is(interpolate(text, values), expected);
  }
});

test("addresses that lead nowhere are none", (t) => {
  const wrong = [
    ...["", "db", "db:", ":3306", "db:0", "db:65536", "db:03", "db:1:2", "db :1", "http://db:1", "db:1/x", "-db:1"],
    ...[
      "999.1.1.1:1",
      "10.0.0:1",
      "1.2.3.4.5:1",
      "2001:db8::7:1",
      "[2001:db8::g]:1",
      "[10.0.0.1]:1",
      "a_b:1",
      "a..b:1",
    ],
    `${"a".repeat(64)}:1`,
  ];
  for (const address of wrong) t.is(parseExternal(address), null, address);
  fc.assert(
    fc.property(fc.domain(), fc.integer({ min: 1, max: 65_535 }), (host, port) => {
      t.deepEqual(parseExternal(`${host}:${port}`), { host, port, service: null });
    }),
  );
  fc.assert(
    fc.property(fc.ipV6(), (host) => {
      t.deepEqual(parseExternal(`[${host}]:1`), { host, port: 1, service: null });
    }),
  );
  fc.assert(
    fc.property(fc.string(), (text) => {
      const found = parseExternal(text);
      t.true(found === null || (text.endsWith(`:${found.port}`) && text.includes(found.host)));
    }),
  );
});

test("names of Kubernetes are taken by its own grammar", (t) => {
  const name = "a".repeat(63);
  for (const key of ["spot", "node.kubernetes.io/instance-type", "a/b", `${name}.${name}/${name}`, "A_b.C-d"]) {
    t.true(labelKey.safeParse(key).success, key);
  }
  for (const key of ["", "-a", "a-", "a/b/c", "A/b", "/b", "a/", "a b", `${name}a`, `${`${name}.`.repeat(4)}a/b`]) {
    t.false(labelKey.safeParse(key).success, key);
  }
  for (const value of ["", "m7i.large", "A_1"]) t.true(labelValue.safeParse(value).success, value);
  for (const value of ["-", "a b", "a/b", `${name}a`]) t.false(labelValue.safeParse(value).success, value);
});

test("images are taken as container runtimes take them", (t) => {
  const digest = `sha256:${"0123456789abcdef".repeat(4)}`;
  const right = [
    ...["node", "node:24-slim", "grafana/k6:2.2.0", "localhost:5000/a__b/c.d-e--f:A_1", `node@${digest}`],
    ...[`[::1]:5000/x:1@${digest}`, "Registry.Example.org/x"],
  ];
  const wrong = [
    ...["", "Node", "node:", "node:-1", "node@sha256:12", "a//b", "/a", "a/", "a b", "a:1:2", "a;b", "$(x)", "../a"],
    ...["a___b", "a..b", "registry:port/x"],
  ];
  for (const image of right) t.true(imagePattern.test(image), image);
  for (const image of wrong) t.false(imagePattern.test(image), image);
});

/** A change of the parts that is wrong, and what its messages say, in order. */
const wrong: [title: string, parts: Parameters<typeof withParts>[0], says: RegExp[]][] = [
  [
    "a mixture of both forms",
    { target: "kubernetes: { manifest: k8s.yaml, image: x }" },
    [/^s:4:37: target\.kubernetes: unknown key "image"; known here: manifest, container$/],
  ],
  [
    "nothing that runs",
    { target: "cpus: 0" },
    [
      /^s:3:1: target: "command" is missing; give the program and its arguments, \[node, target\.ts\], image: shop:1\.4, or kubernetes:.* or external: service\/NAME/,
    ],
  ],
  [
    "files, and nothing that runs them",
    { target: "kubernetes: { files: [target.ts] }" },
    [/^s:3:1: target: "command" is missing/],
  ],
  [
    "an upstream of which nothing is said",
    { target: command, db: "{}" },
    [/upstreams\.db: "command" is missing.* or external: host:port$/],
  ],
  [
    "an upstream without a port",
    { target: command, db: "{ command: [a] }" },
    [/upstreams\.db: "port" is missing; give a port/],
  ],
  [
    "an external upstream with what only a program has",
    { target: command, db: `{ external: "a:1", port: 1, sysctls: {}, cpus: 0, rps: "1", ready: {tcp: true} }` },
    ["port", "sysctls", "cpus", "rps", "ready"].map(
      (key) => new RegExp(`upstreams\\.db\\.${key}: this can't stand beside external: .* never started$`, "m"),
    ),
  ],
  [
    "an external address that is none",
    { target: command, db: `{ external: "999.0.0.1:1" }` },
    [/upstreams\.db\.external: "999\.0\.0\.1:1" can't be used; use host:port, such as/],
  ],
  [
    "a file above",
    { target: `${command}\n  kubernetes: {files: [..]}` },
    [/files\[0\]: "\.\." leaves the suite.s folder/],
  ],
  [
    "a path that is none",
    { target: `${command}\n  kubernetes: {files: [a//b.ts]}` },
    [/files\[0\]: "a\/\/b\.ts" can't be used/],
  ],
  [
    "a file twice",
    { target: `${command}\n  kubernetes: {files: [a, a]}` },
    [/files\[1\]: duplicate file "a"; name it once$/],
  ],
  [
    "65 files",
    { target: `${command}\n  kubernetes: {files: [${Array.from({ length: 65 }, (_, i) => `f${i}`)}]}` },
    [/kubernetes\.files: a list can't be used; use a list of 1 to 64 files/],
  ],
  [
    "a reference to nothing in a container's command",
    { target: `kubernetes: {command: [node, "\${upstreams.bd.host}"]}` },
    [/^s:4:32: target\.kubernetes\.command\.1: .*did you mean "upstreams\.db\.host"\?$/],
  ],
  [
    "a container that is none",
    { target: "kubernetes: {manifest: k8s.yaml, container: Web}" },
    [/container: "Web" can't be used/],
  ],
];

for (const [title, parts, says] of wrong) {
  test(`refused, with its place: ${title}`, (t) => {
    const error = t.throws(() => parseSuite(withParts(parts), "s"), { instanceOf: SuiteError });
    t.is(error?.problems.length, says.length, error?.message);
    for (const each of says) t.regex(error?.message ?? "", each);
  });
}

const backlog = 'backlog: { net.core.somaxconn: "65535" }';

test("of an external upstream nothing can be changed", (t) => {
  const external = (text: string) => text.replace(/ {2}db: .*/, '  db: { external: "db.example.org:3306" }');
  const says = /: db is external: it is never started, so nothing of it can be changed$/;
  const changes = [
    (text: string) => external(text).replace(backlog, "backlog: {upstreams: {db: {env: {A: 1}}}}"),
    (text: string) =>
      external(text).replace(/^profiles:[\s\S]*/m, "factors: {a: {upstreams.db.net.core.somaxconn: [1, 2]}}"),
  ];
  for (const change of changes) t.throws(() => suiteFrom("ports", change), { instanceOf: SuiteError, message: says });
  const condition = `conditions: {a: {rate: 1/s, lasting: 9s, actions: [{at: 1s, kill: db}]}}\nstop: {fault: {ratio: 1%, windows: 1}}\nprofiles:`;
  const killed = (text: string) =>
    external(text)
      .replace(/ {2}rate: .*/, "")
      .replace(/^stop:[\s\S]*profiles:/m, condition);
  t.throws(() => suiteFrom("ports", killed), { instanceOf: SuiteError, message: says });
});

test("a wrong way, cluster, image or label is told with its place and the nearest right one", (t) => {
  const cases: [string, RegExp][] = [
    [
      "backlog: { route: pod-sysctl }",
      /profiles\.backlog\.route: "pod-sysctl" can't be used; use one of pod-sysctls, privileged-init.*; did you mean "pod-sysctls"\?$/,
    ],
    [
      "backlog: { route: host-network }",
      /^s:\d+:\d+: profiles\.backlog\.route: "host-network" can't be used; use one of .*, node; host-network brings no setting into a pod, and only `tunebench doctor --cluster NAME --routes` tries it$/,
    ],
    ["backlog: { image: 'No:image' }", /profiles\.backlog\.image: "No:image" can't be used; use a container image/],
    [
      "backlog: { nodeSelector: { a b: c } }",
      /profiles\.backlog\.nodeSelector: the name "a b" can't be used; use the key of a label/,
    ],
    [
      "backlog: { nodeSelector: { spot: true } }",
      /nodeSelector\.spot: true can't be used; use the value of a label.* in quotes/,
    ],
    ["cluster: ../x", /^s:29:10: cluster: "\.\.\/x" can't be used; use the name of a cluster/],
    ["route: nod", /^s:29:8: route: "nod" can't be used;.*; did you mean "node"\?$/],
  ];
  for (const [text, says] of cases) {
    const whole = suiteText("ports");
    const changed = text.startsWith("backlog") ? whole.replace(backlog, text) : `${whole}${text}\n`;
    const error = t.throws(() => parseSuite(changed, "s"), { instanceOf: SuiteError });
    t.is(error?.problems.length, 1, error?.message);
    t.regex(error?.message ?? "", says);
  }
  const runners = (text: string) => text.replace("script: load.ts", "script: load.ts\n  runners: 0");
  t.throws(() => suiteFrom("ports", runners), {
    message: /load\.runners: 0 can't be used; use a whole number from 1 to 1000/,
  });
  t.is(suiteFrom("ports", (text) => `${text}cluster: local\n`).cluster, null);
});
