import { resolve } from "node:path";
import test from "ava";
import { parseSuite } from "../../../harness/suite/parse.ts";
import { SuiteError } from "../../../harness/suite/problems.ts";
import { burstsRate, rampRate } from "../../../harness/suite/rate.ts";
import { suiteFrom, suiteText } from "../../helpers/suite-files.ts";

test("the design's suite is read with every quantity in its plain unit", (t) => {
  const suite = suiteFrom("ports");
  t.is(suite.name, "port-exhaustion");
  t.is(suite.file, resolve("ports.yaml"));
  t.is(suite.folder, resolve("."));
  t.deepEqual(suite.load.rate, rampRate(500, 3000, 5000));
  t.deepEqual(suite.stop, {
    fault: { kind: "EADDRNOTAVAIL", ratio: 0.01, windows: 2 },
    requests: 150_000,
    afterMs: 75_000,
    latency: null,
    cliff: null,
    saturated: null,
  });
  t.deepEqual(suite.target.ready, { check: { kind: "http", path: "/healthz" }, withinMs: 10_000 });
  t.deepEqual(
    suite.profiles.map((profile) => [profile.name, profile.sysctls]),
    [
      ["baseline", {}],
      ["reuse", { "net.ipv4.tcp_tw_reuse": "1" }],
      ["range", { "net.ipv4.ip_local_port_range": "1024 65535" }],
      ["backlog", { "net.core.somaxconn": "65535" }],
      [
        "all",
        {
          "net.ipv4.tcp_tw_reuse": "1",
          "net.ipv4.ip_local_port_range": "1024 65535",
          "net.core.somaxconn": "65535",
        },
      ],
    ],
  );
  t.is(suite.tolerance, 0.05);
  t.deepEqual(suite.blocks, { min: 3, max: 3 });
});

test("what is left out has its default", (t) => {
  const suite = suiteFrom("ports", (text) =>
    text.replace(/^(baseline|blocks|compare).*\n/gm, "").replace(/ready: .*\n/, "\n"),
  );
  t.like(suite, {
    baseline: "baseline",
    blocks: { min: 1, max: 1 },
    tolerance: 0.05,
    seed: null,
    ipVersion: 4,
    description: "A service without a pool",
  });
  t.deepEqual(suite.target.ready, { check: { kind: "tcp" }, withinMs: 10_000 });
  t.like(suite.load, { virtualUsers: 200, keepConnections: null, scenarios: null, env: {} });
});

test("an argument of a command may be empty, its program may not", (t) => {
  const suite = suiteFrom("ports", (text) => text.replace("[node, target.ts]", '[redis-server, --save, ""]'));
  t.deepEqual(suite.target.command, ["redis-server", "--save", ""]);
  t.throws(() => suiteFrom("ports", (text) => text.replace("[node, target.ts]", '["", a]')), {
    message: /: target\.command\[0\]: "" can't be used; use the program's name$/,
  });
});

test("without profiles the baseline alone is run; another name for it is a slip", (t) => {
  const bare = (text: string) => text.replace(/^profiles:[\s\S]*?(?=^\S)/m, "").replace(/^baseline.*\n/m, "");
  const suite = suiteFrom("ports", bare);
  t.deepEqual(
    suite.profiles.map(({ name, sysctls }) => [name, sysctls]),
    [["baseline", {}]],
  );
  t.like(suite, { baseline: "baseline", design: "profiles" });
  t.throws(() => suiteFrom("ports", (text) => `${bare(text)}baseline: reuse\n`), {
    message: /: baseline: no profile is named "reuse"; there are "baseline"$/,
  });
  t.throws(() => suiteFrom("ports", (text) => `${bare(text)}recheck: 4\n`), { message: /one profile only/ });
});

test("every key that a suite may have is understood", (t) => {
  const suite = suiteFrom("everything");
  t.like(suite, { seed: 7, ipVersion: 6, tolerance: 0.02, blocks: { min: 8, max: 20 }, baseline: "plain" });
  t.deepEqual(suite.target.command, ["node", "target.ts", "1"]);
  t.like(suite.target, {
    cpus: "0-1",
    rps: "3",
    ready: { check: { kind: "log", text: "listening on" }, withinMs: 1500 },
  });
  t.like(suite.target.env, { WORKERS: "2", DEBUG: "true" });
  t.like(suite, { cluster: "test-bed", route: "privileged-init" });
  t.is(suite.load.runners, 4);
  t.deepEqual(suite.target.kubernetes, {
    manifest: null,
    workload: null,
    container: null,
    image: "example.org/target:1",
    command: ["node", "target.js", `\${upstreams.cache.address}`],
    files: ["target.js"],
  });
  t.like(suite.upstreams.db?.kubernetes, { manifest: "db.yaml", container: "mariadb", image: null, files: [] });
  t.deepEqual(suite.upstreams.cache, {
    command: [],
    port: 6379,
    ready: { check: { kind: "tcp" }, withinMs: 10_000 },
    env: {},
    sysctls: {},
    cpus: null,
    privileged: false,
    writable: [],
    rps: null,
    replicas: 1,
    container: null,
    kubernetes: null,
    external: { host: "2001:db8::7", port: 6379, service: null },
  });
  t.like(suite.upstreams.db, {
    privileged: true,
    writable: ["/var/lib/mysql"],
    cpus: "1",
    ready: { check: { kind: "tcp" }, withinMs: 120_000 },
  });
  t.deepEqual(suite.generator, { sysctls: { "net.ipv4.ip_local_port_range": "1024 65535" }, cpus: "0" });
  const bursts = { basePerSecond: 100, burstPerSecond: 4000, burstMs: 500, everyMs: 3000 };
  t.deepEqual(suite.load.rate, burstsRate(bursts));
  t.deepEqual(suite.stop.latency, { quantile: "p99", aboveMs: 500, windows: 4 });
  t.deepEqual(suite.stop.cliff, { windows: 6 });
  t.deepEqual(suite.profiles[1], {
    name: "long",
    sysctls: { "net.ipv4.tcp_rmem": "4096 131072 6291456" },
    generatorSysctls: { "net.ipv4.tcp_tw_reuse": "1" },
    upstreamSysctls: { db: { "kernel.shmmax": "18446744073692774399" } },
    env: { BACKLOG: "65535" },
    upstreamEnv: { db: { CACHE: `\${data}/cache` } },
    command: ["node", `\${folder}/other.ts`],
    rps: "1",
    route: "pod-sysctls",
    image: "registry.example.org:5000/team/target:1.4@sha256:0123456789abcdef0123456789abcdef",
    nodeSelector: { "node.kubernetes.io/instance-type": "m7i.large", spot: "" },
    load: {
      rate: rampRate(50, 4000, 10_000),
      virtualUsers: 80,
      keepConnections: true,
    },
    levels: {},
  });
});

test("the suite's own faults come first, the built-in ones follow without repeating them", (t) => {
  const { faults } = suiteFrom("ports");
  const same = faults.filter((fault) => fault.match === "cannot assign requested address" && fault.in === "body");
  t.is(same.length, 1);
  t.true(faults.some((fault) => fault.kind === "EADDRNOTAVAIL" && fault.in === "log"));
  t.is(suiteFrom("everything").faults[0]?.kind, "quota");
});

/** A change of ports.yaml that makes it wrong, and what its one message must say. */
const wrong: [title: string, from: string | RegExp, to: string, says: RegExp][] = [
  ["a bare duration", "after: 75s", "after: 75", /^s:19:10: stop\.after: 75 can't be used; use a time with its unit/],
  ["a zero rate", "from: 500/s", "from: 0/s", /load\.rate\.from: "0\/s" can't be used/],
  ["a negative rate", "from: 500/s", "from: -1/s", /load\.rate\.from: "-1\/s" can't be used/],
  ["no time at all", "after: 75s", "after: 0s", /stop\.after: "0s" can't be used/],
  ["an ambiguous ratio", "ratio: 1%", "ratio: 1", /stop\.fault\.ratio: 1 can't be used/],
  ["an unknown key", "blocks: 3", "blokcs: 3", /^s:27:1: unknown key "blokcs".*did you mean "blocks"\?$/],
  ["a name that is a path", "name: port-exhaustion", "name: ../x", /^s:1:7: name: "\.\.\/x" can't be used/],
  ["a profile that is a path", "  reuse:", "  ../reuse:", /^s:22:3: profiles: the name "\.\.\/reuse" can't be used/],
  [
    "an upstream named as a role",
    "  db: {",
    "  target: { command: [a], port: 1 }\n  db: {",
    /upstreams: the name "target" can't be used/,
  ],
  [
    "a script elsewhere",
    "script: load.ts",
    "script: /etc/passwd",
    /load\.script: "\/etc\/passwd" leaves the suite's folder/,
  ],
  ["a script above", "script: load.ts", "script: a/../../load.ts", /load\.script: .* leaves the suite's folder/],
  ["a manifest elsewhere", "manifest: k8s.yaml", "manifest: ../k8s.yaml", /target\.kubernetes\.manifest: .* leaves/],
  [
    "no such baseline",
    "baseline: baseline",
    "baseline: reusee",
    /^s:26:11: baseline: no profile .*did you mean "reuse"\?$/,
  ],
  [
    "a reference to nothing",
    "{upstreams.db.host}",
    "{upstreams.bd.host}",
    /^s:8:19: target\.env\.DB_HOST: .*did you mean "upstreams\.db\.host"\?$/,
  ],
  ["an open reference", "{upstreams.db.host}", "{upstreams.db.host", /has no \} at its end/],
  [
    "the machine's own key",
    '  backlog: { net.core.somaxconn: "65535" }',
    "  backlog: { net.core.somaxconn: 1, vm.swappiness: 1 }",
    /vm\.swappiness is the machine's own setting/,
  ],
  [
    "a key with slashes",
    'backlog: { net.core.somaxconn: "65535" }',
    "backlog: {net/core/somaxconn: 1}",
    /did you mean "net\.core\.somaxconn"\?$/,
  ],
  ["a key that climbs", 'backlog: { net.core.somaxconn: "65535" }', "backlog: {net...core: 1}", /is not a sysctl key/],
  [
    "both forms of a profile",
    'backlog: { net.core.somaxconn: "65535" }',
    "backlog: {env: {}, net.core.somaxconn: 1}",
    /can't stand beside the long form's keys/,
  ],
  [
    "a fault that nothing reports",
    "{ kind: EADDRNOTAVAIL, ratio",
    "{ kind: EADDRNOTAVIAL, ratio",
    /did you mean "EADDRNOTAVAIL"\?$/,
  ],
  [
    "a wait for no wall",
    "fault: { kind: EADDRNOTAVAIL, ratio: 1%, windows: 2 }",
    "decided: { windows: 6 }",
    /give stop\.fault/,
  ],
  ["a key twice", "blocks: 3", "blocks: 3\nblocks: 4", /^s:28:1: duplicate key blocks/],
  ["too many blocks", "blocks: 3", "blocks: 1001", /blocks: 1001 can't be used; use a whole number from 1 to 1000/],
  ["a port beyond ports", "port: 8080", "port: 65536", /target\.port: 65536 can't be used/],
  ["a digit string YAML takes for a fraction", /DB_PORT: "[^"]*"/, "DB_PORT: 1.10", /target\.env\.DB_PORT: 1\.1 can't/],
  [
    "a value that is none",
    'backlog: { net.core.somaxconn: "65535" }',
    "backlog: {net.core.somaxconn: true}",
    /true can't be used; use the value as text/,
  ],
  [
    "profiles and factors",
    "baseline: baseline",
    "factors: {a: {rps: ['0','1']}}\nbaseline: baseline",
    /factors: profiles are given, too/,
  ],
  ["a prototype's key", "  reuse: {", "  __proto__: {", /the key __proto__ can't be used/],
];

for (const [title, from, to, says] of wrong) {
  test(`refused, with its place: ${title}`, (t) => {
    const text = suiteText("ports").replace(from, () => to);
    t.not(text, suiteText("ports"));
    const error = t.throws(() => parseSuite(text, "s"), { instanceOf: SuiteError });
    t.is(error?.exitCode, 2);
    t.is(error?.problems.length, 1, error?.message);
    t.regex(error?.message ?? "", says);
  });
}

test("fault kinds that something reports are taken", (t) => {
  for (const kind of ["ECONNREFUSED", "HTTP 503", "EPIPE"]) {
    const suite = suiteFrom("ports", (text) => text.replace("{ kind: EADDRNOTAVAIL, ratio", `{ kind: ${kind}, ratio`));
    t.is(suite.stop.fault?.kind, kind);
  }
});

test("failed checks are faults where the suite says so: all of them, or those of a name", (t) => {
  const withFaults = (faults: string, stop = "") =>
    parseSuite(`${checked}faults: ${faults}\nstop: { after: 5s${stop} }\n`, "s.yaml");
  const own = (faults: string) => withFaults(faults).faults.filter((fault) => fault.in === "check");
  t.deepEqual(own("checks"), [{ kind: "CHECK_FAILED", match: "", in: "check" }]);
  t.deepEqual(own("[{ kind: EMPTY, match: has items, in: check }]"), [
    { kind: "EMPTY", match: "has items", in: "check" },
  ]);
  t.deepEqual(own("[{ kind: X, match: y, in: body }]"), []);
  t.is(withFaults("checks", ", fault: { kind: CHECK_FAILED, ratio: 1%, windows: 2 }").stop.fault?.kind, "CHECK_FAILED");
  const wrong = t.throws(() => withFaults("check"), { instanceOf: SuiteError });
  t.regex(wrong.message, /s\.yaml:5:9: faults: .*use checks, or a list of faults/);
});

const checked = `name: checked
target: { command: [node, target.ts], port: 8080 }
load: { script: load.ts, rate: 10/s, endpoints: route }
profiles: { baseline: {} }
`;

test("the tag that tells requests apart", (t) => {
  t.is(parseSuite(`${checked}stop: { after: 5s }\n`, "s.yaml").load.endpoints, "route");
  const bad = checked.replace("route", '"a b"');
  t.throws(() => parseSuite(`${bad}stop: { after: 5s }\n`, "s.yaml"), { message: /load\.endpoints: .*a tag's name/ });
});

test("a load by Locust: its rate is paced by the locustfile unless asked for, and what the locustfile says is refused", (t) => {
  const withLoad = (more: string) =>
    suiteFrom("ports", (text) =>
      text.replace(/^load:\n( .*\n)+/m, `load: { script: load.py, rate: 100/s, ${more} }\n`),
    );
  t.like(withLoad("engine: locust").load, { engine: "locust", pace: false, virtualUsers: 200 });
  t.like(withLoad("engine: locust, pace: true, env: { LOCUST_TAGS: read }").load, { pace: true });
  for (const [said, problem] of [
    ["pace: true", /load\.pace: k6 begins iterations by the clock/],
    ["engine: locust, keepConnections: false", /load\.keepConnections: Locust's users keep/],
    ["engine: locust, scenarios: { a: 100% }", /load\.scenarios: Locust's tasks/],
    ["engine: locust, endpoints: name", /load\.endpoints: Locust tells requests apart/],
    ["engine: locust, env: { LOCUST_USERS: 7 }", /LOCUST_USERS can't be set for the load: Locust takes it/],
    ["engine: locust, env: { PYTHONPATH: /x }", /PYTHONPATH can't be set/],
    ["engine: gatling", /load\.engine: .*one of k6, locust/],
  ] as const) {
    t.throws(() => withLoad(said), { message: problem }, said);
  }
});
