import test from "ava";
import { profileChanges } from "../../../harness/analysis/changes.ts";
import { profileRecord } from "../../../harness/experiment/run-record.ts";
import { describeSettings } from "../../../harness/report/profile-settings.ts";
import { constantRate } from "../../../harness/suite/rate.ts";
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
  image: "app:2",
  nodeSelector: { pool: "new" },
  load: { rate: constantRate(1500), virtualUsers: 50, keepConnections: false },
};

test("all that a profile changes is in its record; what it leaves alone is not", (t) => {
  t.deepEqual(profileRecord(suiteOf(), profileOf(everything), null), {
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
    route: null,
    image: "app:2",
    nodeSelector: { pool: "new" },
    load: { rate: "1,500/s", virtualUsers: "50", keepConnections: "false" },
    levels: {},
  });
  t.like(profileRecord(suiteOf(), profileOf(), null), { sysctls: {}, upstreamEnv: {}, load: {} });
});

test("the route is the profile's own, the suite's or the cluster's; on this machine there is none", (t) => {
  const routeIn = (own: Profile["route"], suite: Profile["route"], cluster: Profile["route"]) =>
    profileRecord(suiteOf({ route: suite }), profileOf({ route: own }), cluster).route;
  t.is(routeIn("node", "tuning-cni", "pod-sysctls"), "node");
  t.is(routeIn(null, "tuning-cni", "pod-sysctls"), "tuning-cni");
  t.is(routeIn(null, null, "pod-sysctls"), "pod-sysctls");
  t.is(routeIn("node", "tuning-cni", null), null);
});

test("reports name each of these changes, and the analysis counts them", (t) => {
  const record = profileRecord(suiteOf(), profileOf(everything), null);
  t.deepEqual(describeSettings(record), [
    "net.core.somaxconn=4096",
    "generator: net.ipv4.tcp_tw_reuse=1",
    "db: net.core.somaxconn=128",
    "env BACKLOG=511",
    "db: env CACHE=small",
    "command node other.ts",
    "rps_cpus 3",
    "image app:2",
    "nodes pool=new",
    "load rate: 1,500/s",
    "load virtualUsers: 50",
    "load keepConnections: false",
  ]);
  t.is(profileChanges(record, profileRecord(suiteOf(), profileOf(), null)).size, 12);
});
