import test from "ava";
import { conditionsOf } from "../../../harness/results/goals-of.ts";
import { clusterProblems, homeProblems } from "../../../harness/suite/where-it-runs.ts";
import { suiteFrom } from "../../helpers/suite-files.ts";

const target = "command: [node, target.ts]";
const manifest = "kubernetes: { manifest: k8s.yaml }";
const db = "db: { command: [node, upstream.ts], port: 3306 }";
const backlog = 'backlog: { net.core.somaxconn: "65535" }';

/** What is said of ports.yaml, changed, with two runners. */
function saidOf(problems: "home" | "cluster", ...changes: [from: string, to: string][]): string[] {
  const suite = suiteFrom("ports", (text) => changes.reduce((all, [from, to]) => all.replace(from, () => to), text));
  return problems === "home" ? homeProblems(suite, suite.profiles) : clusterProblems(suite, suite.profiles, 2);
}

/** Both forms of every part, which runs anywhere. */
const both: [string, string] = [
  db,
  "db: { command: [node, upstream.ts], port: 3306, kubernetes: { files: [upstream.ts] } }",
];

test("a suite with both forms runs at home and in a cluster", (t) => {
  t.deepEqual(saidOf("home", both), []);
  t.deepEqual(saidOf("cluster", both), []);
});

const onlyInClusters: [title: string, change: [string, string], says: RegExp][] = [
  [
    "a part without a command",
    [`${target}\n`, "cpus: 0\n"],
    /^target: only its kubernetes form says what runs; here it needs a command$/,
  ],
  [
    "an external upstream",
    [db, 'db: { external: "db:1" }'],
    /^upstreams\.db: an external service is reached from clusters only$/,
  ],
  [
    "a route of a profile",
    [backlog, "backlog: { route: node }"],
    /^profile backlog: route is about pods; here it would/,
  ],
  ["an image of a profile", [backlog, "backlog: { image: a }"], /^profile backlog: image is about pods/],
  [
    "nodes of a profile",
    [backlog, "backlog: { nodeSelector: { a: b } }"],
    /^profile backlog: nodeSelector is about pods/,
  ],
];

for (const [title, change, says] of onlyInClusters) {
  test(`runs in clusters only: ${title}`, (t) => {
    const said = saidOf("home", change);
    t.is(said.length, 1, said.join("\n"));
    t.regex(said[0] ?? "", says);
    t.deepEqual(
      saidOf("cluster", both, change).filter((sentence) => !/cpus/.test(sentence)),
      [],
    );
  });
}

const onlyAtHome: [title: string, change: [string, string], says: RegExp][] = [
  [
    "IPv6",
    ["blocks: 3", "blocks: 3\nipVersion: 6"],
    /^ipVersion: pods have the addresses that their cluster gives them/,
  ],
  [
    "a privileged part",
    [`${manifest}\n`, "kubernetes: { files: [target.ts] }\n  privileged: true\n"],
    /^target\.privileged: a pod has the rights that/,
  ],
  ["a pinned part", ["port: 8080", "port: 8080\n  cpus: 0"], /^target\.cpus: a pod can't be pinned/],
  ["a pinned generator", ["load:\n", "generator: { cpus: 1 }\nload:\n"], /^generator\.cpus: a pod can't be pinned/],
  [
    "a steered part",
    ["port: 8080", 'port: 8080\n  rps: "1"'],
    /^target\.rps: packets of a pod are steered by its node/,
  ],
  ["a steered profile", [backlog, 'backlog: { rps: "1" }'], /^profile backlog: rps: packets of a pod/],
  [
    "a script that no pod has",
    ["", ""],
    /^upstreams\.db: its command names upstream\.ts, which is not in the pod; add it to kubernetes\.files$/,
  ],
  [
    "a profile's script that no pod has",
    [`${manifest}\n`, "kubernetes: { files: [target.ts] }\n"],
    /^profile backlog: its command names \.\/other\.mjs, which is not in the pod/,
  ],
  [
    "a folder that no runner's pod has",
    ["script: load.ts", `script: load.ts\n  env: { USERS: "$${"{folder}"}/users.json" }`],
    /^load\.env\.USERS: \$\{folder\} is not in a runner's pod; leave it out$/,
  ],
  [
    "fewer virtual users than runners",
    ["script: load.ts", "script: load.ts\n  virtualUsers: 1"],
    /^profile baseline: 2 runners can't share 1 virtual users/,
  ],
];

for (const [title, change, says] of onlyAtHome) {
  test(`runs on this machine only: ${title}`, (t) => {
    const others: [string, string][] = /upstream/.test(says.source) ? [] : [both];
    if (/other/.test(says.source)) others.push([backlog, "backlog: { command: [node, ./other.mjs] }"]);
    const said = saidOf("cluster", ...others, change);
    t.is(said.length, /virtual/.test(says.source) ? 5 : 1, said.join("\n"));
    t.regex(said[0] ?? "", says);
    t.deepEqual(saidOf("home", ...others, change), []);
  });
}

test("what refers to an address that is known only later is told", (t) => {
  const reference = (name: string) => `\${${name}}`;
  const all = ["target.host", "upstreams.db.address", "target.port", "upstreams.cache.host"].map(reference).join(" ");
  const theirs = `upstreams: { log: { env: { B: "${reference("upstreams.db.host")}" } } }`;
  const said = saidOf(
    "cluster",
    [
      db,
      `db: { command: [node, "${all}"], port: 1 }
  cache: { external: "cache:1" }
  log: { command: [a, "$${reference("target.host")}"], port: 2 }`,
    ],
    [backlog, `backlog: { env: { A: "${all}" }, ${theirs} }`],
  );
  const places = [
    ["upstreams.db", "target.host"],
    ["upstreams.db", "upstreams.db.address"],
    ["profile backlog", "target.host"],
    ["profile backlog", "upstreams.db.host"],
  ];
  t.deepEqual(
    said,
    places.map(([place, name = ""]) => `${place}: ${reference(name)} is not known when its pod is made; leave it out`),
  );
});

test("a profile's own virtual users are shared, too, and conditions with actions are this machine's", (t) => {
  const few = saidOf("cluster", both, [backlog, "backlog: { load: { virtualUsers: 1 } }"]);
  t.deepEqual(few, ["profile backlog: 2 runners can't share 1 virtual users; use at most as many"]);
  const suite = suiteFrom("conditions");
  const acting = conditionsOf(suite.experiment)
    .filter(({ actions }) => actions.length > 0)
    .map(({ name }) => `conditions.${name}: actions`);
  const said = clusterProblems(suite, suite.profiles, 1).filter((sentence) => sentence.startsWith("conditions"));
  t.true(acting.length > 0);
  t.deepEqual(
    said.map((sentence) => sentence.replace(/ kill.*/, "")),
    acting,
  );
});

test("a load by Locust is made at home and in clusters", (t) => {
  const locust: [string, string] = ["script: load.ts", "engine: locust\n  script: locustfile.py"];
  t.deepEqual(saidOf("home", both, locust), []);
  t.deepEqual(saidOf("cluster", both, locust), []);
});
