/** Containers that no cluster starts: what is merged with what is there, and what is refused. */
import test from "ava";
import fc from "fast-check";
import { parse } from "yaml";
import { InputError } from "../../../harness/core/errors.ts";
import { deliver } from "../../../harness/deliver/deliver.ts";
import type { PlatformName } from "../../../harness/deliver/platform-names.ts";
import { mergeSysctlFile } from "../../../harness/deliver/sysctl-file.ts";
import { fileOf, nodeLevel, rollout, testPool } from "../../helpers/deliveries.ts";

const theirs = (text: string, workload?: string) => ({
  name: "theirs",
  text,
  ...(workload === undefined ? {} : { workload }),
});

const ours = {
  "net.ipv4.tcp_tw_reuse": "1",
  "net.ipv4.ip_local_port_range": "1024 65535",
  "net.ipv4.ip_local_reserved_ports": "8080",
};

test("compose: a list stays a list, a map a map; reserved ports are added to, another value is told", (t) => {
  const list =
    "services:\n  web:\n    sysctls:\n    - net.core.somaxconn=1024\n    - net.ipv4.ip_local_reserved_ports=9090\n";
  const { services } = parse(fileOf("compose", rollout(), theirs(list), "1-compose.yaml"));
  t.deepEqual(services.web.sysctls, [
    "net.core.somaxconn=1024",
    "net.ipv4.ip_local_reserved_ports=9090,8080",
    "net.ipv4.tcp_tw_reuse=1",
    "net.ipv4.ip_local_port_range=1024 65535",
  ]);
  const map = "services: {web: {sysctls: {net.ipv4.tcp_tw_reuse: 2}}}\n";
  const { files, plan } = deliver("compose", rollout(), theirs(map));
  t.deepEqual(parse(files[0]?.text ?? "").services.web.sysctls, ours);
  t.regex(plan, /`net\.ipv4\.tcp_tw_reuse=2` was there; it is `1` now/);
});

/** The commands of a plan's part, in their order. */
function commandsOf(plan: string, part: string): string[] {
  const text = plan.split(/^## /m).find((one) => one.startsWith(part)) ?? "";
  return [...text.matchAll(/^ *(?:cp|install|docker compose|rm|sysctl) .*$/gm)].map(([line]) => line.trim());
}

test("compose: the merged file takes the place of the user's, whose project stays the same; the undo puts that back", (t) => {
  const text = "services: {web: {image: a}}\n";
  const { plan } = deliver("compose", rollout("reuse"), { name: "docker-compose.yml", text });
  const live = "YOUR_PROJECT/docker-compose.yml";
  const up = `docker compose --file ${live} up --detach --no-deps web`;
  t.deepEqual(commandsOf(plan, "Apply"), [
    `cp --archive ${live} ${live}.before`,
    `cp 1-compose.yaml ${live}`,
    `docker compose --file ${live} config`,
    up,
  ]);
  t.deepEqual(commandsOf(plan, "Verify"), [
    `docker compose --file ${live} exec web cat /proc/sys/net/ipv4/tcp_tw_reuse`,
  ]);
  t.deepEqual(commandsOf(plan, "Undo"), [`cp --archive ${live}.before ${live}`, up]);
  const hostile = deliver("compose", rollout("reuse"), { name: "$(id).yaml", text }).plan;
  t.false(hostile.includes("$(id)"));
});

test("quadlet and linux: a live file is kept before it is replaced, and the undo puts it back", (t) => {
  const cases: [PlatformName, string, string, string][] = [
    ["quadlet", "shop.container", "[Container]\n", "/etc/containers/systemd/YOUR_UNIT.container"],
    ["linux", "50-shop.conf", "vm.swappiness = 1\n", "/etc/sysctl.d/50-shop.conf"],
  ];
  for (const [platform, name, text, live] of cases) {
    const { plan } = deliver(platform, rollout("reuse"), { name, text });
    const apply = commandsOf(plan, "Apply");
    t.is(apply[0], `cp --archive ${live} ${live}.before`);
    t.true(apply.some((line) => line.startsWith("install ") && line.endsWith(` ${live}`)));
    t.is(commandsOf(plan, "Undo")[0], `cp --archive ${live}.before ${live}`);
    t.notRegex(deliver(platform, rollout("reuse"), null).plan, /cp --archive/);
  }
});

test("of several the one that is named; its neighbours stay as they are", (t) => {
  const text = "services:\n  web: {image: a}\n  db: {image: b}\n";
  const { services } = parse(fileOf("compose", rollout(), theirs(text, "web"), "1-compose.yaml"));
  t.deepEqual(services, { web: { image: "a", sysctls: ours }, db: { image: "b" } });
  const tasks = { containerDefinitions: [{ name: "web" }, { name: "log" }] };
  const merged = JSON.parse(fileOf("ecs", rollout(), theirs(JSON.stringify(tasks), "web"), "1-task-definition.json"));
  t.deepEqual(merged.containerDefinitions[1], { name: "log" });
  t.deepEqual(
    merged.containerDefinitions[0].systemControls,
    Object.entries(ours).map(([namespace, value]) => ({ namespace, value })),
  );
});

test("quadlet: the last section, words of one line, and what an empty assignment takes back", (t) => {
  const unit = (body: string) => fileOf("quadlet", rollout(), theirs(body), "1-unit.container");
  const added =
    'Sysctl=net.ipv4.tcp_tw_reuse=1\nSysctl="net.ipv4.ip_local_port_range=1024 65535"\nSysctl=net.ipv4.ip_local_reserved_ports=8080\n';
  t.is(
    unit("[Container]\nImage=a\n\n[Service]\nRestart=no\n"),
    `[Container]\nImage=a\n${added}\n[Service]\nRestart=no\n`,
  );
  t.is(
    unit("[Container]\nSysctl=net.ipv4.tcp_tw_reuse=2\nSysctl=\n"),
    `[Container]\nSysctl=net.ipv4.tcp_tw_reuse=2\nSysctl=\n${added}`,
  );
  t.regex(
    unit("[Container]\nSysctl=a.b=1 net.ipv4.tcp_tw_reuse=0 'c.d=1 2'\n"),
    /^Sysctl=a\.b=1 net\.ipv4\.tcp_tw_reuse=1 "c\.d=1 2"$/m,
  );
  t.is(unit("[Container]\r\nImage=a\r\n"), `[Container]\r\nImage=a\r\n${added.replaceAll("\n", "\r\n")}`);
});

test("quadlet: a network that is taken back, or stands in another section, is none of the container's", (t) => {
  for (const text of [
    "[Container]\nNetwork=host\nNetwork=\nNetwork=shop.network\n",
    "[Container]\n[Service]\nNetwork=host\n",
  ])
    t.notThrows(() => deliver("quadlet", rollout(), theirs(text)), text);
});

test("quadlet: what podman is given as it is, is read as podman does, and a harmless one stays", (t) => {
  for (const text of [
    "[Container]\nPodmanArgs=--network=host\nPodmanArgs=\n",
    "[Container]\nPodmanArgs=--memory 1g --label=--network=host\n# PodmanArgs=--network=host\n",
    "[Container]\nPodmanArgs=--ipc=host\n",
  ])
    t.notThrows(() => deliver("quadlet", rollout(), theirs(text)), text);
});

test("compose: what a service of the file brings that is extended is refused where it stands", (t) => {
  const cases: [string, RegExp][] = [
    [
      "services:\n  base:\n    network_mode: host\n  mid: {extends: {service: base}}\n  web:\n    extends: mid\n",
      /^theirs:3:19: services\.base\.network_mode leaves it no network of its own \(host\)$/,
    ],
    [
      "services:\n  base: {sysctls: [net.ipv4.ip_local_reserved_ports=9090]}\n  web: {extends: base}\n",
      /^theirs:2:19: services\.base\.sysctls has net\.ipv4\.ip_local_reserved_ports, which goes to a service that extends/,
    ],
  ];
  for (const [text, message] of cases)
    t.throws(() => deliver("compose", rollout(), theirs(text, "web")), { instanceOf: InputError, message });
});

test("compose: a service of another file that is extended is told with its place, since it is not read", (t) => {
  const text = "services:\n  web:\n    extends: {service: web, file: common.yaml}\n    image: a\n";
  const { plan, files } = deliver("compose", rollout(), theirs(text));
  t.regex(plan, /`theirs:3:14`: the service extends one of `common\.yaml`, which is not read here/);
  t.deepEqual(parse(files[0]?.text ?? "").services.web.sysctls, ours);
});

test("compose: what a service says of itself counts before what it extends; what that has of other keys stays", (t) => {
  const base = "services: {base: {network_mode: host, sysctls: [net.core.somaxconn=5]}";
  t.notThrows(() =>
    deliver("compose", rollout(), theirs(`${base}, web: {extends: base, network_mode: bridge}}`, "web")),
  );
});

test("compose: a network of the service's own counts before what << brings", (t) => {
  const text = "x-net: &n {network_mode: host}\nservices: {a: {<<: *n, network_mode: bridge}}";
  t.notThrows(() => deliver("compose", rollout(), theirs(text)));
});

test("what is the machine's own is left out of a container, and said; a value each profile has is asked for", (t) => {
  for (const platform of ["compose", "quadlet", "ecs"] as const) {
    const { files, plan, record } = deliver(platform, nodeLevel(), null);
    t.false(files.some(({ text }) => text.includes("netdev_max_backlog")));
    t.regex(plan, /Left out: `net\.core\.netdev_max_backlog` `5000`: it is the machine's own/);
    t.deepEqual(new Set(record.settings.map(({ scope }) => scope)), new Set(["container"]));
    t.is(record.kubernetes, null);
    const several = testPool();
    const settings = several.settings.map((one) => ({ ...one, values: ["1", "2"] }));
    t.throws(() => deliver(platform, { ...several, settings }, null), { message: /has several values/ });
  }
});

const refusals: [string, PlatformName, string, RegExp][] = [
  ["two services", "compose", "services: {a: {}, b: {}}", /2 that may be meant: a, b/],
  ["no service", "compose", "a: 1", /holds no service/],
  ["the host's network", "compose", "services: {a: {network_mode: host}}", /no network of its own \(host\)/],
  ["another's network", "compose", 'services: {a: {network_mode: "service:b"}}', /no network of its own \(service:b\)/],
  [
    "the host's network by <<",
    "compose",
    "x-net: &n {network_mode: host}\nservices: {a: {<<: *n, image: b}}",
    /no network of its own \(host\)/,
  ],
  [
    "the host's network by one of several <<",
    "compose",
    "x-a: &a {image: b}\nx-c: &c {network_mode: host}\nx-n: &n {<<: *c}\nservices: {a: {<<: [*a, *n]}}",
    /no network of its own \(host\)/,
  ],
  ["a name that is none", "compose", 'services: {"$(id)": {}}', /is no name of a service/],
  ["an anchor", "compose", "x: &s {a.b: 1}\nservices: {a: {sysctls: *s}}", /alias/],
  ["no section", "quadlet", "[Unit]\n", /no section \[Container\]/],
  ["the host's network", "quadlet", "[Container]\nNetwork=host\n", /no network of its own \(host\)/],
  ["a pod's network", "quadlet", "[Container]\nPod=shop.pod\n", /no network of its own \(Pod=shop\.pod\)/],
  ["the host's network, with blanks", "quadlet", "[Container]\n Network = host \n", /no network of its own \(host\)/],
  [
    "the host's network before a reset",
    "quadlet",
    "[Container]\nNetwork=host\nSysctl=\n",
    /no network of its own \(host\)/,
  ],
  [
    "another's network in an earlier section",
    "quadlet",
    "[Container]\nNetwork=db.container\n[Unit]\n[Container]\nImage=a\n",
    /no network of its own \(db\.container\)/,
  ],
  ["a pod's network, with blanks", "quadlet", "[Container]\nPod = x.pod\n", /no network of its own \(Pod=x\.pod\)/],
  [
    "a key elsewhere",
    "quadlet",
    "[Container]\nPodmanArgs=--sysctl=net.ipv4.tcp_tw_reuse=2\n",
    /is not clear: PodmanArgs/,
  ],
  [
    "the host's network among podman's own options",
    "quadlet",
    "[Container]\nImage=a\nPodmanArgs=--memory=1g \\\n  --network host\n",
    /^theirs:3:1: this line leaves it no network of its own \(host\)$/,
  ],
  ["a pod among podman's own options", "quadlet", "[Container]\nPodmanArgs='--pod=x'\n", /own \(Pod=x\)/],
  [
    "the host's network",
    "ecs",
    '{"networkMode": "host", "containerDefinitions": [{"name": "a"}]}',
    /no network of its own/,
  ],
  ["the whole answer", "ecs", '{"taskDefinition": {}}', /is within `taskDefinition`/],
  [
    "a key of two containers",
    "ecs",
    '{"containerDefinitions": [{"name": "web"}, {"name": "b", "systemControls": [{"namespace": "net.ipv4.tcp_tw_reuse", "value": "2"}]}]}',
    /2 that may be meant/,
  ],
];

for (const [title, platform, text, expected] of refusals) {
  test(`${platform}: ${title} is refused: ${expected.source}`, (t) => {
    t.throws(() => deliver(platform, rollout(), theirs(text)), { instanceOf: InputError, message: expected });
  });
}

test("ecs: a key that another container of the task has is refused", (t) => {
  const text =
    '{"containerDefinitions": [{"name": "web"}, {"name": "b", "systemControls": [{"namespace": "net.ipv4.tcp_tw_reuse", "value": "2"}]}]}';
  t.throws(() => deliver("ecs", rollout(), theirs(text, "web")), { message: /of the container b/ });
});

test("sysctl.d: every other line stays, each key is set once more than nowhere, and merging again changes nothing", (t) => {
  const key = fc.constantFrom(
    "net.ipv4.tcp_tw_reuse",
    "net/core/somaxconn",
    "vm.swappiness",
    "net.ipv4.ip_local_port_range",
  );
  const line = fc.oneof(
    fc.constantFrom("", "# net.core.somaxconn = 1", "; a comment", "  "),
    fc
      .tuple(
        fc.constantFrom("", "-", " "),
        key,
        fc.constantFrom("=", " = "),
        fc.constantFrom("1", "4096", "1024 65535"),
      )
      .map((parts) => parts.join("")),
  );
  const settings = Object.entries({ "net.core.somaxconn": "65535", "net.ipv4.tcp_tw_reuse": "1" }).map(
    ([name, value]) => ({
      key: name,
      value,
      values: [value],
      reach: { kind: "node" } as const,
      evidence: null,
    }),
  );
  const isOurs = (text: string) => /^\s*-?net[./](core[./]somaxconn|ipv4[./]tcp_tw_reuse)\s*=/.test(text);
  fc.assert(
    fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
      const { text } = mergeSysctlFile(lines.length === 0 ? "" : `${lines.join("\n")}\n`, settings);
      const after = text.split("\n").slice(0, -1);
      t.deepEqual(
        after.filter((one) => !isOurs(one)),
        lines.filter((one) => !isOurs(one)),
      );
      for (const { key: name, value } of settings) {
        const places = after.filter(
          (one) => one.replaceAll("/", ".").match(/^\s*-?([^\s=#;-][^\s=]*)\s*=/)?.[1] === name,
        );
        t.true(places.length >= 1 && places.every((one) => one.split("=")[1]?.trim() === value), text);
      }
      t.is(mergeSysctlFile(text, settings).text, text);
    }),
  );
});
