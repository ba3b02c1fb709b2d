import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import type { Document } from "yaml";
import { isDisturbed } from "../../harness/results/disturbance.ts";
import type { StoredRun } from "../../harness/results/read.ts";
import type { TrialRecord } from "../../harness/results/trial.ts";
import { treeFile } from "./cli.ts";
import { leftBehind } from "./left-behind.ts";
import { onlyRun, openWorld, said, startRun, startTunebench } from "./whole-run.ts";

/** A search of test/fixtures/search, which is interrupted in a trial and taken up again. */
export interface KnownSearch {
  edit?: (suite: Document) => void;
  interruptedIn: number;
  /** Profile -> the rate that its servers of 10 ms allow. */
  limits: Record<string, number>;
}

/** Runs it to its end: what was finished stays as it was, and each profile's answer is what arithmetic says. Gives what was said. */
export async function findsWhatIsKnown(
  t: ExecutionContext,
  known: KnownSearch,
): Promise<{ stderr: string; report: string }> {
  const { edit = () => {}, interruptedIn, limits } = known;
  const world = await openWorld(t, { from: treeFile("test/fixtures/search"), edit });
  const run = startRun(world);
  await said(run, new RegExp(`trial ${interruptedIn} of up to .* started`));
  run.kill("SIGINT");
  t.is((await run).exitCode, 130);
  const before = onlyRun(world);
  t.is(before.trials.length, interruptedIn - 1);
  t.true(before.trials.some(({ purpose }) => purpose === "search"));
  const { exitCode, stderr } = await startTunebench(world, ["resume", "latest"]);
  t.is(exitCode, 0, stderr);
  t.log(stderr);
  const stored = onlyRun(world);
  t.deepEqual(stored.trials.slice(0, interruptedIn - 1), before.trials, "finished steps are untouched");
  for (const [profile, limit] of Object.entries(limits)) isKnown(t, stored, profile, limit);
  t.deepEqual(await leftBehind(world), []);
  return { stderr, report: readFileSync(join(stored.folder, "report.md"), "utf8") };
}

/** `limit`: servers over the service time, which no service can exceed. */
function isKnown(t: ExecutionContext, { trials, run }: StoredRun, profile: string, limit: number): void {
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
