import { constantRate, peakPerSecond } from "../suite/rate.ts";
import { type Suite, suiteFor } from "../suite/suite.ts";

/** Iterations a second, at most: few enough for any service, and enough to see each kind of answer. */
const lowPerSecond = 10;
const leastPerSecond = 1;

/** Long enough for six windows. */
const lastingMs = 3000;

/** A suite as it is tried: its baseline alone, once, for a few seconds at a low rate, whatever it is that the suite asks for. */
export function trySuite(suite: Suite): Suite {
  const baseline = suite.profiles.filter(({ name }) => name === suite.baseline);
  const { load } = baseline.reduce(suiteFor, suite);
  const perSecond = Math.max(leastPerSecond, Math.min(lowPerSecond, Math.floor(peakPerSecond(load.rate))));
  return {
    ...suite,
    profiles: baseline.map((profile) => ({ ...profile, load: null, levels: {} })),
    design: "profiles",
    experiment: { kind: "fixed", goals: [] },
    blocks: { min: 1, max: 1 },
    recheckBlocks: 0,
    retries: 0,
    disturbedRetries: 0,
    // As many users as iterations: however long one takes, none waits for a user.
    load: { ...load, rate: constantRate(perSecond), virtualUsers: (perSecond * lastingMs) / 1000, runners: 1 },
    stop: {
      fault: null,
      requests: null,
      latency: null,
      cliff: null,
      saturated: null,
      afterMs: lastingMs,
    },
  };
}
