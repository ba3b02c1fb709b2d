import { randomInt } from "node:crypto";
import { InputError } from "../core/errors.ts";
import { didYouMean } from "../core/nearest.ts";
import { printable } from "../core/text.ts";
import { durationAllowed, parseDurationMs } from "../core/units.ts";
import { findOfSuite, findRoles } from "../experiment/find-suite.ts";
import { findCandidates } from "../find/candidates.ts";
import { sysctlKeyProblem } from "../knowledge/keys.ts";
import { settingOf, settings } from "../knowledge/settings.ts";
import type { Find, LeftOut } from "../results/find.ts";
import type { Cluster } from "../suite/cluster.ts";
import { optionOf } from "../suite/command-option.ts";
import { upstreamOfKey } from "../suite/factor-key.ts";
import type { Suite } from "../suite/suite.ts";
import { oneOf } from "./one-of.ts";

/** What the user chose of a find. */
export interface FindOptions {
  /** In place of the catalogue's. */
  keys?: string[];
  /** `20m` */
  budget?: string;
  seed?: number;
}

/** The same as a find takes it. */
export interface FindChoice extends Pick<Find, "budgetMs" | "seed"> {
  keys: string[] | null;
}

/** As the command line says it. */
const defaultBudget = "20m";

/** A setting that this machine or cluster does not take, in its words. */
export interface Refused {
  role: string;
  key: string;
  words: string;
}

/** Without a seed anywhere one is drawn. Throws InputError where a find can't be made of the suite, or not of these options. */
export function findChoice(
  suite: Suite,
  cluster: Cluster | null,
  { keys, budget = defaultBudget, seed }: FindOptions,
): FindChoice {
  const budgetMs = budgetMsOf(budget);
  checkSuite(suite);
  if (cluster !== null) checkLeversOfPods(suite);
  for (const key of keys ?? []) checkKey(suite, key);
  return { keys: keys ?? null, budgetMs, seed: seed ?? suite.seed ?? randomInt(2 ** 32) };
}

/** What is tried, but for what was refused: neither of the candidates nor where a finding names it. */
export function findOf(suite: Suite, { keys, ...fixed }: FindChoice, refused: Refused[]): Find {
  const own = findOfSuite(suite);
  const { conditions, listening } = own;
  const { candidates, leftOut } = findCandidates({ keys, conditions, listening, refused });
  const isTold = ({ role, key }: Refused) => leftOut.some((one) => one.role === role && one.key === key);
  const unnamed = refused
    .filter((one) => !isTold(one))
    .map(({ role, key, words }): LeftOut => ({ role, key, why: { code: "refused", words } }));
  return { kind: "find", ...own, ...fixed, mostTrials: null, candidates, leftOut: [...leftOut, ...unnamed] };
}

/**
 * A key of the target, or upstreams.NAME.KEY.
 * @throws InputError, with the nearest spelling, where nothing is known of it, or the suite starts no such upstream
 */
function checkKey(suite: Suite, written: string): void {
  const upstream = upstreamOfKey(written);
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

/** Conditions ask for rates of their own, and do things to parts on purpose: there is no one load to hold arms against. */
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

/** A pod runs what its own form says, where that says it. */
function checkLeversOfPods({ name, target: { kubernetes }, find: { levers } }: Suite): void {
  const option = levers.find(({ place }) => optionOf(place) !== null);
  if (option === undefined || (kubernetes?.command ?? kubernetes?.manifest ?? null) === null) return;
  throw new InputError(
    `the suite ${name}: ${option.place} is of target.command, and target.kubernetes says what a pod runs`,
    {
      hint: `let the program read a variable: find.levers.${option.what}: env.NAME`,
    },
  );
}
