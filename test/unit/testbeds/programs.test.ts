import { statSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import test from "ava";
import { PartFailure } from "../../../harness/testbeds/failures.ts";
import { baseEnvironment, findPartProgram, findTool } from "../../../harness/testbeds/netns/find-program.ts";
import { unshareArgv } from "../../../harness/testbeds/netns/holder.ts";
import { ordinaryId } from "../../../harness/testbeds/netns/identity.ts";
import { roleSettings } from "../../../harness/testbeds/netns/settings.ts";
import { partOf } from "../../../harness/testbeds/testbed.ts";
import { echoPart, profileOf, suiteOf } from "../../helpers/suites.ts";

const place = { folder: dirname(fileURLToPath(import.meta.url)), nodePath: "/opt/node24/bin/node" };

test("node is the harness's own Node; other names are looked for on PATH, then in the folder", (t) => {
  t.is(findPartProgram("node", place), "/opt/node24/bin/node");
  t.is(findPartProgram("cat", place), findTool("cat"));
  t.is(findPartProgram("/no/such/program", place), null);
  t.is(findPartProgram("programs.test.ts", place), null, "not executable");
  t.is(findPartProgram(".", place), null, "a folder");
});

test("parts see the harness's Node first and nothing secret", (t) => {
  const env = baseEnvironment(place.nodePath);
  t.deepEqual(Object.keys(env), ["PATH", "HOME", "LANG"]);
  t.true(env.PATH?.startsWith("/opt/node24/bin:"));
  t.true(env.PATH?.includes("/usr/sbin"));
});

test("a part is the user behind sudo, else the owner of the suite's folder, else nobody: never root", (t) => {
  const owner = statSync(place.folder);
  const unlessRoot = owner.uid === 0 ? { uid: 65534, gid: 65534 } : { uid: owner.uid, gid: owner.gid };
  t.deepEqual(ordinaryId(place.folder, false, { SUDO_UID: "1000", SUDO_GID: "1001" }), { uid: 1000, gid: 1001 });
  t.deepEqual(ordinaryId(place.folder, false, { SUDO_UID: "1000", SUDO_GID: "0" }), { uid: 1000, gid: 65534 });
  t.deepEqual(ordinaryId(place.folder, false, {}), unlessRoot);
  t.deepEqual(ordinaryId(place.folder, false, { SUDO_UID: "0", SUDO_GID: "0" }), unlessRoot);
  t.deepEqual(ordinaryId("/", false, {}), { uid: 65534, gid: 65534 });
});

test("rootless holders share one user namespace, root needs none", (t) => {
  const first = { role: "generator", pid: 77, network: "net:[1]", rootless: true };
  t.false(unshareArgv({ rootless: false, userOf: null }, ["cat"]).includes("--user"));
  t.true(unshareArgv({ rootless: true, userOf: null }, ["cat"]).includes("--map-root-user"));
  const further = unshareArgv({ rootless: true, userOf: first }, ["cat"]);
  t.deepEqual(further.slice(0, 6), ["nsenter", "--user", "--preserve-credentials", "--target", "77", "--"]);
  t.false(further.includes("--map-root-user"));
});

test("a profile's settings go to its roles over the suite's; memory-dependent keys are pinned unless asked for", (t) => {
  const upstreams = { db: echoPart({ sysctls: { "net.core.somaxconn": "10" } }) };
  const suite = suiteOf({ upstreams, target: echoPart({ sysctls: { "net.core.somaxconn": "20" } }) });
  const asked = {
    sysctls: { "net.core.somaxconn": "30" },
    upstreamSysctls: { db: { "net.ipv4.tcp_max_tw_buckets": "40" } },
  };
  const of = (role: string) =>
    roleSettings(suite, profileOf(asked), role)
      .filter((setting) => setting.asked !== null)
      .map(({ key, asked, origin }) => [key, asked, origin]);
  const pinned = ["net.ipv4.tcp_max_tw_buckets", "262144", "pinned"];
  t.deepEqual(of("target"), [pinned, ["net.core.somaxconn", "30", "profile"]]);
  t.deepEqual(of("generator"), [pinned]);
  t.deepEqual(of("db"), [
    ["net.core.somaxconn", "10", "profile"],
    ["net.ipv4.tcp_max_tw_buckets", "40", "profile"],
  ]);
});

test("a profile's environment goes to its roles over the suite's", (t) => {
  const upstreams = { db: echoPart({ env: { A: "suite", B: "suite" } }), cache: echoPart() };
  const suite = suiteOf({ upstreams, target: echoPart({ env: { A: "suite" } }) });
  const profile = profileOf({ env: { C: "profile" }, upstreamEnv: { db: { A: "profile" } } });
  t.deepEqual(
    ["target", "db", "cache"].map((role) => partOf(suite, profile, role).env),
    [{ A: "suite", C: "profile" }, { A: "profile", B: "suite" }, {}],
  );
});

test("a part's failure carries its role and last lines", (t) => {
  const failure = new PartFailure("target", "ended", ["one", "two"]);
  t.like(failure, { role: "target", lastLines: ["one", "two"], exitCode: 4, name: "PartFailure" });
  t.is(failure.message, "target ended; its last lines:\n  | one\n  | two");
  t.regex(new PartFailure("target", "ended", []).message, /it wrote nothing/);
});
