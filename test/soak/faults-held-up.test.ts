/** A generator and a harness that stand still for longer than a test may take every time, and two runs at once. */
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { readRun } from "../../harness/results/read.ts";
import { leftBehind } from "../helpers/left-behind.ts";
import { testNeeding } from "../helpers/parts.ts";
import { openQuickWorld, pidOf, served } from "../helpers/quick-world.ts";
import { onlyRun, runWhole, startRun } from "../helpers/whole-run.ts";

const baselineOnly = ["--profiles", "baseline"];

testNeeding(["namespaces", "k6"], "k6 hangs: the load ends within seconds, invalid", async (t) => {
  const world = await openQuickWorld(t, 60);
  const run = startRun(world, baselineOnly);
  await served(world, 200);
  process.kill(await pidOf(world, "k6"), "SIGSTOP");
  const { exitCode, stderr } = await run;
  t.is(exitCode, 4, stderr);
  const [trial] = onlyRun(world).trials;
  t.like(trial, { valid: false, invalidReason: { code: "generator-died", death: { kind: "silent", seconds: 5 } } });
  t.true((trial?.loadSeconds ?? 60) < 30, "not the 60 s that were asked for");
  t.deepEqual(await leftBehind(world), []);
});

testNeeding(["namespaces", "k6"], "a setup() without an end: the load ends in order, invalid", async (t) => {
  const world = await openQuickWorld(t, 1);
  const endless = `export const options = { setupTimeout: "10h" };\nexport function setup() { for (;;); }\nexport default () => {};\n`;
  writeFileSync(join(world.suite, "load.ts"), endless);
  const { exitCode, stderr } = await startRun(world, baselineOnly);
  t.is(exitCode, 4, stderr);
  const [trial] = onlyRun(world).trials;
  t.deepEqual(trial?.invalidReason, { code: "generator-died", death: { kind: "unending", seconds: 63 } });
  t.deepEqual(await leftBehind(world), []);
});

testNeeding(
  ["namespaces", "k6"],
  "the harness itself is held up for eight seconds: invalid, not a measurement",
  async (t) => {
    const world = await openQuickWorld(t, 12);
    const run = startRun(world, baselineOnly);
    await served(world, 400);
    run.kill("SIGSTOP");
    await wait(8000);
    run.kill("SIGCONT");
    const { exitCode, stderr } = await run;
    t.is(exitCode, 4, stderr);
    const [trial] = onlyRun(world).trials;
    t.like(trial, { valid: false, outcome: "failed", invalidReason: { code: "not-watched", watcher: "harness" } });
    t.deepEqual(await leftBehind(world), []);
  },
);

testNeeding(["namespaces", "k6"], "two runs at once, each in a folder of its own", async (t) => {
  const world = await openQuickWorld(t, 3);
  const outs = ["one", "two"].map((name) => join(world.folder, name));
  const ends = await Promise.all(outs.map((out) => runWhole(world, [...baselineOnly, "--results", out])));
  for (const { exitCode, stderr } of ends) t.is(exitCode, 0, stderr);
  for (const out of outs) {
    const [id = "", ...more] = readdirSync(out);
    t.deepEqual(more, []);
    const { trials, unreadable } = readRun(join(out, id));
    t.deepEqual(unreadable, []);
    t.like(trials[0], { valid: true, outcome: "held" });
  }
  t.deepEqual(await leftBehind(world), []);
});
