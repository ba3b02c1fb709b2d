/** Programs of a trial that are killed, stopped or cut off while the load runs. Those that end by themselves: run-parts. */

import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { diagnose } from "../../harness/diagnose/diagnose.ts";
import { treeFile } from "../helpers/cli.ts";
import { leftBehind, machineState, networksOf, processes } from "../helpers/left-behind.ts";
import { testNeeding } from "../helpers/parts.ts";
import { loopback, openQuickWorld, pidOf, served } from "../helpers/quick-world.ts";
import { onlyRun, runWhole, startRun, withoutDisturbed } from "../helpers/whole-run.ts";

const baselineOnly = ["--profiles", "baseline"];

testNeeding(["namespaces", "k6"], "k6 is killed under load: invalid, with its cause, and run again", async (t) => {
  const world = await openQuickWorld(t, 2, (suite) => suite.set("retries", 1));
  const run = startRun(world);
  await served(world, 50);
  process.kill(await pidOf(world, "k6"), "SIGKILL");
  const { exitCode, stderr } = await run;
  t.is(exitCode, 0, stderr);
  const { trials, run: record, folder } = onlyRun(world);
  const [killed, ...others] = withoutDisturbed(trials);
  t.like(killed, { valid: false, outcome: "failed", stoppedBy: { criterion: "generator-died" } });
  t.deepEqual(killed?.invalidReason, {
    code: "generator-died",
    death: { kind: "ended", exitCode: null, signal: "SIGKILL" },
  });
  const attempts = (profile: string) => others.flatMap((trial) => (trial.profile === profile ? [trial.attempt] : []));
  for (const { profile } of record.order) t.deepEqual(attempts(profile), [profile === killed?.profile ? 2 : 1]);
  t.is(others.at(-1)?.profile, killed?.profile, "after the block's other trials");
  t.true(others.every(({ valid }) => valid));
  t.is(record.ended?.reason, "done");
  t.regex(stderr, /INVALID: k6 ended by itself: killed by SIGKILL/);
  t.true(existsSync(join(folder, "report.html")));
  t.deepEqual(await leftBehind(world), []);
});

testNeeding(["namespaces", "k6"], "k6 has another load than the suite's, and ends well: invalid, exit 4", async (t) => {
  const world = await openQuickWorld(t, 10);
  const [k6, real] = [world.env.TUNEBENCH_K6 ?? "", join(world.folder, "real-k6")];
  renameSync(k6, real);
  const ownLoad = `[ "$1" = run ] && shift && set -- run --vus 1 --iterations 200 "$@"`;
  writeFileSync(k6, `#!/bin/sh\n${ownLoad}\nexec ${real} "$@"\n`, { mode: 0o755 });
  const { exitCode, stderr } = await runWhole(world, baselineOnly);
  t.is(exitCode, 4, stderr);
  const [trial] = onlyRun(world).trials;
  t.like(trial, { valid: false, requests: 200, load: { generator: { exitCode: 0 } } });
  t.like(trial?.invalidReason, { code: "generator-died", death: { kind: "ended-early", plannedSeconds: 10 } });
});

testNeeding(["namespaces", "k6"], "an upstream is killed under load: invalid, with its name, exit 4", async (t) => {
  const talking = `console.error("table is full");\n${readFileSync(treeFile("test/fixtures/whole/upstream.ts"), "utf8")}`;
  const world = await openQuickWorld(t, 2);
  writeFileSync(join(world.suite, "upstream.ts"), talking);
  const run = startRun(world, baselineOnly);
  await served(world, 50);
  process.kill(await pidOf(world, "upstream.ts"), "SIGKILL");
  const { exitCode, stderr } = await run;
  t.is(exitCode, 4, stderr);
  const [trial] = onlyRun(world).trials;
  t.like(trial, { valid: false, invalidReason: { code: "part-died", role: "db", lastLine: "table is full" } });
  t.like(trial, { stoppedBy: { criterion: "upstream-died" }, lastWords: { db: ["table is full"] } });
  t.deepEqual(await leftBehind(world), []);
});

testNeeding(["namespaces", "k6"], "the relay before an upstream ends: invalid, and no part's crash", async (t) => {
  const world = await openQuickWorld(t, 4, (suite) => {
    suite.deleteIn(["load", "rate"]);
    suite.delete("stop");
    const slower = { latency: "100ms", part: "db", at: "19s", lasting: "1s" };
    suite.set("conditions", { normal: { rate: "400/s", lasting: "20s", actions: [slower] } });
  });
  const run = startRun(world, baselineOnly);
  await served(world, 50);
  const inside = networksOf(world);
  const relay = processes().find(
    ({ network, words }) => inside.includes(network) && /^\S*node \S*relay-child/.test(words),
  );
  process.kill(relay?.pid ?? Number.NaN, "SIGKILL");
  const { exitCode, stderr } = await run;
  t.is(exitCode, 4, stderr);
  const [trial] = onlyRun(world).trials;
  t.like(trial, {
    valid: false,
    invalidReason: { code: "part-lost", words: "the relay in front of db ended" },
    lastWords: {},
  });
  t.like(trial, { stoppedBy: { criterion: "part-lost" } });
  t.deepEqual(diagnose(trial === undefined ? [] : [trial]), []);
  t.deepEqual(await leftBehind(world), []);
});

testNeeding(["namespaces", "k6"], "a target that hangs has broken when it fell silent", async (t) => {
  const world = await openQuickWorld(t, 4);
  const run = startRun(world, baselineOnly);
  await served(world, 50);
  process.kill(await pidOf(world, "target.ts"), "SIGSTOP");
  const { exitCode, stderr } = await run;
  t.is(exitCode, 0, stderr);
  const [trial] = onlyRun(world).trials;
  t.like(trial, { valid: true, outcome: "broke", fault: { kind: "NO_ANSWER", side: "target", seenIn: "silence" } });
  t.is(trial?.measures.requestsBeforeWall, trial?.successes);
  const users = trial?.load.preAllocatedVirtualUsers;
  t.like(trial?.evidence.demand, { virtualUsers: users }, "k6 tells them later than the target fell silent");
  t.regex(stderr, /nothing was answered for the last \d(\.\d)? s of the load/);
  t.deepEqual(await leftBehind(world), [], "a stopped part goes with the others");
});

testNeeding(["namespaces", "k6"], "a target that accepts and never answers: no request, why, exit 4", async (t) => {
  const accepts = "require('node:net').createServer(() => {}).listen(process.env.PORT, process.env.LISTEN_HOST)";
  const world = await openQuickWorld(t, 1, (suite) => {
    suite.setIn(["target", "command"], ["node", "-e", accepts]);
    suite.setIn(["target", "ready"], { tcp: true, within: "10s" });
  });
  const { exitCode, stderr } = await startRun(world, baselineOnly);
  t.is(exitCode, 4, stderr);
  t.like(onlyRun(world).trials[0], {
    valid: false,
    outcome: "failed",
    invalidReason: { code: "no-request-completed" },
  });
  t.deepEqual(await leftBehind(world), []);
});

testNeeding(
  ["namespaces", "k6"],
  "the way of k6's numbers is cut: the load ends within seconds, invalid",
  async (t) => {
    const world = await openQuickWorld(t, 30, (suite) => suite.setIn(["load", "rate"], "100/s"));
    const run = startRun(world, baselineOnly);
    await served(world, 50);
    await loopback(await pidOf(world, "k6"), "down");
    const { exitCode, stderr } = await run;
    t.is(exitCode, 4, stderr);
    const { folder, trials } = onlyRun(world);
    const [trial] = trials;
    t.like(trial, {
      valid: false,
      invalidReason: { code: "generator-died", death: { kind: "silent", seconds: 5, begun: true } },
    });
    t.true((trial?.loadSeconds ?? 30) < 20, "not the 30 s that were asked for");
    t.true(existsSync(join(folder, "trials", "001-b1-baseline", "k6.log")), "k6's own words are kept");
    t.deepEqual(await leftBehind(world), []);
  },
);

testNeeding(
  ["namespaces", "k6"],
  "exports that are answered with 500 are lost: invalid, how many, exit 4",
  async (t) => {
    const world = await openQuickWorld(t, 2);
    const preloaded = treeFile("test/fixtures/faults/refused-exports.ts");
    const { exitCode, stderr } = await runWhole(world, baselineOnly, { preloaded });
    t.is(exitCode, 4, stderr);
    const [trial] = onlyRun(world).trials;
    t.like(trial, { valid: false, outcome: "failed", invalidReason: { code: "exports-lost" } });
    t.true((trial?.load.exports.failed ?? 0) > 0);
  },
);

testNeeding(["namespaces", "k6"], "a harness killed while a part is stopped leaves nothing either", async (t) => {
  const before = machineState();
  const world = await openQuickWorld(t, 10);
  const run = startRun(world, baselineOnly);
  await served(world, 50);
  process.kill(await pidOf(world, "k6"), "SIGSTOP");
  process.kill(await pidOf(world, "target.ts"), "SIGSTOP");
  const networks = networksOf(world);
  run.kill("SIGKILL");
  await run;
  t.deepEqual(await leftBehind(world, networks), []);
  t.deepEqual(machineState(), before);
});
