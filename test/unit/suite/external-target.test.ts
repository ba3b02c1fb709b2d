import test from "ava";
import { parseSuite } from "../../../harness/suite/parse.ts";
import { SuiteError } from "../../../harness/suite/problems.ts";
import { homeProblems } from "../../../harness/suite/where-it-runs.ts";

function suiteOf(target: string, more = ""): string {
  return `name: shop\ntarget: ${target}\nload: { script: load.ts, rate: 10/s }\nstop: { after: 5s }\n${more}`;
}

const installed = '{ external: "service/web.shop:80", observe: pods }';

test("a Service that is installed is a target: of a cluster only, with the load alone to compare", (t) => {
  const more =
    "profiles: { baseline: {}, more: { load: { rate: 20/s }, generator: { sysctls: { net.ipv4.tcp_tw_reuse: 1 } } } }";
  const suite = parseSuite(suiteOf(installed, more), "s");
  t.like(suite.target, { port: 80, replicas: 1, command: [] });
  t.deepEqual(suite.target.external, {
    host: "web.shop.svc",
    port: 80,
    service: { name: "web", namespace: "shop" },
  });
  t.deepEqual(homeProblems(suite, suite.profiles), ["target: an external service is reached from clusters only"]);
});

/** What is written, and what its messages say, in order. */
const wrong: [title: string, text: string, says: RegExp[]][] = [
  [
    "how it is watched",
    suiteOf('{ external: "service/web.shop:80" }'),
    [/target: "observe" is missing; give observe: pods/],
  ],
  [
    "another way to watch",
    suiteOf('{ external: "service/web.shop:80", observe: all }'),
    [/target\.observe: "all" can't be used; use pods/],
  ],
  [
    "no Service",
    suiteOf('{ external: "web.shop:80", observe: pods }'),
    [/target\.external: .* use service\/NAME\.NAMESPACE:PORT/],
  ],
  [
    "no such port",
    suiteOf('{ external: "service/web.shop:65536", observe: pods }'),
    [/target\.external: .* can't be used/],
  ],
  [
    "observe without it",
    suiteOf("{ command: [a], port: 1, observe: pods }"),
    [/target\.observe: what a run starts itself is always watched/],
  ],
  [
    "what only a program has",
    suiteOf('{ external: "service/web.shop:80", observe: pods, command: [a], replicas: 2 }'),
    ["command", "replicas"].map((key) => new RegExp(`target\\.${key}: this can't stand beside external`)),
  ],
  [
    "settings of the target",
    suiteOf(installed, "profiles: { baseline: {}, tuned: { net.core.somaxconn: 1024 }, other: { image: shop:2 } }"),
    ["tuned\\.net\\.core\\.somaxconn|tuned\\[.*\\]", "other\\.image"].map(
      (path) => new RegExp(`profiles\\.(?:${path}): the target is external: nothing of it is changed`),
    ),
  ],
  [
    "factors of the target",
    suiteOf(
      installed,
      "factors: { queue: { net.core.somaxconn: [128, 1024] }, users: { load.virtualUsers: [10, 20] } }",
    ),
    [/factors\.queue.*: the target is external/],
  ],
  [
    "upstreams",
    suiteOf(installed, "upstreams: { db: { command: [a], port: 1 } }"),
    [/upstreams: the target is external: what it calls is there already/],
  ],
];

for (const [title, text, says] of wrong) {
  test(`refused with its place: ${title}`, (t) => {
    const { message } = t.throws(() => parseSuite(text, "s"), { instanceOf: SuiteError });
    const lines = message.split("\n").filter((line) => line.startsWith("s:"));
    t.is(lines.length, says.length, message);
    for (const [i, expected] of says.entries()) t.regex(lines[i] ?? "", expected);
  });
}
