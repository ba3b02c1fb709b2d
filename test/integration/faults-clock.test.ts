/** The machine's wall clock is set while a trial runs. What is measured must be the same; only names and dates may jump. */
import type { ExecutionContext } from "ava";
import { isDisturbed } from "../../harness/results/disturbance.ts";
import { readSeries } from "../../harness/results/read.ts";
import { treeFile, tunebench } from "../helpers/cli.ts";
import { testNeeding } from "../helpers/parts.ts";
import { askedPerSecond, openQuickWorld } from "../helpers/quick-world.ts";
import { onlyRun, runWhole, type World } from "../helpers/whole-run.ts";

testNeeding(["namespaces", "k6"], "a wall clock that jumps by hours changes no measurement", async (t) => {
  const world = await openQuickWorld(t, 3);
  const preloaded = treeFile("test/fixtures/faults/jumping-clock.ts");
  const { exitCode, stderr } = await runWhole(world, ["--profiles", "baseline"], { preloaded });
  t.is(exitCode, 0, stderr);
  provesTheTimes(t, world);
  const { run, trials, folder } = onlyRun(world);
  const dates = [run.startedAt, run.ended?.at, trials[0]?.startedAt];
  for (const date of dates) t.true(Math.abs(Date.parse(date ?? "") - Date.now()) > 3_600_000, `${date} did not jump`);
  t.like(trials[0], { valid: true, stoppedBy: { criterion: "after" } });
  // Beside another load not all requests find a free user: that is no matter of the clock.
  const outcomes = trials.some(isDisturbed) ? ["held", "saturated"] : ["held"];
  t.true(outcomes.includes(trials[0]?.outcome ?? ""), trials[0]?.outcome);
  t.is((await tunebench(["report", folder, "--format", "terminal"])).exitCode, 0);
});

/** Borders of windows, samples and events on one clock; the rate that was asked for, by that clock. */
function provesTheTimes(t: ExecutionContext, world: World): void {
  const { folder, trials } = onlyRun(world);
  const [trial] = trials;
  if (trial === undefined) throw new Error("no trial was stored");
  const { windows, samples, events } = readSeries(folder, trial);
  const idleMs = trial.load.idleMs ?? 0;
  t.true(windows.length >= 6, `${windows.length} windows of 500 ms in 3 s`);
  for (const [index, { startMs, endMs }] of windows.entries()) {
    t.true(startMs >= 0 && endMs >= startMs && endMs <= idleMs, `window from ${startMs} to ${endMs}`);
    t.is(startMs, index === 0 ? startMs : (windows[index - 1]?.endMs ?? 0));
  }
  for (const { atMs } of samples) t.true(atMs >= 0 && atMs <= idleMs + 1000, `a sample at ${atMs}`);
  t.deepEqual(
    events.map(({ kind }) => kind),
    ["load-started", "stop-decided", "generator-idle"],
  );
  t.true(events.every(({ atMs }, index) => atMs >= (events[index - 1]?.atMs ?? 0)));
  const perSecond = askedPerSecond(windows);
  // Beside another load requests come in gusts; a clock that had jumped would show in factors.
  t.true(Math.abs(perSecond - 400) < (isDisturbed(trial) ? 120 : 20), `${perSecond}/s of 400/s`);
  t.true(Math.abs((trial.stoppedBy?.atSeconds ?? 0) - 3) < 1, "stopped by the monotonic clock");
}
