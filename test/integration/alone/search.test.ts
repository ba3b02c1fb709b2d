/** A search for a rate that is known by arithmetic, ended in the middle and taken up again. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import { isDisturbed } from "../../../harness/results/disturbance.ts";
import type { StoredRun } from "../../../harness/results/read.ts";
import type { TrialRecord } from "../../../harness/results/trial.ts";
import { treeFile } from "../../helpers/cli.ts";
import { leftBehind } from "../../helpers/left-behind.ts";
import { testNeeding } from "../../helpers/parts.ts";
import { onlyRun, openWorld, said, startRun, startTunebench } from "../../helpers/whole-run.ts";

testNeeding(
  ["namespaces", "k6"],
  "a search finds the rate that k servers of 10 ms allow, and goes on where it was interrupted",
  async (t) => {
    const world = await openWorld(t, { from: treeFile("test/fixtures/search") });
    const run = startRun(world);
    await said(run, /trial 4 of up to .* started/);
    run.kill("SIGINT");
    t.is((await run).exitCode, 130);
    const before = onlyRun(world);
    t.is(before.trials.length, 3);
    t.true(before.trials.some(({ purpose }) => purpose === "search"));
    const { exitCode, stderr } = await startTunebench(world, ["resume", "latest"]);
    t.is(exitCode, 0, stderr);
    t.log(stderr);
    const stored = onlyRun(world);
    t.deepEqual(stored.trials.slice(0, 3), before.trials, "finished steps are untouched");
    findsWhatIsKnown(t, stored, "baseline", 100);
    findsWhatIsKnown(t, stored, "two", 200);
    t.regex(stderr, /two 120\/s kept/);
    t.regex(readFileSync(join(stored.folder, "report.md"), "utf8"), /\| two\b.*? \| \*\*[\d.]+\/s\*\*/);
    t.deepEqual(await leftBehind(world), []);
  },
);

/** `limit`: servers over the service time, which no service can exceed. */
function findsWhatIsKnown(t: ExecutionContext, { trials, run }: StoredRun, profile: string, limit: number): void {
  const own = trials.filter((trial) => trial.profile === profile);
  const last = own.at(-1) as TrialRecord;
  t.deepEqual(
    own.map(({ purpose }) => purpose),
    [...own.slice(1).map(() => "search"), "compare"],
  );
  t.deepEqual(
    last.search?.steps.map(({ sequence }) => sequence),
    own.filter(({ valid }) => valid).map(({ sequence }) => sequence),
  );
  const found = last.measures.sustainableRatePerSecond ?? 0;
  t.true(found <= limit * 1.01, `${profile}: ${found}/s of at most ${limit}/s`);
  // Beside another load the goals are missed earlier; but what was found was kept.
  const least = own.some(isDisturbed) ? 0 : limit * 0.55;
  t.true(found > least, `${profile}: ${found}/s of at most ${limit}/s`);
  t.true(run.experiment.kind === "search" && own.length <= run.experiment.objective.steps);
  t.like(last.search, { lowerBound: false, sustainableRatePerSecond: found });
}
