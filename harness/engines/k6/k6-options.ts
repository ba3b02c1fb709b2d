import type { ScriptOptions, ScriptScenario } from "../../results/script.ts";
import { stagesWithin } from "../../suite/rate.ts";
import { keepsConnections, type Load } from "../../suite/suite.ts";

/** The part of k6's script options that the harness decides. `noConnectionReuse` is the script's own where it is left out. */
export interface K6Options {
  scenarios: Record<string, Scenario>;
  noConnectionReuse?: boolean;
}

interface Scenario {
  executor: "ramping-arrival-rate";
  exec: string;
  env: Record<string, string>;
  tags: Record<string, string>;
  startRate: number;
  timeUnit: string;
  stages: { target: number; duration: string }[];
  preAllocatedVUs: number;
  maxVUs: number;
  gracefulStop: string;
}

/** A script whose options were not read is run as one scenario. */
const whole: ScriptScenario = { name: "default", exec: "default", env: {}, tags: {}, share: 1 };

/**
 * An open model that lasts for `lastsMs`: requests start by the clock, whether or not earlier ones were answered, so that
 * a slow target can't slow its own measurement down. Virtual users are all made at the start: none is made under load. Several scenarios of
 * a script share rate and users.
 */
export function k6Options(load: Load, script: ScriptOptions | null, lastsMs: number): K6Options {
  const scenarios = (script?.scenarios ?? [whole]).map((scenario) => [scenario.name, shareOf(load, scenario, lastsMs)]);
  return {
    scenarios: Object.fromEntries(scenarios),
    ...(load.keepConnections === null && script === null
      ? {}
      : { noConnectionReuse: !keepsConnections({ load, script }) }),
  };
}

function shareOf(load: Load, { exec, env, tags, share }: ScriptScenario, lastsMs: number): Scenario {
  const { startPerSecond } = load.rate;
  const stages = stagesWithin(load.rate, lastsMs);
  const rates = [startPerSecond, ...load.rate.stages.map(({ toPerSecond }) => toPerSecond)];
  const seconds = timeUnitSeconds(rates.map((rate) => rate * share));
  const target = (perSecond: number) => Math.round(perSecond * share * seconds);
  const users = Math.max(1, Math.ceil(load.virtualUsers * share));
  return {
    executor: "ramping-arrival-rate",
    exec,
    env,
    tags,
    startRate: target(startPerSecond),
    timeUnit: `${seconds}s`,
    stages: stages.map(({ toPerSecond, ms }) => ({ target: target(toPerSecond), duration: `${ms}ms` })),
    preAllocatedVUs: users,
    maxVUs: users,
    gracefulStop: "1s",
  };
}

/** k6 takes whole numbers only: fractions of an iteration a second are told by the thousand seconds, small ones by the million. */
function timeUnitSeconds(rates: number[]): number {
  if (rates.every(Number.isInteger)) return 1;
  const least = Math.min(...rates.filter((rate) => rate > 0));
  // An error of half an iteration a unit is then at most 0.5% of the least rate.
  return least * 1000 >= 100 ? 1000 : 1_000_000;
}
