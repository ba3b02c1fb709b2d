import test from "ava";
import fc from "fast-check";
import { stringify } from "yaml";
import {
  type ComposeChoice,
  ComposeError,
  readCompose,
  servicesIn,
} from "../../../../harness/suite/compose/read-compose.ts";
import { parseSuite } from "../../../../harness/suite/parse.ts";
import { reference } from "../../../helpers/suites.ts";

const files = { "web.env": `A=1\nB='x ${reference("y")}'\n` };

/** Parts and warnings of a compose file. */
function read(text: string, choice: Partial<ComposeChoice> = {}) {
  const all: Record<string, string> = { ...files, "compose.yaml": text };
  return readCompose({ file: "compose.yaml", target: "web", ports: {}, pull: false, ...choice }, (way) => {
    const found = all[way];
    if (found === undefined) throw new Error(`no ${way}`);
    return found;
  });
}

/** The target that one service is. */
function target(service: object) {
  return read(stringify({ services: { web: { image: "shop:1", expose: [80], ...service } } })).target;
}

function faults(text: string, choice: Partial<ComposeChoice> = {}): string[] {
  const error = t_throws(() => read(text, choice));
  return error.problems.map(({ line, text }) => `${line}: ${text}`);
}

function t_throws(act: () => unknown): ComposeError {
  try {
    act();
  } catch (error) {
    if (error instanceof ComposeError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

test("keys in their short and their long forms", (t) => {
  const own = {
    image: "shop:1",
    port: 80,
    ready: { within: "30s" },
    env: {},
    sysctls: {},
    ulimits: {},
    aliases: ["web"],
  };
  const cases: [object, object][] = [
    [{ command: `serve "my shop" --x=\\"` }, { command: ["serve", "my shop", '--x="'] }],
    [{ command: ["serve", 80] }, { command: ["serve", "80"] }],
    [{ entrypoint: "/run.sh --now" }, { entrypoint: ["/run.sh", "--now"] }],
    [{ environment: ["A=1=2", "B=", "C"] }, { env: { A: "1=2", B: "", C: `\${env.C}` } }],
    [{ environment: { A: 1, B: true, C: null } }, { env: { A: "1", B: "true", C: `\${env.C}` } }],
    [{ env_file: "web.env", environment: { A: 2 } }, { env: { A: "2", B: `x $\${y}` } }],
    [{ env_file: [{ path: "absent.env", required: false }] }, {}],
    [{ ports: ["127.0.0.1:8080:81/tcp"] }, { port: 81 }],
    [{ ports: ["53:53/udp", "9000-9001:82-83"] }, { port: 82 }],
    [{ ports: [{ target: 84, published: "8080" }] }, { port: 84 }],
    [{ sysctls: ["net.core.somaxconn=1024"] }, { sysctls: { "net.core.somaxconn": "1024" } }],
    [{ sysctls: { "net.ipv4.tcp_rmem": "1 2\t3" } }, { sysctls: { "net.ipv4.tcp_rmem": "1 2 3" } }],
    [{ ulimits: { nofile: 10, nproc: { soft: 1, hard: 2 } } }, { ulimits: { nofile: "10", nproc: "1:2" } }],
    [{ user: 1000 }, { user: "1000" }],
    [{ volumes: ["./a:/b:ro", "data:/c", "/d"] }, { mounts: ["a:/b"], writable: ["/c", "/d"] }],
    [{ volumes: [{ type: "bind", source: "./a", target: "/b" }] }, { mounts: ["a:/b"] }],
    [{ healthcheck: { test: "x | y" } }, { ready: { exec: ["/bin/sh", "-c", "x | y"], within: "90s" } }],
    [
      { healthcheck: { test: ["CMD", "x"], interval: "1s", start_period: "1m" } },
      { ready: { exec: ["x"], within: "63s" } },
    ],
    [{ healthcheck: { test: ["NONE"] } }, {}],
    [{ healthcheck: { disable: true, test: "x" } }, {}],
    [
      { container_name: "shop_web", networks: { front: { aliases: ["shop"] } } },
      { aliases: ["web", "shop_web", "shop"] },
    ],
    [{ build: ".", restart: "always", labels: ["a=b"], "x-mine": 1, network_mode: "bridge" }, {}],
  ];
  for (const [service, part] of cases) t.deepEqual(target(service), { ...own, ...part }, JSON.stringify(service));
});

test("variables: a default, the caller's environment where a program gets it, a dollar sign", (t) => {
  const { env, image } = target({
    image: `shop:\${TAG:-1.4}`,
    environment: { A: `\${X}`, B: "$Y", C: `\${Z-z}`, D: "$$5", E: `$$\{x}` },
  }) as { env: object; image: string };
  t.is(image, "shop:1.4");
  t.deepEqual(env, { A: `\${env.X}`, B: `\${env.Y}`, C: "z", D: "$5", E: `$\${x}` });
});

const whole = `
x-common: &common { restart: always }
services:
  web: { <<: *common, image: "shop:1", expose: [80], depends_on: { my_api: { condition: service_started } } }
  my_api: { image: "api:1", expose: [81], depends_on: [target] }
  target: { image: "db:1", volumes: ["kept:/kept", "./conf:/conf"] }
  other: { image: "other:1" }
`;

test("what the target depends on is its upstreams, by names that a suite can have; all else is said", (t) => {
  const { upstreams, warnings } = read(whole, { ports: { target: 3306 }, pull: true });
  t.deepEqual(Object.keys(upstreams), ["service-target", "my-api"]);
  t.like(upstreams["my-api"], { aliases: ["my_api"], dependsOn: ["service-target"], pull: true });
  t.like(upstreams["service-target"], { port: 3306, aliases: ["target"] });
  t.deepEqual(warnings, [
    { line: 7, text: "other is not started: web does not depend on it (depends_on)" },
    { line: 6, text: "/kept is as the image has it at the start of each trial, and goes with it" },
    { line: 6, text: "./conf is read-only in a trial: what is written to it would reach the next one" },
  ]);
  t.deepEqual([...servicesIn("compose.yaml", whole).keys()], ["target", "my_api", "web", "other"]);
});

test("what would change a measurement is refused, with its line", (t) => {
  const service = (lines: string) => `services:\n  web:\n    image: shop:1\n    expose: [80]\n${lines}`;
  const [host = ""] = faults(service("    network_mode: host\n"));
  t.regex(host, /^5: services\.web\.network_mode: "host" leaves it no network of its own: with the machine's network/);
  t.deepEqual(faults(service("    mem_limit: 1g\n    volums: []\n")), [
    '5: services.web.mem_limit: "mem_limit" is not read, and would change what is measured; take it out for the trial',
    '6: services.web.volums: "volums" is not read, and would change what is measured; take it out for the trial; did you mean "volumes"?',
  ]);
  t.regex(
    faults(service(`    image: \${IMG}\n`).replace("    image: shop:1\n", ""))[0] ?? "",
    /^4: services\.web\.image: \$\{IMG\} has no value/,
  );
  t.regex(
    faults(service("    volumes: [/etc:/etc]\n"))[0] ?? "",
    /^5: services\.web\.volumes\[0\]: "\/etc" leaves the suite's folder/,
  );
  t.regex(
    faults(service("    depends_on: {db: {condition: service_completed_successfully}}\n"))[0] ?? "",
    /started or service_healthy/,
  );
  t.regex(
    faults(service("    depends_on: [db]\n"))[0] ?? "",
    /^2: services: a service depends on "db", which is not there/,
  );
  t.regex(faults(service("    depends_on: [web]\n"))[0] ?? "", /web → web is a circle/);
  t.regex(faults("services: {web: {build: .}}")[0] ?? "", /it has no image: build it before/);
  t.regex(faults("services: {web: {image: x}}")[0] ?? "", /names no port .* compose: \{ports: \{web: PORT\}\}/);
  t.regex(
    faults("services: {web: {image: x}}", { target: "wep" })[0] ?? "",
    /no service "wep", but web; did you mean "web"/,
  );
  t.regex(faults("a: 1")[0] ?? "", /it is no map of services/);
});

test("a suite has the parts of its compose file as if they were written there", (t) => {
  const suite = `name: s
compose: { file: compose.yaml, target: web, ports: { target: 3306 } }
load: { script: load.ts, rate: 1/s }
stop: { after: 1s }
profiles: { baseline: { upstreams: { my-api: { env: { A: "${reference("upstreams.service-target.host")}" } } } } }
`;
  const { target, upstreams } = parseSuite(suite, "suite.yaml", () => whole);
  t.like(target.container, { image: "shop:1", user: null, aliases: ["web"] });
  t.like(upstreams["my-api"]?.container, { dependsOn: ["service-target"] });
  const twice = suite.replace("load:", "target: {image: x, port: 1}\nload:");
  t.throws(() => parseSuite(twice, "suite.yaml", () => whole), {
    message: /suite\.yaml:3:1: target: compose says what it is/,
  });
  const absent = () =>
    parseSuite(suite, "suite.yaml", () => {
      throw new Error("ENOENT");
    });
  t.throws(absent, { message: /suite\.yaml:2:18: compose\.file: "compose\.yaml" can't be read: ENOENT/ });
});

test("its faults name the file from where the user stands, as a suite's own do", (t) => {
  const suite = `name: shop\ncompose: { file: compose.yaml, target: web }\nload: { script: load.ts, rate: 1/s }\nprofiles: { baseline: {} }\n`;
  const text = stringify({ services: { web: { image: "shop:1", expose: [80], network_mode: "host" } } });
  t.throws(() => parseSuite(suite, "shop/suite.yaml", () => text), {
    message: /^shop\/compose\.yaml:\d+:\d+: services\.web\.network_mode: /,
  });
});

test("whatever a compose file holds, it is read or refused with places", (t) => {
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom("80", "a:b", reference("x"), "./a:/b", ["CMD"], { web: null }),
  );
  const key = fc.constantFrom(
    "image",
    "command",
    "environment",
    "ports",
    "volumes",
    "healthcheck",
    "depends_on",
    "user",
    "networks",
    "x",
  );
  fc.assert(
    fc.property(fc.dictionary(key, value), (service) => {
      const text = stringify({ services: { web: { image: "x", expose: [1], ...service } } });
      try {
        read(text);
      } catch (error) {
        if (!(error instanceof ComposeError)) throw error;
        t.true(error.problems.every(({ line, column }) => line >= 1 && column >= 1));
      }
    }),
    { numRuns: 60 },
  );
  t.pass();
});
