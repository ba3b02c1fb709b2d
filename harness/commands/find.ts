import { existsSync, readdirSync } from "node:fs";
import { totalmem } from "node:os";
import { InputError } from "../core/errors.ts";
import { type Screen, screenOf } from "../core/screen.ts";
import { printable } from "../core/text.ts";
import { findSuite } from "../experiment/find-suite.ts";
import { armChanges } from "../find/arm.ts";
import { conclude } from "../find/conclude.ts";
import { observedTrials } from "../find/from-trials.ts";
import { describeFind } from "../report/plan/describe-find.ts";
import type { Find } from "../results/find.ts";
import { readRun } from "../results/read.ts";
import type { Cluster } from "../suite/cluster.ts";
import { loadSuite } from "../suite/load-suite.ts";
import type { Suite } from "../suite/suite.ts";
import { chosenCluster } from "./chosen-cluster.ts";
import { type FindOptions, findChoice, findOf } from "./find-choice.ts";
import { findPlan, findTrialSeconds } from "./find-plan.ts";
import { refusedIn } from "./find-refusals.ts";
import { type RunOptions, readAgain, readyTestbed, runOnTestbed } from "./run.ts";
import { withScript } from "./with-script.ts";
import { writeFound } from "./write-found.ts";

interface FindRunOptions extends RunOptions, FindOptions {
  /** Folder for a suite with what was found. */
  write?: string;
}

/**
 * `tunebench find`: which settings help a service, which don't, and what else it needs. Profiles that the suite has are left out. Exit 0
 * where it was carried out, whatever it came to.
 */
export async function find(path: string, options: FindRunOptions): Promise<number> {
  const suite = await withScript(await loadSuite(path, process.env), options);
  const cluster = await chosenCluster(suite, options.cluster);
  const choice = findChoice(suite, cluster, options);
  checkFolder(options.write);
  const screen = screenOf(process.stderr);
  const first = findOf(suite, choice, []);
  const trialSeconds = findTrialSeconds(suite, first, totalmem(), cluster);
  screen.write(describeFind(suite, first, { width: screen.width, trialSeconds }));
  const testbed = await readyTestbed(chosen(suite, first, cluster), options, screen);
  const taken = findOf(suite, choice, await refusedIn(testbed, suite, first, screen));
  const write = options.write;
  const then = write === undefined ? undefined : (folder: string) => writeSuite(folder, suite, write, screen);
  return runOnTestbed(
    "experiment",
    { ...(await readAgain(chosen(suite, taken, cluster), options, screen)), testbed },
    screen,
    options,
    then,
  );
}

function chosen(suite: Suite, find: Find, cluster: Cluster | null) {
  const own = findSuite(suite, find);
  return { suite: own, plan: findPlan(own, find, totalmem(), cluster), cluster };
}

/** What was found, as a suite; nothing where nothing was. */
function writeSuite(run: string, suite: Suite, folder: string, screen: Screen): void {
  const { run: record, trials } = readRun(run);
  if (record.experiment.kind !== "find") return;
  const { settings: target, upstreams, levers } = conclude(record.experiment, observedTrials(trials));
  const arm = { target, upstreams, levers };
  if (armChanges(arm).length === 0) {
    screen.write(`tunebench: nothing was found, so no suite is written into ${printable(folder)}\n`);
    return;
  }
  writeFound(suite, record.experiment, arm, folder);
  screen.write(`tunebench: a suite with baseline and found is in ${printable(folder)}\n`);
}

function checkFolder(folder: string | undefined): void {
  if (folder === undefined || !existsSync(folder)) return;
  const hint = "name another folder with --write DIR";
  try {
    if (readdirSync(folder).length === 0) return;
  } catch (cause) {
    throw new InputError(`can't write into ${folder}: ${(cause as Error).message}`, { hint, cause });
  }
  throw new InputError(`${folder} is not empty`, { hint });
}
