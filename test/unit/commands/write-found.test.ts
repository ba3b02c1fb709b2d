import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { writeFound } from "../../../harness/commands/write-found.ts";
import { loadSuite } from "../../../harness/suite/load-suite.ts";
import { temporaryFolder, treeFile } from "../../helpers/cli.ts";
import { findRecord } from "../../helpers/find-report.ts";

test("what was found is a suite of its own: baseline and found, with all that it needs, its comments and its conditions", async (t) => {
  const folder = join(await temporaryFolder(t), "written");
  const suite = await loadSuite(treeFile("scenarios/port-exhaustion"));
  const levers = [{ name: "backlog", what: "backlog", place: "env.BACKLOG", role: "target", value: null }];
  const arm = {
    target: { "net.ipv4.tcp_tw_reuse": "1" },
    upstreams: { db: { "net.core.somaxconn": "65535" } },
    levers: { backlog: "65535" },
  };
  writeFound(suite, findRecord({ levers }), arm, folder);
  const written = await loadSuite(folder);
  t.deepEqual(
    written.profiles.map(({ name, sysctls, upstreamSysctls, env }) => [name, sysctls, upstreamSysctls, env]),
    [
      ["baseline", {}, {}, {}],
      ["found", arm.target, arm.upstreams, { BACKLOG: "65535" }],
    ],
  );
  t.is(written.baseline, "baseline");
  t.deepEqual(written.target, suite.target);
  t.true(existsSync(join(folder, "target.ts")));
  t.regex(readFileSync(join(folder, "load.ts"), "utf8"), /from "tunebench\/k6"/);
  t.regex(readFileSync(join(folder, "suite.yaml"), "utf8"), /# 10,000 ports of the kernel's own/);
});
