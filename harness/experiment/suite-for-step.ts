import type { SearchObjective, SearchStep } from "../results/goals.ts";
import { constantRate, type Rate, rampRate } from "../suite/rate.ts";
import type { Suite } from "../suite/suite.ts";

/** A step's ramp begins at a tenth of its rate: connections and caches are warm when it is over. */
const rampStartShare = 0.1;

/**
 * The suite with the load of one search's step: its rate, held after a ramp. It ends by time, not by requests, so that every
 * rate is held as long; the other stop criteria stay, since a rate that meets them is missed already.
 */
export function suiteForStep(suite: Suite, objective: SearchObjective, step: SearchStep): Suite {
  const { rampMs, holdingMs } = objective;
  return {
    ...suite,
    load: { ...suite.load, rate: rateOf(step.ratePerSecond, rampMs) },
    stop: { ...suite.stop, requests: null, afterMs: rampMs + holdingMs },
  };
}

function rateOf(perSecond: number, rampMs: number): Rate {
  return rampMs === 0 ? constantRate(perSecond) : rampRate(perSecond * rampStartShare, perSecond, rampMs);
}
