import test from "ava";
import { changesOf } from "../../../harness/analysis/effects.ts";
import { describeSettings } from "../../../harness/report/profile-settings.ts";
import { profileRecord } from "../../../harness/run/profile-record.ts";
import type { Profile } from "../../../harness/suite/suite.ts";
import { profileOf, suiteOf } from "../../helpers/suites.ts";

const everything: Partial<Profile> = {
  name: "candidate",
  sysctls: { "net.core.somaxconn": "4096" },
  generatorSysctls: { "net.ipv4.tcp_tw_reuse": "1" },
  upstreamSysctls: { db: { "net.core.somaxconn": "128" }, cache: {} },
  env: { BACKLOG: "511" },
  upstreamEnv: { db: { CACHE: "small" }, cache: {} },
  command: ["node", "other.ts"],
  rps: "3",
  load: { rate: { kind: "constant", perSecond: 1500 }, virtualUsers: 50, keepConnections: false },
};

test("all that a profile changes is in its record; what it leaves alone is not", (t) => {
  t.deepEqual(profileRecord(suiteOf(), profileOf(everything)), {
    name: "candidate",
    sysctls: {
      target: { "net.core.somaxconn": "4096" },
      generator: { "net.ipv4.tcp_tw_reuse": "1" },
      db: { "net.core.somaxconn": "128" },
    },
    env: { BACKLOG: "511" },
    upstreamEnv: { db: { CACHE: "small" } },
    command: ["node", "other.ts"],
    rps: "3",
    load: { rate: "1,500/s", virtualUsers: "50", keepConnections: "false" },
    levels: {},
  });
  t.like(profileRecord(suiteOf(), profileOf()), { sysctls: {}, upstreamEnv: {}, load: {} });
});

test("reports name each of these changes, and the analysis counts them", (t) => {
  const record = profileRecord(suiteOf(), profileOf(everything));
  t.deepEqual(describeSettings(record), [
    "net.core.somaxconn=4096",
    "generator: net.ipv4.tcp_tw_reuse=1",
    "db: net.core.somaxconn=128",
    "env BACKLOG=511",
    "db: env CACHE=small",
    "command node other.ts",
    "rps_cpus 3",
    "load rate: 1,500/s",
    "load virtualUsers: 50",
    "load keepConnections: false",
  ]);
  t.is(changesOf(record, profileRecord(suiteOf(), profileOf())).size, 10);
});
