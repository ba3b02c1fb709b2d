import { stagesWithin } from "../../suite/rate.ts";
import type { Load } from "../../suite/suite.ts";

/** The part of k6's script options that the harness decides. */
export interface K6Options {
  scenarios: { load: Scenario };
  noConnectionReuse: boolean;
}

interface Scenario {
  executor: "ramping-arrival-rate";
  startRate: number;
  timeUnit: string;
  stages: { target: number; duration: string }[];
  preAllocatedVUs: number;
  maxVUs: number;
  gracefulStop: string;
}

/**
 * An open model that lasts for `lastsMs`: requests start by the clock, whether or not earlier ones were answered, so that
 * a slow target can't slow its own measurement down. Virtual users are all made at the start: none is made under load.
 */
export function k6Options(load: Load, lastsMs: number): K6Options {
  const { startPerSecond } = load.rate;
  const stages = stagesWithin(load.rate, lastsMs);
  const rates = [startPerSecond, ...load.rate.stages.map(({ toPerSecond }) => toPerSecond)];
  // k6 takes whole numbers only: fractions of a request a second are told by the thousand seconds.
  const seconds = rates.every(Number.isInteger) ? 1 : 1000;
  const scenario: Scenario = {
    executor: "ramping-arrival-rate",
    startRate: Math.round(startPerSecond * seconds),
    timeUnit: `${seconds}s`,
    stages: stages.map(({ toPerSecond, ms }) => ({ target: Math.round(toPerSecond * seconds), duration: `${ms}ms` })),
    preAllocatedVUs: load.virtualUsers,
    maxVUs: load.virtualUsers,
    gracefulStop: "1s",
  };
  return { scenarios: { load: scenario }, noConnectionReuse: !load.keepConnections };
}
