import type { Condition } from "../results/goals.ts";
import { rampEndMs, requestsBy } from "../suite/rate.ts";
import { type Profile, type Suite, suiteFor } from "../suite/suite.ts";
import { boundMs } from "./predict.ts";

/** A phase of a load that rate and latency are taken over: how long it is, and how many requests are due in it. */
export interface MeasuredPhase {
  ms: number;
  requests: number;
}

/** Two of the generator's windows: in less than that none may lie as a whole, and only whole ones count. */
export const leastMeasuredMs = 1000;

/**
 * What a profile's trials are measured over at most: the ramp's end to the stop; of conditions those that nothing is done
 * in, together; of a search its first step.
 */
export function measuredLoad(asked: Suite, profile: Profile): MeasuredPhase {
  const suite = suiteFor(asked, profile);
  const { experiment } = suite;
  if (experiment.kind === "search") return heldFor(experiment.objective.fromPerSecond, experiment.objective.holdingMs);
  if (experiment.kind === "conditions") {
    const phases = calmConditions(experiment.conditions).map(phaseOf);
    return {
      ms: phases.reduce((sum, { ms }) => sum + ms, 0),
      requests: phases.reduce((sum, { requests }) => sum + requests, 0),
    };
  }
  const { rate } = suite.load;
  const [fromMs, toMs] = [rampEndMs(rate), boundMs(suite)];
  if (toMs <= fromMs) return { ms: 0, requests: 0 };
  return { ms: toMs - fromMs, requests: requestsBy(rate, toMs) - requestsBy(rate, fromMs) };
}

export function phaseOf({ perSecond, lastingMs }: Condition): MeasuredPhase {
  return heldFor(perSecond, lastingMs);
}

function heldFor(perSecond: number, ms: number): MeasuredPhase {
  return { ms, requests: (perSecond * ms) / 1000 };
}

/** Conditions that nothing is done in; behind a part that stays dead there are none. */
export function calmConditions(conditions: Condition[]): Condition[] {
  const end = conditions.findIndex(({ actions }) =>
    actions.some((action) => action.kind === "kill" && action.restartAfterMs === null),
  );
  return (end < 0 ? conditions : conditions.slice(0, end)).filter(({ actions }) => actions.length === 0);
}
