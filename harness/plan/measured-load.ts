import { rampEndMs, requestsBy } from "../suite/rate.ts";
import { type Condition, type Profile, type Suite, suiteFor } from "../suite/suite.ts";
import { boundMs } from "./predict.ts";

/** A stretch of a load that rate and latency are taken over: how long it is, and how many requests are due in it. */
export interface Stretch {
  ms: number;
  requests: number;
}

/** Two of the generator's windows: in less than that none may lie as a whole, and only whole ones count. */
export const leastMeasuredMs = 1000;

/**
 * What a profile's trials are measured over at most: the ramp's end to the stop; of conditions those that nothing is done
 * in, together; of a search its first step.
 */
export function measuredLoad(asked: Suite, profile: Profile): Stretch {
  const suite = suiteFor(asked, profile);
  const { experiment } = suite;
  if (experiment.kind === "search") return heldFor(experiment.objective.fromPerSecond, experiment.objective.holdingMs);
  if (experiment.kind === "conditions") {
    const stretches = calmConditions(experiment.conditions).map(stretchOf);
    return {
      ms: stretches.reduce((sum, { ms }) => sum + ms, 0),
      requests: stretches.reduce((sum, { requests }) => sum + requests, 0),
    };
  }
  const { rate } = suite.load;
  const [fromMs, toMs] = [rampEndMs(rate), boundMs(suite)];
  if (toMs <= fromMs) return { ms: 0, requests: 0 };
  return { ms: toMs - fromMs, requests: requestsBy(rate, toMs) - requestsBy(rate, fromMs) };
}

export function stretchOf({ perSecond, lastingMs }: Condition): Stretch {
  return heldFor(perSecond, lastingMs);
}

function heldFor(perSecond: number, ms: number): Stretch {
  return { ms, requests: (perSecond * ms) / 1000 };
}

/** Conditions that nothing is done in; behind a part that stays dead there are none. */
export function calmConditions(conditions: Condition[]): Condition[] {
  const end = conditions.findIndex(({ actions }) =>
    actions.some((action) => action.kind === "kill" && action.restartAfterMs === null),
  );
  return (end < 0 ? conditions : conditions.slice(0, end)).filter(({ actions }) => actions.length === 0);
}
