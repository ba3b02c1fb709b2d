import type { PredictedWalls } from "../results/prediction.ts";
import type { Profile, Suite } from "../suite/suite.ts";
import { boundMs, hardestLoad } from "./predict.ts";

/** What a plan takes at most, in seconds: every trial goes on to its stop bound, every search takes all its steps. */
export function expectedSeconds(suite: Suite, profiles: Profile[], predictions: PredictedWalls[], blocks: number) {
  const trials = profiles.map((profile, i) => trialSeconds(suite, profile, predictions[i]));
  const steps = suite.experiment.kind === "search" ? suite.experiment.objective.steps : 1;
  const block = trials.reduce((sum, seconds) => sum + steps * seconds, 0);
  const longest = Math.max(...trials);
  const baseline = trials[profiles.findIndex(({ name }) => name === suite.baseline)] ?? longest;
  const others = trials.length > 1 ? baseline + longest : 0;
  return blocks * block + suite.recheckBlocks * others + suite.retries * longest;
}

/** Past a cliff the target serves too slowly to reach the bound on requests in time: only `after` ends such a trial for sure. */
function trialSeconds(suite: Suite, profile: Profile, prediction: PredictedWalls | undefined): number {
  const load = hardestLoad(suite, profile);
  const slowed = (prediction?.cliffSeconds ?? null) !== null;
  return (slowed ? load.stop.afterMs : boundMs(load)) / 1000 + overheadSeconds;
}

/** Namespaces, start, stop and teardown of one trial. */
const overheadSeconds = 1;
