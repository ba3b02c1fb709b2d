/** A disk that is full, or read-only, at each stage of a run: exit 4 with words, what was finished kept, nothing half left. */
import { readdirSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import type { ExecutionContext } from "ava";
import { isDisturbed } from "../../harness/results/disturbance.ts";
import { readRun } from "../../harness/results/read.ts";
import { leftBehind } from "../helpers/left-behind.ts";
import { testNeeding } from "../helpers/parts.ts";
import { openQuickWorld, served } from "../helpers/quick-world.ts";
import { openSmallDisk, type SmallDisk } from "../helpers/small-disk.ts";
import { storeRun } from "../helpers/stored-run.ts";
import { runWhole, startRun, startTunebench, type World } from "../helpers/whole-run.ts";

const kib = 1024;

/** Room left before the run begins, and what it is enough for; all that lies between the two: test/soak/faults-disk.test.ts. */
const before: Record<string, number> = {
  "nothing: the run's folder": 0,
  "run.json, its mark and the bundled script, not the copy of the suite": 32 * kib,
};

testNeeding(
  ["namespaces", "k6"],
  "no room for what comes before the first trial: exit 4, and no run is left",
  async (t) => {
    for (const [stage, bytes] of Object.entries(before)) {
      const { world, disk } = await worldOnDisk(t);
      disk.fill(bytes);
      const { exitCode, stderr, stdout } = await runWhole(world, onDisk(world), disk);
      t.is(exitCode, 4, `${stage}: ${stderr}`);
      t.regex(
        stderr,
        /^(?:whole: .*\n(?: {2}.*\n)*)?tunebench: can't write results into .*ENOSPC.*\n {2}name another folder with --results DIR$/,
        stage,
      );
      t.is(stdout, "");
      t.deepEqual(runsOn(disk), [], stage);
    }
  },
);

testNeeding(["namespaces", "k6"], "full in the second trial: the first is kept and told, exit 4", async (t) => {
  const { world, disk } = await worldOnDisk(t, 2);
  const run = startRun(world, onDisk(world), disk);
  await served(world, 50);
  await firstStored(disk);
  await served(world, 50);
  disk.fill(0);
  const { exitCode, stderr, stdout } = await run;
  t.is(exitCode, 4, stderr);
  t.is(stdout, "", "no report was written");
  t.regex(stderr, /\ntunebench: can't write results into .*ENOSPC.*\n {2}name another folder with --results DIR$/);
  const { run: record, trials, unreadable } = readRun(disk.seen(runsOn(disk)[0] ?? ""));
  t.deepEqual(unreadable, []);
  t.is(trials.length, 1);
  // Beside another load it may not keep up with what is asked.
  const told = trials.some(isDisturbed) ? /The baseline (?:never broke|kept up to)/ : /The baseline never broke/;
  t.regex(stderr, told, "the summary is told all the same");
  t.like(trials[0], { sequence: 1, valid: true });
  t.true(record.ended === null || record.ended.reason === "failed");
  t.deepEqual(readdirSync(disk.seen(runsOn(disk)[0] ?? "", "trials")), ["001-b1-baseline"], "no half trial");
  t.deepEqual(await leftBehind(world), []);
  disk.empty();
  const resumed = await startTunebench(world, ["resume", "latest", "--results", world.out], disk);
  t.is(resumed.exitCode, 0, String(resumed.stderr));
  const after = readRun(disk.seen(runsOn(disk)[0] ?? ""));
  t.is(after.run.ended?.reason, "done");
  t.deepEqual(after.trials.slice(0, 1), trials, "what was finished stays as it was");
  t.like(after.trials[1], { sequence: 2, valid: true });
});

testNeeding(["namespaces", "k6"], "room for the trial, not for the reports: the summary is told, exit 4", async (t) => {
  const { world, disk } = await worldOnDisk(t);
  const run = startRun(world, [...onDisk(world), "--profiles", "baseline"], disk);
  await served(world, 50);
  disk.fill(80 * kib);
  const { exitCode, stderr, stdout } = await run;
  t.is(exitCode, 4, stderr);
  t.is(stdout, "");
  // Beside another load it may not keep up with what is asked.
  t.regex(stderr, /run done: 1 of 1 [\s\S]*The baseline (?:never broke|kept up to)/);
  t.regex(stderr, /\ntunebench: can't write results into .*ENOSPC/);
  const [id = ""] = runsOn(disk);
  t.is(readRun(disk.seen(id)).run.ended?.reason, "done");
  t.deepEqual(
    readdirSync(disk.seen(id)).filter((name) => name.includes(".partial-")),
    [],
  );
});

testNeeding(["namespaces", "k6"], "a read-only disk: no run begins; a stored one can still be read", async (t) => {
  const { world, disk } = await worldOnDisk(t);
  const options = [...onDisk(world), "--profiles", "baseline"];
  storeRun(disk.seen());
  await disk.readOnly();
  const { exitCode, stderr } = await runWhole(world, options, disk);
  t.is(exitCode, 4, stderr);
  t.regex(
    stderr,
    /^(?:whole: .*\n(?: {2}.*\n)*)?tunebench: can't write results into .*EROFS.*\n {2}name another folder with --results DIR$/,
  );
  const again = await startTunebench(world, ["report", "latest", "--results", world.out], disk);
  t.is(again.exitCode, 4, String(again.stderr));
  t.notRegex(String(again.stderr), /\n {4}at /);
  const printed = await startTunebench(world, ["report", "latest", "--results", world.out, "--format", "md"], disk);
  t.is(printed.exitCode, 0, String(printed.stderr));
});

async function worldOnDisk(t: ExecutionContext, seconds = 1): Promise<{ world: World; disk: SmallDisk }> {
  const world = await openQuickWorld(t, seconds);
  return { world, disk: await openSmallDisk(t, world, 8 * kib * kib) };
}

/** An absolute path: the harness's own folder is not on the disk. */
function onDisk(world: World): string[] {
  return ["--results", world.out];
}

/** What lies beside the runs too, but for the helper's own file. */
function runsOn(disk: SmallDisk): string[] {
  return readdirSync(disk.seen()).filter((name) => name !== ".filler");
}

/** Waits until a trial has its name. */
async function firstStored(disk: SmallDisk): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!readdirSync(disk.seen(runsOn(disk)[0] ?? "", "trials")).includes("001-b1-baseline")) {
    if (performance.now() > deadline) throw new Error("no first trial within a minute");
    await wait(20);
  }
}
