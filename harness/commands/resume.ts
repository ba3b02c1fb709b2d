import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { InputError } from "../core/errors.ts";
import { type Screen, screenOf } from "../core/screen.ts";
import { calibrationSuite } from "../experiment/calibration.ts";
import { digestsOf } from "../experiment/copy-suite.ts";
import { findSuite } from "../experiment/find-suite.ts";
import { reopenRun } from "../experiment/open-run.ts";
import { gatherProvenance } from "../experiment/provenance.ts";
import { addedFiles, assertSameMachine, assertSameRoutes } from "../experiment/resume-checks.ts";
import { nextTrial } from "../experiment/schedule.ts";
import { makePlan, type Plan } from "../plan/make-plan.ts";
import { readRun, type StoredRun } from "../results/read.ts";
import type { RunRecord } from "../results/run.ts";
import { assertNotRunning } from "../results/running.ts";
import type { Cluster } from "../suite/cluster.ts";
import { loadSuite } from "../suite/load-suite.ts";
import type { Suite } from "../suite/suite.ts";
import { carryOut, interimJudge, present, runExitCode } from "./carry-out.ts";
import { chosenCluster } from "./chosen-cluster.ts";
import { chosenRun } from "./chosen-run.ts";
import { findPlan } from "./find-plan.ts";
import type { ReportOptions } from "./report.ts";
import type { RunChoice } from "./results-option.ts";
import { type RunOptions, readAgain, readyTestbed } from "./run.ts";
import { withScript } from "./with-script.ts";

/**
 * `tunebench resume`: goes on with a run that was cut off, in the same order and with the same things; what is finished stays as
 * it is. A run that is done is told so, with its report, unless trials of it were deleted.
 */
export async function resume(reference: string, options: Omit<RunOptions, "cluster"> & RunChoice): Promise<number> {
  const screen = screenOf(process.stderr);
  const folder = resolve(chosenRun(reference, options));
  assertNotRunning(folder);
  const stored = readRun(folder);
  if (isDone(stored)) return sayDone(stored, screen, options);
  const { run } = stored;
  const suite = await withScript(await suiteOf(run), options);
  const added = addedFiles(run, digestsOf(suite, dirname(folder)).digests);
  const { clusterFile, cluster: name } = run.provenance.environment;
  const cluster = await chosenCluster(suite, clusterFile ?? name);
  const plan = planAgain(suite, run, cluster);
  const testbed = await readyTestbed({ suite, plan, cluster }, options, screen);
  assertSameMachine(run, gatherProvenance(testbed.describe(), cluster));
  assertSameRoutes(run, suite, testbed.describe().route);
  const { suite: read } = await readAgain({ suite, plan, cluster }, options, screen);
  // Automatic ones follow from the latest run, which is this one now: all its trials have the same.
  const load = { ...read.load, virtualUsers: run.load.virtualUsers };
  return carryOut(
    { suite: { ...read, load }, plan, testbed, open: () => reopenRun(folder, suite, added) },
    screen,
    options,
  );
}

/** What was deleted of a run that was done is still to run; what can't be read, too (reopenRun says what to do about it). */
function isDone({ run, trials }: StoredRun): boolean {
  return run.ended?.reason === "done" && !("sequence" in nextTrial(run, trials, interimJudge));
}

async function sayDone(stored: StoredRun, screen: Screen, options: ReportOptions): Promise<number> {
  screen.write(`tunebench: the run ${stored.run.id} is done: nothing is left to resume\n`);
  await present(stored, screen, options);
  return runExitCode(stored, screen);
}

async function suiteOf({ suiteFile, kind, id, experiment }: RunRecord): Promise<Suite> {
  if (!existsSync(suiteFile)) {
    throw new InputError(`the run ${id} can't be resumed: its suite is gone`, { hint: `it was run from ${suiteFile}` });
  }
  const suite = await loadSuite(suiteFile, process.env);
  if (experiment.kind === "find") return findSuite(suite, experiment);
  return kind === "calibration" ? calibrationSuite(suite) : suite;
}

/** As the run was planned; the order that counts is the one in its record. */
function planAgain(suite: Suite, run: RunRecord, cluster: Cluster | null): Plan {
  const { profiles, blocks, seed, provenance, experiment } = run;
  if (experiment.kind === "find") return findPlan(suite, experiment, provenance.memoryBytes, cluster);
  const known = suite.profiles.map(({ name }) => name);
  const names = profiles.map(({ name }) => name).filter((name) => known.includes(name));
  return makePlan(suite, { profiles: names, blocks, seed, memoryBytes: provenance.memoryBytes, cluster });
}
