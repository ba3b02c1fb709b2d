import type { RateShape } from "./suite.ts";

/**
 * Arithmetic of the open model: how many requests a rate shape asks for, and when. Pure; times in ms from the load's start.
 * Bursts: each period of `everyMs` runs at the base rate first and ends with the burst of `burstMs`.
 */

/** Highest rate that is asked for at any time, requests a second. */
export function peakPerSecond(rate: RateShape): number {
  if (rate.kind === "constant") return rate.perSecond;
  if (rate.kind === "ramp") return Math.max(rate.fromPerSecond, rate.toPerSecond);
  if (rate.kind === "phases") return Math.max(...rate.phases.map(({ perSecond }) => perSecond));
  return Math.max(rate.basePerSecond, rate.burstPerSecond);
}

/** When the ramp is over and the rate stays; 0 where there is none. */
export function rampEndMs(rate: RateShape): number {
  return rate.kind === "ramp" ? rate.rampMs : 0;
}

/** Requests asked for in the first `ms`; a fraction where the last is under way. */
export function requestsBy(rate: RateShape, ms: number): number {
  if (ms <= 0) return 0;
  if (rate.kind === "constant") return (rate.perSecond * ms) / 1000;
  if (rate.kind === "ramp") return rampRequests(rate, ms);
  if (rate.kind === "phases") return phasesRequests(rate, ms);
  const quietMs = rate.everyMs - rate.burstMs;
  const periods = Math.floor(ms / rate.everyMs);
  const restMs = ms - periods * rate.everyMs;
  const restBurstMs = Math.max(0, restMs - quietMs);
  return (
    periods * periodRequests(rate) +
    (rate.basePerSecond * (restMs - restBurstMs) + rate.burstPerSecond * restBurstMs) / 1000
  );
}

/** When the n-th request is due, ms. */
export function msForRequests(rate: RateShape, n: number): number {
  if (n <= 0) return 0;
  if (rate.kind === "constant") return (n / rate.perSecond) * 1000;
  if (rate.kind === "ramp") return msForRampRequests(rate, n);
  if (rate.kind === "phases") return msForPhasesRequests(rate, n);
  const quietMs = rate.everyMs - rate.burstMs;
  const periods = Math.floor(n / periodRequests(rate));
  const rest = n - periods * periodRequests(rate);
  const quietRequests = (rate.basePerSecond * quietMs) / 1000;
  const restMs =
    rest <= quietRequests
      ? (rest / rate.basePerSecond) * 1000
      : quietMs + ((rest - quietRequests) / rate.burstPerSecond) * 1000;
  return periods * rate.everyMs + restMs;
}

type Ramp = Extract<RateShape, { kind: "ramp" }>;
type Bursts = Extract<RateShape, { kind: "bursts" }>;
type Phases = Extract<RateShape, { kind: "phases" }>;

function rampRequests(rate: Ramp, ms: number): number {
  const inRampMs = Math.min(ms, rate.rampMs);
  const slope = (rate.toPerSecond - rate.fromPerSecond) / rate.rampMs;
  const inRamp = (rate.fromPerSecond * inRampMs + (slope * inRampMs ** 2) / 2) / 1000;
  return inRamp + (rate.toPerSecond * (ms - inRampMs)) / 1000;
}

/** Solves from * t + slope * t^2 / 2 = 1000 n inside the ramp, in the form that stays exact for a flat ramp. */
function msForRampRequests(rate: Ramp, n: number): number {
  const inRamp = rampRequests(rate, rate.rampMs);
  if (n >= inRamp) return rate.rampMs + ((n - inRamp) / rate.toPerSecond) * 1000;
  const slope = (rate.toPerSecond - rate.fromPerSecond) / rate.rampMs;
  const root = Math.sqrt(Math.max(0, rate.fromPerSecond ** 2 + 2 * slope * 1000 * n));
  return (2 * 1000 * n) / (rate.fromPerSecond + root);
}

/** The last phase lasts for ever. */
function phasesRequests({ phases }: Phases, ms: number): number {
  let [left, requests] = [ms, 0];
  for (const [index, { perSecond, lastingMs }] of phases.entries()) {
    const spentMs = index === phases.length - 1 ? left : Math.min(left, lastingMs);
    requests += (perSecond * spentMs) / 1000;
    left -= spentMs;
  }
  return requests;
}

function msForPhasesRequests({ phases }: Phases, n: number): number {
  let [left, ms] = [n, 0];
  for (const [index, { perSecond, lastingMs }] of phases.entries()) {
    const neededMs = (left / perSecond) * 1000;
    if (neededMs <= lastingMs || index === phases.length - 1) return ms + neededMs;
    ms += lastingMs;
    left -= (perSecond * lastingMs) / 1000;
  }
  return ms;
}

function periodRequests(rate: Bursts): number {
  return (rate.basePerSecond * (rate.everyMs - rate.burstMs) + rate.burstPerSecond * rate.burstMs) / 1000;
}
