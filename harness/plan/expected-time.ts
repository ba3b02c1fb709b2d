import type { PredictedWalls } from "../results/prediction.ts";
import type { Profile, Suite } from "../suite/suite.ts";
import { boundMs, hardestLoad } from "./predict.ts";

/** What a plan takes at most, in seconds: every trial goes on to its stop bound, every search takes all its steps. */
export function expectedSeconds(suite: Suite, profiles: Profile[], predictions: PredictedWalls[], blocks: number) {
  const { block, beside } = secondsOf(suite, profiles, predictions);
  return blocks * block + beside;
}

/** As many blocks as such a plan has room for in so long; one at least. */
export function blocksWithin(suite: Suite, profiles: Profile[], predictions: PredictedWalls[], ms: number): number {
  const { block, beside } = secondsOf(suite, profiles, predictions);
  return Math.max(1, Math.floor((ms / 1000 - beside) / block));
}

/** Of one block, and of all that is not of blocks: recheck and retries. Both profiles of a duet are run at once. */
function secondsOf(
  suite: Suite,
  profiles: Profile[],
  predictions: PredictedWalls[],
): { block: number; beside: number } {
  const trials = profiles.map((profile, i) => trialSeconds(suite, profile, predictions[i]));
  const steps = suite.experiment.kind === "search" ? suite.experiment.objective.steps : 1;
  const longest = Math.max(...trials);
  const block = suite.design === "duet" ? longest : trials.reduce((sum, seconds) => sum + steps * seconds, 0);
  const baseline = trials[profiles.findIndex(({ name }) => name === suite.baseline)] ?? longest;
  const others = trials.length > 1 ? baseline + longest : 0;
  return { block, beside: suite.recheckBlocks * others + suite.retries * longest };
}

/** Past a cliff the target serves too slowly to reach the bound on requests in time: only `after` ends such a trial for sure. */
function trialSeconds(suite: Suite, profile: Profile, prediction: PredictedWalls | undefined): number {
  const load = hardestLoad(suite, profile);
  const slowed = (prediction?.cliffSeconds ?? null) !== null;
  return (slowed ? load.stop.afterMs : boundMs(load)) / 1000 + overheadSeconds;
}

/** Namespaces, start, stop and teardown of one trial. */
const overheadSeconds = 1;
