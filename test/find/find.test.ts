/** A find on a service whose ports run out, ended in the middle and taken up again; and what can be done with what was found. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import type { FindResult } from "../../harness/find/found.ts";
import type { StoredRun } from "../../harness/results/read.ts";
import { treeFile } from "../helpers/cli.ts";
import { leftBehind } from "../helpers/left-behind.ts";
import { testNeeding } from "../helpers/parts.ts";
import { onlyRun, openWorld, said, startTunebench, type World } from "../helpers/whole-run.ts";

const reuse = { "net.ipv4.tcp_tw_reuse": "1" };

testNeeding(["namespaces", "k6"], "a find names the one setting that cures, wherever it was interrupted", async (t) => {
  const world = await openWorld(t, {
    from: treeFile("scenarios/port-exhaustion"),
    edit: (suite) => {
      // So few that they are gone within two seconds.
      suite.setIn(["target", "sysctls", "net.ipv4.ip_local_port_range"], "32768 33267");
      suite.setIn(["load", "rate"], "250/s");
      suite.setIn(["stop", "after"], "5s");
    },
    files: { "../lib/k6.ts": readFileSync(treeFile("scenarios/lib/k6.ts"), "utf8") },
  });
  const find = startTunebench(world, ["find", "suite", "--seed", "7"]);
  await said(find, /trial 4 .* started/);
  find.kill("SIGINT");
  const interrupted = await find;
  t.is(interrupted.exitCode, 130, interrupted.stderr);
  t.regex(interrupted.stderr, /profiles of the suite, which are not used: baseline, reuse/);
  const before = onlyRun(world);
  t.is(before.trials.length, 3);
  t.is(foundIn(before).ended, null, "what is known so far is told");
  const resumed = await startTunebench(world, ["resume", "latest"]);
  t.is(resumed.exitCode, 0, resumed.stderr);
  t.log(resumed.stderr);
  const stored = onlyRun(world);
  t.deepEqual(stored.trials.slice(0, 3), before.trials, "finished trials are untouched");
  const found = foundIn(stored);
  t.like(found, { settings: reuse, upstreams: {}, levers: {}, ended: { code: "found" } });
  t.deepEqual(
    found.helped.map(({ change, by }) => [change, by.kind]),
    [[{ kind: "setting", role: "target", key: "net.ipv4.tcp_tw_reuse", value: "1" }, "finding"]],
  );
  t.true(found.elsewhere.some(({ remedy }) => remedy.kind === "program" && remedy.what === "pool"));
  await canBeUsed(t, world);
  t.deepEqual(await leftBehind(world), []);
});

/** What was found is a profile like any other. */
async function canBeUsed(t: ExecutionContext, world: World): Promise<void> {
  const delivered = ["deliver", "latest", "--profile", "found", "--platform", "linux", "--out", "delivered"];
  const delivery = await startTunebench(world, delivered);
  t.is(delivery.exitCode, 0, delivery.stderr);
  const record: object = JSON.parse(readFileSync(join(world.folder, "delivered/delivery.json"), "utf8"));
  t.regex(JSON.stringify(record), /"net\.ipv4\.tcp_tw_reuse"/);
  const gate = await startTunebench(world, ["gate", "latest", "--candidate", "found", "--format", "json"]);
  const decided: { decision: string; candidate: { profile: { name: string }; measured: number } } = JSON.parse(
    gate.stdout,
  );
  t.not(decided.decision, "regression");
  t.is(decided.candidate.profile.name, "found");
  t.true(decided.candidate.measured >= 3);
  const report = await startTunebench(world, ["report", "latest", "--format", "md"]);
  t.regex(
    report.stdout,
    /net\.ipv4\.tcp\\?_tw\\?_reuse=1 helps: it broke without and held with it, in each of \d+ blocks/,
  );
}

function foundIn({ folder }: StoredRun): FindResult {
  return JSON.parse(readFileSync(join(folder, "analysis.json"), "utf8")).found;
}
