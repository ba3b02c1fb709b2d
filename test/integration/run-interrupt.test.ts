/** Runs that are ended in order before their end: what was finished stays, nothing else does. SIGKILL: faults-sigkill. */
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import { tunebench } from "../helpers/cli.ts";
import { leftBehind, networksOf, strayFiles } from "../helpers/left-behind.ts";
import { testNeeding } from "../helpers/parts.ts";
import { openQuickWorld, pidOf } from "../helpers/quick-world.ts";
import { onlyRun, said, startRun, type World } from "../helpers/whole-run.ts";

testNeeding(["namespaces", "k6"], "SIGINT in the second trial: the first is kept and reported, exit 130", async (t) => {
  const world = await openQuickWorld(t, 2);
  const run = startRun(world);
  await said(run, /trial 2\/2 .* started/);
  await pidOf(world, "k6");
  run.kill("SIGINT");
  const { exitCode, stdout, stderr } = await run;
  t.is(exitCode, 130, String(stderr));
  const { folder, run: record, trials, unreadable } = onlyRun(world);
  t.is(trials.length, 1);
  t.deepEqual(unreadable, []);
  t.is(record.ended?.reason, "interrupted");
  t.is(stdout, join(folder, "report.html"));
  t.regex(readFileSync(join(folder, "report.html"), "utf8"), /interrupted/i);
  t.deepEqual(readdirSync(join(folder, "trials")), [`001-b1-${trials[0]?.profile}`], "no half trial");
  await nothingLeft(t, world);
});

testNeeding(["namespaces", "k6"], "SIGTERM: exit 143, in order; a clean beside it took nothing", async (t) => {
  const world = await openQuickWorld(t, 20);
  const run = startRun(world);
  await pidOf(world, "k6");
  const clean = await tunebench(["clean", "--results", world.out], { env: world.env });
  t.like(clean, { exitCode: 0, stdout: "" });
  t.regex(clean.stderr, /is under way: left as it is/);
  run.kill("SIGTERM");
  const { exitCode, stderr } = await run;
  t.is(exitCode, 143, String(stderr));
  t.is(onlyRun(world).run.ended?.reason, "interrupted");
  t.deepEqual(readdirSync(join(onlyRun(world).folder, "trials")), []);
  t.false(existsSync(join(onlyRun(world).folder, ".running")));
  await nothingLeft(t, world);
});

testNeeding(["namespaces", "k6"], "SIGHUP, the end of a terminal, is as orderly: exit 129", async (t) => {
  const world = await openQuickWorld(t, 20);
  const run = startRun(world);
  await pidOf(world, "k6");
  run.kill("SIGHUP");
  const { exitCode, stderr } = await run;
  t.is(exitCode, 129, String(stderr));
  t.is(onlyRun(world).run.ended?.reason, "interrupted");
  t.deepEqual(readdirSync(join(onlyRun(world).folder, "trials")), []);
  await nothingLeft(t, world);
});

testNeeding(["namespaces", "k6"], "a second SIGINT ends at once", async (t) => {
  const world = await openQuickWorld(t, 20);
  const run = startRun(world);
  await pidOf(world, "k6");
  const networks = networksOf(world);
  run.kill("SIGINT");
  await said(run, /again to end at once/);
  run.kill("SIGINT");
  const { exitCode } = await run;
  t.is(exitCode, 130);
  t.deepEqual(await leftBehind(world, networks), []);
  await tunebench(["clean", "--results", world.out], { env: world.env });
  t.deepEqual(strayFiles(world), []);
});

testNeeding(
  ["namespaces", "k6"],
  "a trial that can't be stored ends the run; what was finished is reported",
  async (t) => {
    const world = await openQuickWorld(t);
    const run = startRun(world);
    await said(run, /trial 2\/2 .* started/);
    const { folder, run: record } = onlyRun(world);
    const inTheWay = `002-b1-${record.order[1]?.profile}`;
    mkdirSync(join(folder, "trials", inTheWay, "something"), { recursive: true });
    const { exitCode, stdout, stderr } = await run;
    t.is(exitCode, 4, stderr);
    t.is(stdout, join(folder, "report.html"));
    t.regex(stderr, /\ntunebench: can't write results into .*\n {2}name another folder with --results DIR$/);
    t.like(onlyRun(world), { trials: [{ sequence: 1, valid: true }], run: { ended: { reason: "failed" } } });
    await nothingLeft(t, world);
  },
);

async function nothingLeft(t: ExecutionContext, world: World): Promise<void> {
  t.deepEqual(await leftBehind(world), []);
  t.deepEqual(strayFiles(world), []);
  t.deepEqual(
    readdirSync(world.out).filter((name) => name.includes(".partial-")),
    [],
  );
}
