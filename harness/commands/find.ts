import { randomInt } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { totalmem } from "node:os";
import { InputError } from "../core/errors.ts";
import { didYouMean } from "../core/nearest.ts";
import { type Screen, screenOf } from "../core/screen.ts";
import { printable } from "../core/text.ts";
import { durationAllowed, parseDurationMs } from "../core/units.ts";
import { findOfSuite, findRoles, findSuite } from "../experiment/find-suite.ts";
import { changesOf } from "../find/arm.ts";
import { findCandidates } from "../find/candidates.ts";
import { conclude } from "../find/conclude.ts";
import { observedTrials } from "../find/from-trials.ts";
import { sysctlKeyProblem } from "../knowledge/keys.ts";
import { settingOf, settings } from "../knowledge/settings.ts";
import { describeFind } from "../report/plan/describe-find.ts";
import type { Find, LeftOut } from "../results/find.ts";
import { readRun } from "../results/read.ts";
import type { Cluster } from "../suite/cluster.ts";
import { upstreamOf } from "../suite/factor-key.ts";
import { loadSuite } from "../suite/load-suite.ts";
import type { Suite } from "../suite/suite.ts";
import { chosenCluster } from "./chosen-cluster.ts";
import { findPlan, findTrialSeconds } from "./find-plan.ts";
import { type Refused, refusedIn } from "./find-refusals.ts";
import { oneOf } from "./one-of.ts";
import { withScript } from "./read-script.ts";
import { beginRun, type RunOptions, readAgain, readyTestbed } from "./run.ts";
import { writeFound } from "./write-found.ts";

interface FindOptions extends RunOptions {
  /** In place of the catalogue's. */
  keys?: string[];
  /** `20m` */
  budget: string;
  seed?: number;
  /** Folder for a suite with what was found. */
  write?: string;
}

/**
 * `tunebench find`: which settings help a service, which don't, and what else it needs. Profiles that the suite has are left out. Exit 0
 * where it was carried out, whatever it came to.
 */
export async function find(path: string, options: FindOptions): Promise<number> {
  const keys = options.keys ?? null;
  const budgetMs = budgetMsOf(options.budget);
  const suite = await withScript(await loadSuite(path, process.env), options);
  checkSuite(suite);
  for (const key of keys ?? []) checkKey(suite, key);
  checkFolder(options.write);
  const cluster = await chosenCluster(suite, options.cluster);
  const screen = screenOf(process.stderr);
  const seed = options.seed ?? suite.seed ?? randomInt(2 ** 32);
  const choice = { keys, budgetMs, seed };
  const first = findOf(suite, choice, []);
  const trialSeconds = findTrialSeconds(findSuite(suite, first), first, totalmem(), cluster);
  screen.write(describeFind(suite, first, { width: screen.width, trialSeconds }));
  const testbed = await readyTestbed(chosen(suite, first, cluster), options, screen);
  const taken = findOf(suite, choice, await refusedIn(testbed, suite, first, screen));
  const write = options.write;
  const then = write === undefined ? undefined : (folder: string) => writeSuite(folder, suite, write, screen);
  return beginRun(
    "experiment",
    { ...(await readAgain(chosen(suite, taken, cluster), options)), testbed },
    screen,
    options,
    then,
  );
}

function chosen(suite: Suite, find: Find, cluster: Cluster | null) {
  const own = findSuite(suite, find);
  return { suite: own, plan: findPlan(own, find, totalmem(), cluster), cluster };
}

/** What is tried, but for what was refused: neither of the candidates nor where a finding names it. */
function findOf(
  suite: Suite,
  { keys, ...fixed }: Pick<Find, "budgetMs" | "seed"> & { keys: string[] | null },
  refused: Refused[],
): Find {
  const own = findOfSuite(suite);
  const { conditions, listening } = own;
  const { candidates, leftOut } = findCandidates({ keys, conditions, listening, refused });
  const isTold = ({ role, key }: Refused) => leftOut.some((one) => one.role === role && one.key === key);
  const unnamed = refused
    .filter((one) => !isTold(one))
    .map(({ role, key, words }): LeftOut => ({ role, key, why: { code: "refused", words } }));
  return { kind: "find", ...own, ...fixed, mostTrials: null, candidates, leftOut: [...leftOut, ...unnamed] };
}

/** What was found, as a suite; nothing where nothing was. */
function writeSuite(run: string, suite: Suite, folder: string, screen: Screen): void {
  const { run: record, trials } = readRun(run);
  if (record.experiment.kind !== "find") return;
  const { settings: target, upstreams, levers } = conclude(record.experiment, observedTrials(trials));
  const arm = { target, upstreams, levers };
  if (changesOf(arm).length === 0) {
    screen.write(`tunebench: nothing was found, so no suite is written into ${printable(folder)}\n`);
    return;
  }
  writeFound(suite, record.experiment, arm, folder);
  screen.write(`tunebench: a suite with baseline and found is in ${printable(folder)}\n`);
}

/**
 * A key of the target, or upstreams.NAME.KEY.
 * @throws InputError, with the nearest spelling, where nothing is known of it, or the suite starts no such upstream
 */
function checkKey(suite: Suite, written: string): void {
  const upstream = upstreamOf(written);
  const key = upstream === null ? written : written.slice(`upstreams.${upstream}.`.length);
  if (upstream !== null) oneOf(findRoles(suite).slice(1), upstream, "upstream that is started here:");
  if (settingOf(key) !== null) return;
  const near = didYouMean(
    key,
    settings.map((setting) => setting.key),
  );
  throw new InputError(`--keys: ${sysctlKeyProblem(key) ?? `nothing is known of ${printable(key)}${near}`}`, {
    hint: "`tunebench explain` lists the settings of which it is known what to try",
  });
}

function budgetMsOf(text: string): number {
  const ms = parseDurationMs(text);
  if (ms === null) throw new InputError(`--budget: ${printable(text)} can't be used; use ${durationAllowed}`);
  return ms;
}

/**
 * Conditions ask for rates of their own, and do things to parts on purpose: there is no one load to hold arms against. Of what is installed
 * already no setting is tried.
 */
function checkSuite({ name, experiment, target }: Suite): void {
  if (target.external !== null) {
    throw new InputError(
      `the target of the suite ${name} is external: nothing of it is changed, so no setting can be tried`,
      {
        hint: "give its manifest in place of external (tunebench init --manifest FILE writes such a suite), or look at it with tunebench observe",
      },
    );
  }
  if (experiment.kind !== "conditions") return;
  throw new InputError(`the suite ${name} has conditions: a find needs one load for all its trials`, {
    hint: "give load.rate in their place, or run the suite with profiles",
  });
}

function checkFolder(folder: string | undefined): void {
  if (folder === undefined || !existsSync(folder) || readdirSync(folder).length === 0) return;
  throw new InputError(`${folder} is not empty`, { hint: "name another folder with --write DIR" });
}
