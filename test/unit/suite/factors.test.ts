import test from "ava";
import { SuiteError } from "../../../harness/suite/problems.ts";
import { constantRate } from "../../../harness/suite/rate.ts";
import { suiteFor } from "../../../harness/suite/suite.ts";
import { suiteFrom } from "../../helpers/suite-files.ts";

test("factors give every combination once, with the first levels as the baseline", (t) => {
  const suite = suiteFrom("factors");
  t.is(suite.profiles.length, 16);
  t.is(new Set(suite.profiles.map((profile) => profile.name)).size, 16);
  t.is(suite.baseline, "backlog=511,somaxconn=4096,range=32768-60999,steer=0");
  t.deepEqual(suite.profiles[0]?.name, suite.baseline);
  t.deepEqual(suite.profiles.at(-1), {
    name: "backlog=65535,somaxconn=65535,range=1024-65535,steer=3",
    sysctls: { "net.core.somaxconn": "65535", "net.ipv4.ip_local_port_range": "1024 65535" },
    generatorSysctls: {},
    upstreamSysctls: {},
    env: { BACKLOG: "65535" },
    upstreamEnv: {},
    command: null,
    rps: "3",
    route: null,
    image: null,
    nodeSelector: {},
    load: null,
    levels: { backlog: "65535", somaxconn: "65535", range: "1024 65535", steer: "3" },
  });
});

test("one at a time: the baseline, each level alone, all, and all but each, with every factor's level", (t) => {
  const { profiles, baseline, design } = suiteFrom("factors", (text) => `${text}design: one-at-a-time\n`);
  t.is(design, "one-at-a-time");
  t.is(baseline, "baseline");
  t.deepEqual(
    profiles.map(({ name }) => name),
    [
      "baseline",
      ...["backlog=65535", "somaxconn=65535", "range=1024-65535", "steer=3"],
      "all",
      ...["all-but-backlog", "all-but-somaxconn", "all-but-range", "all-but-steer"],
    ],
  );
  const last = { backlog: "65535", somaxconn: "65535", range: "1024 65535", steer: "3" };
  t.deepEqual(profiles.find(({ name }) => name === "all")?.levels, last);
  t.deepEqual(profiles.find(({ name }) => name === "all-but-range")?.levels, { ...last, range: "32768 60999" });
  t.like(
    profiles.find(({ name }) => name === "range=1024-65535"),
    { rps: "0", env: { BACKLOG: "511" }, sysctls: { "net.core.somaxconn": "4096" } },
  );
});

test("one at a time: no profile twice, and levels between first and last alone", (t) => {
  const names = (factors: string) =>
    suiteFrom("factors", (text) =>
      text.replace(/^factors:[\s\S]*/m, () => `factors: ${factors}\ndesign: one-at-a-time\n`),
    ).profiles.map(({ name }) => name);
  t.deepEqual(names("{a: {rps: ['0', '1']}}"), ["baseline", "a=1"]);
  t.deepEqual(names("{a: {rps: ['0', '1']}, b: {env.X: [x, y]}}"), ["baseline", "a=1", "b=y", "all"]);
  t.deepEqual(names("{a: {rps: ['0', '1', '2']}}"), ["baseline", "a=1", "a=2"]);
});

test("a factor may be of the generator, of an upstream or of the load", (t) => {
  const suite = suiteFrom("searched");
  t.like(suite.profiles.at(-1), {
    name: "all-but-dbCache",
    generatorSysctls: { "net.ipv4.ip_local_port_range": "1024 65535" },
    upstreamSysctls: { db: { "net.core.somaxconn": "4096" } },
    upstreamEnv: { db: { CACHE: "small" } },
    load: { virtualUsers: 400, keepConnections: false },
  });
  const rates = suiteFrom("factors", (text) => text.replace(/steer: .*/, "rate: { load.rate: [500/s, 900/s] }"));
  const [first, second] = rates.profiles;
  if (first === undefined || second === undefined) throw new Error("no profiles");
  t.deepEqual(
    [first, second].map((profile) => suiteFor(rates, profile).load.rate),
    [500, 900].map((perSecond) => constantRate(perSecond)),
  );
  t.regex(second.name, /rate=900-s$/);
});

test("the route and the image of a cluster are factors, too", (t) => {
  const factors = `factors:
  way: { route: [pod-sysctls, privileged-init] }
  build: { image: ["shop:1", "registry.example.org/shop:2"] }
`;
  const { profiles } = suiteFrom("factors", (text) => text.replace(/^factors:[\s\S]*/m, () => factors));
  t.deepEqual(
    profiles.map(({ name, route, image }) => [name, route, image]),
    [
      ["way=pod-sysctls,build=shop-1", "pod-sysctls", "shop:1"],
      ["way=pod-sysctls,build=registry.example.org-shop-2", "pod-sysctls", "registry.example.org/shop:2"],
      ["way=privileged-init,build=shop-1", "privileged-init", "shop:1"],
      ["way=privileged-init,build=registry.example.org-shop-2", "privileged-init", "registry.example.org/shop:2"],
    ],
  );
});

test("a profile's load is laid over the suite's, key by key", (t) => {
  const suite = suiteFrom("ports", (text) => text.replace(/^ {2}reuse: .*$/m, "  reuse: {load: {virtualUsers: 7}}"));
  const [baseline, reuse] = suite.profiles;
  if (baseline === undefined || reuse === undefined) throw new Error("no profiles");
  t.is(suiteFor(suite, baseline), suite);
  t.deepEqual(suiteFor(suite, reuse).load, { ...suite.load, virtualUsers: 7 });
});

test("another combination may be named the baseline", (t) => {
  const name = "backlog=65535,somaxconn=4096,range=32768-60999,steer=0";
  t.is(suiteFrom("factors", (text) => `${text}baseline: ${name}\n`).baseline, name);
});

const wrong: [title: string, factors: string, says: RegExp][] = [
  ["one level", "{a: {rps: ['1']}}", /a list of 2 to 16 levels/],
  ["a level twice", "{a: {net.core.somaxconn: [1, '1']}}", /duplicate level "1"/],
  ["two keys", "{a: {rps: ['0', '1'], net.core.somaxconn: [1, 2]}}", /a factor has one key, this one has 2/],
  ["a key in two factors", "{a: {rps: ['0', '1']}, b: {rps: ['2', '3']}}", /the factor a sets this key, too/],
  [
    "too many",
    `{${"abcdefghi".replaceAll(/./g, (name, i) => `${name}: {env.V${i}: [1, 2]},`)}}`,
    /combine to 512 profiles/,
  ],
  ["names that fall together", "{a: {env.X: ['1/2', '1:2']}}", /two combinations would be named "a=1-2"/],
  ["an upstream that is not there", "{a: {upstreams.bd.net.core.somaxconn: [1, 2]}}", /no upstream is named "bd"/],
  ["no variable's name", "{a: {env.1X: [1, 2]}}", /"1X" is no variable's name/],
  ["a rate without its unit", "{a: {load.rate: [1, 2]}}", /: 1 can't be used; use requests a second with their unit/],
  ["users that are none", "{a: {load.virtualUsers: [0, 2]}}", /: 0 can't be used; use a whole number from 1/],
  ["kept or not", "{a: {load.keepConnections: [true, 1]}}", /: 1 can't be used; use true or false/],
  [
    "the machine's own key of the generator",
    "{a: {generator.vm.swappiness: [1, 2]}}",
    /vm\.swappiness is the machine's/,
  ],
  [
    "a way that is none",
    "{a: {route: [pod-sysctl, node]}}",
    /"pod-sysctl" can't be used; use one of pod-sysctls, .*; did you mean "pod-sysctls"\?/,
  ],
  ["an image that is none", "{a: {image: [node, 'No Image']}}", /"No Image" can't be used; use a container image/],
  ["a mask that is none", "{a: {rps: ['0', 'z']}}", /use a mask of CPUs/],
  [
    "k6's name of the users",
    "{a: {load.vus: [1, 2]}}",
    /no factor can vary "vus" of the load; use load\.rate, load\.virtualUsers, load\.keepConnections; did you mean "load\.virtualUsers"\?/,
  ],
  ["a misspelt field of the load", "{a: {load.rte: [1, 2]}}", /did you mean "load\.rate"\?/],
  [
    "a key of the target with its name",
    "{a: {target.env.X: [1, 2]}}",
    /the target's own keys have no "target\." before them; did you mean "env\.X"\?/,
  ],
  ["no key of ours", "{a: {load: [1, 2]}}", /"load" is not a sysctl key.*a factor may be a sysctl, env\.NAME, rps/],
];

for (const [title, factors, says] of wrong) {
  test(`refused: ${title}`, (t) => {
    const change = (text: string) => text.replace(/^factors:[\s\S]*/m, () => `factors: ${factors}\n`);
    t.throws(() => suiteFrom("factors", change), { instanceOf: SuiteError, message: says });
  });
}

/** Factors in place of those of the fixture. */
function screened(factors: string) {
  return suiteFrom("factors", (text) =>
    text.replace(/^factors:[\s\S]*/m, () => `factors: ${factors}\ndesign: screening\n`),
  );
}

const twoLevels = (count: number) =>
  `{${Array.from({ length: count }, (_, index) => `f${index}: {env.F${index}: ["0", "1"]}`).join(", ")}}`;

test("screening: the runs of a folded design, the baseline and all of them first", (t) => {
  const { profiles, baseline, design } = screened(twoLevels(9));
  t.is(design, "screening");
  t.is(baseline, "baseline");
  t.is(profiles.length, 40);
  t.deepEqual(
    profiles.slice(0, 4).map(({ name }) => name),
    ["baseline", "all", "run-02", "run-02-mirrored"],
  );
  t.true(Object.values(profiles[0]?.levels ?? {}).every((level) => level === "0"));
  t.true(Object.values(profiles[1]?.levels ?? {}).every((level) => level === "1"));
  for (const factor of Object.keys(profiles[0]?.levels ?? {})) {
    t.is(profiles.filter(({ levels }) => levels[factor] === "1").length, 20);
  }
});

test("screening is for 5 to 20 factors of two levels", (t) => {
  const problem = (factors: string) => t.throws(() => screened(factors), { instanceOf: SuiteError })?.message ?? "";
  t.regex(problem(twoLevels(4)), /screening is for 5 to 20 factors, these are 4; use factorial for fewer/);
  t.regex(problem(twoLevels(21)), /screening is for 5 to 20 factors, these are 21/);
  t.regex(
    problem(twoLevels(5).replace('f2: {env.F2: ["0", "1"]}', 'f2: {env.F2: ["0", "1", "2"]}')),
    /screening has two levels of each factor, this one has 3/,
  );
});
