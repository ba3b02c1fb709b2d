import test from "ava";
import { SuiteError } from "../../../harness/suite/problems.ts";
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
    load: null,
    levels: { backlog: "65535", somaxconn: "65535", range: "1024 65535", steer: "3" },
  });
});

test("another combination may be named the baseline", (t) => {
  const name = "backlog=65535,somaxconn=4096,range=32768-60999,steer=0";
  t.is(suiteFrom("factors", (text) => `${text}baseline: ${name}\n`).baseline, name);
});

const wrong: [title: string, factors: string, says: RegExp][] = [
  ["one level", "{a: {rps: ['1']}}", /a list of 2 to 16 levels/],
  ["a level twice", "{a: {net.core.somaxconn: [1, '1']}}", /the level "1" is here twice/],
  ["two keys", "{a: {rps: ['0', '1'], net.core.somaxconn: [1, 2]}}", /a factor has one key, this one has 2/],
  ["a key in two factors", "{a: {rps: ['0', '1']}, b: {rps: ['2', '3']}}", /the factor a sets this key, too/],
  [
    "too many",
    `{${"abcdefghi".replaceAll(/./g, (name, i) => `${name}: {env.V${i}: [1, 2]},`)}}`,
    /combine to 512 profiles/,
  ],
  ["names that fall together", "{a: {env.X: ['1/2', '1:2']}}", /two combinations would be named "a=1-2"/],
  ["a mask that is none", "{a: {rps: ['0', 'z']}}", /use a mask of CPUs/],
  ["no key of ours", "{a: {load: [1, 2]}}", /"load" is not a sysctl key.*a factor may be a sysctl, env\.NAME, rps/],
];

for (const [title, factors, says] of wrong) {
  test(`refused: ${title}`, (t) => {
    const change = (text: string) => text.replace(/^factors:[\s\S]*/m, () => `factors: ${factors}\n`);
    t.throws(() => suiteFrom("factors", change), { instanceOf: SuiteError, message: says });
  });
}
