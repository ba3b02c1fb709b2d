/** A generator and a harness that stand still for longer than a test may take every time, and two runs at once. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { readRun, readSeries } from "../../harness/results/read.ts";
import { leftBehind } from "../helpers/left-behind.ts";
import { testNeeding } from "../helpers/parts.ts";
import { askedPerSecond, loopback, openQuickWorld, pidOf, served } from "../helpers/quick-world.ts";
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

testNeeding(
  ["namespaces", "k6"],
  "k6's numbers are held up for a moment: none is lost, and none is counted twice",
  async (t) => {
    const world = await openQuickWorld(t, 4);
    const run = startRun(world, baselineOnly);
    await served(world, 200);
    const k6 = await pidOf(world, "k6");
    await loopback(k6, "down");
    await served(world, 900);
    await loopback(k6, "up");
    const { exitCode, stderr } = await run;
    t.is(exitCode, 0, stderr);
    const { folder, trials } = onlyRun(world);
    const [trial] = trials;
    t.like(trial, { valid: true, load: { exports: { failed: 0 } } });
    if (trial === undefined) return;
    const { windows } = readSeries(folder, trial);
    const perSecond = askedPerSecond(windows);
    t.true(Math.abs(perSecond - 400) < 20, `${perSecond}/s of 400/s`);
  },
);

testNeeding(
  ["namespaces", "k6"],
  "the harness stands still while its target waits to be read: told, and no wall",
  async (t) => {
    const world = await openQuickWorld(t, 5);
    const target = join(world.suite, "target.ts");
    // Node writes to a pipe at once, and waits where it is full (64 KiB).
    const chatty = 'setInterval(() => console.log("x".repeat(4096)), 10);\n';
    writeFileSync(target, `${readFileSync(target, "utf8")}\n${chatty}`);
    const run = startRun(world, baselineOnly);
    await served(world, 200);
    run.kill("SIGSTOP");
    await wait(3000);
    run.kill("SIGCONT");
    const { exitCode, stderr } = await run;
    t.is(exitCode, 0, stderr);
    const [trial] = onlyRun(world).trials;
    t.like(trial, { valid: true, fault: null, stoppedBy: { criterion: "after" } });
    const told = trial?.caveats.find(({ code }) => code === "harness-stood-still");
    t.true(told?.code === "harness-stood-still" && told.ms >= 3000);
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
    t.like(trials[0], { valid: true, fault: null });
  }
  t.deepEqual(await leftBehind(world), []);
});
