import { InputError } from "../errors.ts";
import type { PlannedTrial, PredictedWalls } from "../results/run.ts";
import type { Doubt } from "../results/trial.ts";
import { didYouMean } from "../suite/nearest.ts";
import type { Profile, Suite } from "../suite/suite.ts";
import { planDoubts } from "./doubts.ts";
import { boundMs, predictWalls } from "./predict.ts";
import { randomFrom, shuffled } from "./shuffle.ts";

/** What is asked on the command line; what is left out comes from the suite. */
export interface PlanOptions {
  /** Names of profiles to run; the baseline always is. */
  profiles?: string[] | undefined;
  blocks?: number | undefined;
  /** Seed of the order: whole, 0 to 2^32 - 1. */
  seed: number;
  /** The machine's memory: the kernel's default of tcp_max_tw_buckets follows from it. */
  memoryBytes: number;
}

/** What would run, in which order. The same suite, options and seed give the same plan. */
export interface Plan {
  seed: number;
  blocks: number;
  /** In the suite's order. */
  profiles: Profile[];
  /** Randomised complete blocks: each block has every profile once, in an order of its own. */
  order: PlannedTrial[];
  /** One for each profile, in the same order. */
  predictions: PredictedWalls[];
  /** Upper bound: every trial goes on to its stop bound. */
  expectedSeconds: number;
  warnings: Doubt[];
}

/**
 * Pure: touches nothing.
 * @throws InputError for a profile that the suite has not, or a number of blocks that is none
 */
export function makePlan(suite: Suite, options: PlanOptions): Plan {
  const profiles = chooseProfiles(suite, options.profiles);
  const blocks = checkedBlocks(options.blocks ?? suite.blocks.max);
  const predictions = profiles.map((profile) => predictWalls(suite, profile));
  const secondsOfBlock = predictions.reduce((sum, prediction) => sum + trialSeconds(suite, prediction), 0);
  return {
    seed: options.seed,
    blocks,
    profiles,
    order: orderOf(profiles, blocks, options.seed),
    predictions,
    expectedSeconds: blocks * secondsOfBlock,
    warnings: planDoubts({ suite, profiles, blocks, predictions, memoryBytes: options.memoryBytes }),
  };
}

function chooseProfiles(suite: Suite, asked: string[] | undefined): Profile[] {
  if (asked === undefined) return suite.profiles;
  const known = suite.profiles.map((profile) => profile.name);
  for (const name of asked) {
    if (known.includes(name)) continue;
    throw new InputError(`the suite ${suite.name} has no profile ${JSON.stringify(name)}${didYouMean(name, known)}`, {
      hint: `its profiles are ${known.join(", ")}`,
    });
  }
  return suite.profiles.filter(({ name }) => asked.includes(name) || name === suite.baseline);
}

function checkedBlocks(blocks: number): number {
  if (Number.isInteger(blocks) && blocks >= 1 && blocks <= 1000) return blocks;
  throw new InputError(`${blocks} is no number of blocks; use a whole number from 1 to 1000`);
}

function orderOf(profiles: Profile[], blocks: number, seed: number): PlannedTrial[] {
  const random = randomFrom(seed);
  const names = profiles.map((profile) => profile.name);
  return Array.from({ length: blocks }, (_, i) => i + 1)
    .flatMap((block) => shuffled(names, random).map((profile) => ({ block, profile })))
    .map((trial, i) => ({ sequence: i + 1, ...trial }));
}

/** Past a cliff the target serves too slowly to reach the bound on requests in time: only `after` ends such a trial for sure. */
function trialSeconds(suite: Suite, prediction: PredictedWalls): number {
  const loadMs = prediction.cliffSeconds === null ? boundMs(suite) : suite.stop.afterMs;
  return loadMs / 1000 + overheadSeconds;
}

/** Namespaces, start, stop and teardown of one trial. */
const overheadSeconds = 1;
