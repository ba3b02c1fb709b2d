import type { Load, RateShape } from "../suite/suite.ts";

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

/** A stretch of the load: the rate moves in a line to `perSecond`; 0 ms is a jump. */
interface Stage {
  perSecond: number;
  ms: number;
}

/**
 * An open model that lasts for `lastsMs`: requests start by the clock, whether or not earlier ones were answered, so that
 * a slow target can't slow its own measurement down. Virtual users are all made at the start: none is made under load.
 */
export function k6Options(load: Load, lastsMs: number): K6Options {
  const { startPerSecond, stages } = stagesOf(load.rate, lastsMs);
  const rates = [startPerSecond, ...stages.map((stage) => stage.perSecond)];
  // k6 takes whole numbers only: fractions of a request a second are told by the thousand seconds.
  const seconds = rates.every(Number.isInteger) ? 1 : 1000;
  const scenario: Scenario = {
    executor: "ramping-arrival-rate",
    startRate: Math.round(startPerSecond * seconds),
    timeUnit: `${seconds}s`,
    stages: stages.map(({ perSecond, ms }) => ({ target: Math.round(perSecond * seconds), duration: `${ms}ms` })),
    preAllocatedVUs: load.virtualUsers,
    maxVUs: load.virtualUsers,
    gracefulStop: "1s",
  };
  return { scenarios: { load: scenario }, noConnectionReuse: !load.keepConnections };
}

function stagesOf(rate: RateShape, lastsMs: number): { startPerSecond: number; stages: Stage[] } {
  if (rate.kind === "constant") {
    return { startPerSecond: rate.perSecond, stages: [{ perSecond: rate.perSecond, ms: lastsMs }] };
  }
  if (rate.kind === "bursts") return { startPerSecond: rate.basePerSecond, stages: burstStages(rate, lastsMs) };
  if (rate.kind === "phases") return phaseStages(rate, lastsMs);
  return { startPerSecond: rate.fromPerSecond, stages: rampStages(rate, lastsMs) };
}

/** Jumps from one phase to the next; the last one fills what is left. */
function phaseStages(rate: Extract<RateShape, { kind: "phases" }>, lastsMs: number) {
  let left = lastsMs;
  const stages = rate.phases.flatMap(({ perSecond, lastingMs }, index) => {
    const ms = index === rate.phases.length - 1 ? left : Math.min(left, lastingMs);
    left -= ms;
    return ms <= 0
      ? []
      : [
          { perSecond, ms: 0 },
          { perSecond, ms },
        ];
  });
  return { startPerSecond: rate.phases[0]?.perSecond ?? 0, stages };
}

/** The ramp, then its last rate. A ramp that outlasts the trial is cut where it stands then. */
function rampStages(rate: Extract<RateShape, { kind: "ramp" }>, lastsMs: number): Stage[] {
  const { fromPerSecond, toPerSecond, rampMs } = rate;
  if (rampMs >= lastsMs) {
    const reached = fromPerSecond + (toPerSecond - fromPerSecond) * (lastsMs / rampMs);
    return [{ perSecond: Math.round(reached), ms: lastsMs }];
  }
  return [
    { perSecond: toPerSecond, ms: rampMs },
    { perSecond: toPerSecond, ms: lastsMs - rampMs },
  ];
}

/** Each period is base load that ends in a burst; the last one is cut at lastsMs. */
function burstStages(rate: Extract<RateShape, { kind: "bursts" }>, lastsMs: number): Stage[] {
  const stages: Stage[] = [];
  let left = lastsMs;
  const hold = (perSecond: number, wantedMs: number) => {
    const ms = Math.min(left, wantedMs);
    if (ms > 0) stages.push({ perSecond, ms: 0 }, { perSecond, ms });
    left -= Math.max(0, ms);
  };
  while (left > 0) {
    hold(rate.basePerSecond, rate.everyMs - rate.burstMs);
    hold(rate.burstPerSecond, rate.burstMs);
  }
  return stages;
}
