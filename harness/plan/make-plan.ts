import { InputError } from "../core/errors.ts";
import { didYouMean } from "../core/nearest.ts";
import type { Caveat } from "../results/caveats.ts";
import type { PredictedWalls } from "../results/prediction.ts";
import type { PlannedTrial } from "../results/run.ts";
import { looksFor } from "../stats/interim-analyses.ts";
import type { Cluster } from "../suite/cluster.ts";
import type { Profile, Suite } from "../suite/suite.ts";
import { planCaveats } from "./caveats.ts";
import { blocksWithin, expectedSeconds } from "./expected-time.ts";
import type { FindableOf, Findables } from "./findable.ts";
import { predictWalls } from "./predict.ts";
import { trialOrder } from "./trial-order.ts";

/** What is asked on the command line; what is left out comes from the suite. */
export interface PlanOptions {
  /** Names of profiles to run; the baseline always is. */
  profiles?: string[] | undefined;
  blocks?: number | undefined;
  /** Seed of the order: whole, 0 to 2^32 - 1. */
  seed: number;
  /** The machine's memory: the kernel's default of tcp_max_tw_buckets follows from it. */
  memoryBytes: number;
  /** The machine's kernel release; left out where it is not looked at. */
  kernel?: string | undefined;
  /** Where it would run; left out or null = in namespaces of this machine. */
  cluster?: PlannedCluster | null;
  /** What is said of what it can find; left out = nothing is. */
  findable?: FindableOf;
}

/** What a plan says of a cluster. */
export type PlannedCluster = Pick<Cluster, "name" | "route" | "runners">;

/** What would run, in which order. The same suite, options and seed give the same plan. */
export interface Plan {
  /** null = namespaces of this machine. */
  cluster: PlannedCluster | null;
  seed: number;
  /** Most blocks. */
  blocks: number;
  /** Numbers of blocks after which it is looked whether the run may end, the last is `blocks`; [] = it runs all. */
  looks: number[];
  /** In the suite's order. */
  profiles: Profile[];
  /** Randomised complete blocks: each block has every profile once, in an order of its own; of a duet in that in which they are started. */
  order: PlannedTrial[];
  /** One for each profile, in the same order; [] of a duet. */
  predictions: PredictedWalls[];
  /**
   * Upper bound: all blocks, recheck and retries, every trial up to its stop bound, every search with all its steps. Left out is the one
   * disturbed trial that is repeated where the suite asks for no retries: on a quiet machine there is none.
   */
  expectedSeconds: number;
  /** What can be found in that time, of a duet and of a run that is bounded in time; null of any other. */
  findable: Findables | null;
  caveats: Caveat[];
}

/**
 * Pure: touches nothing.
 * @throws InputError for a profile that the suite has not, or a number of blocks that is none
 */
export function makePlan(suite: Suite, options: PlanOptions): Plan {
  const profiles = chooseProfiles(suite, options.profiles);
  if (suite.design === "duet") requirePair(profiles);
  const { cluster = null, memoryBytes, kernel = null, findable = () => null } = options;
  const predictions = profiles.map((profile) => predictWalls(suite, profile, cluster === null ? "netns" : "cluster"));
  const most =
    suite.boundMs === null || options.blocks !== undefined
      ? Number.POSITIVE_INFINITY
      : blocksWithin(suite, profiles, predictions, suite.boundMs);
  const asked = blocksOf(suite, options.blocks);
  const [min, blocks] = [Math.min(asked.min, most), Math.min(asked.max, most)];
  const looks = looksFor({ min, max: blocks, comparisons: (profiles.length - 1) * suite.judged.length });
  return {
    cluster,
    seed: options.seed,
    blocks,
    looks,
    profiles,
    order: trialOrder(suite.design, profiles, { blocks, seed: options.seed }),
    // Two that share a load say nothing of walls.
    predictions: suite.design === "duet" ? [] : predictions,
    expectedSeconds: expectedSeconds(suite, profiles, predictions, blocks),
    findable: findable({ suite, profiles: profiles.length - 1, blocks, looks }),
    caveats: planCaveats({ suite, profiles, blocks, looks, predictions, memoryBytes, kernel, cluster }),
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

function requirePair(profiles: Profile[]): void {
  if (profiles.length === 2) return;
  throw new InputError(
    `a duet is of two profiles at the same time, chosen ${profiles.length === 1 ? "is" : "are"} ${profiles.length}`,
    {
      hint: "leave --profiles out, or design: duet",
    },
  );
}

/** A number of blocks asked for is the whole number of them. */
function blocksOf(suite: Suite, blocks: number | undefined): Suite["blocks"] {
  if (blocks === undefined) return suite.blocks;
  if (Number.isInteger(blocks) && blocks >= 1 && blocks <= 1000) return { min: blocks, max: blocks };
  throw new InputError(`blocks must be a whole number from 1 to 1000, got ${blocks}`);
}
