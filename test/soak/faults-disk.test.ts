/**
 * A disk with room for ever more of a run, in steps of 16 KiB, so that it is full at every stage once: the run's folder, the
 * bundled script, the suite's copy, a trial's logs and records, run.json at the end, each of the reports.
 */
import { readdirSync } from "node:fs";
import { readRun, readSeries } from "../../harness/results/read.ts";
import { leftBehind, strayFiles } from "../helpers/left-behind.ts";
import { testNeeding } from "../helpers/parts.ts";
import { openQuickWorld } from "../helpers/quick-world.ts";
import { openSmallDisk } from "../helpers/small-disk.ts";
import { runWhole } from "../helpers/whole-run.ts";

const stepBytes = 16 * 1024;
const mostSteps = 60;

testNeeding(["namespaces", "k6"], "a disk that is full at every stage of a run once", async (t) => {
  t.timeout(mostSteps * 60_000);
  const seen = { noRun: 0, noTrial: 0, noReport: 0 };
  for (let step = 0; step < mostSteps; step += 1) {
    const left = `${(step * stepBytes) / 1024} KiB left`;
    const world = await openQuickWorld(t);
    const disk = await openSmallDisk(t, world, 8 * 1024 * 1024);
    disk.fill(step * stepBytes);
    const { exitCode, stderr } = await runWhole(world, ["--profiles", "baseline", "--results", world.out], disk);
    t.notRegex(stderr, /\n {4}at |this is a bug/, left);
    t.deepEqual(await leftBehind(world), [], left);
    t.deepEqual(strayFiles(world), [], left);
    const [id] = readdirSync(disk.seen()).filter((name) => name !== ".filler");
    const stored = id === undefined ? null : readRun(disk.seen(id));
    t.deepEqual(stored?.unreadable ?? [], [], left);
    for (const trial of stored?.trials ?? []) t.true(readSeries(stored?.folder ?? "", trial).windows.length > 0, left);
    if (exitCode === 0) {
      t.log(`enough from ${left} on; before: ${JSON.stringify(seen)}`);
      t.true(seen.noRun > 0 && seen.noTrial > 0 && seen.noReport > 0, JSON.stringify(seen));
      return;
    }
    t.is(exitCode, 4, `${left}: ${stderr}`);
    t.regex(stderr, /can't write results into .*ENOSPC/, left);
    if (stored === null) seen.noRun += 1;
    else if (stored.trials.length === 0) seen.noTrial += 1;
    else seen.noReport += 1;
  }
  t.fail("the disk was never large enough");
});
