/**
 * Arithmetic of the open model: how many requests a rate asks for, and when. Pure; times in ms from the load's start. Every form in which
 * a suite writes a rate is lowered to stages when the suite is built: nothing else asks which form it was.
 */

/** The rate moves in a line to `toPerSecond`; 0 ms is a jump. */
export interface RateStage {
  toPerSecond: number;
  ms: number;
}

/** Requests a second over time. After the stages the last rate stays, or, where it repeats, they begin again. */
export interface Rate {
  startPerSecond: number;
  stages: RateStage[];
  repeats: boolean;
}

export function constantRate(perSecond: number): Rate {
  return { startPerSecond: perSecond, stages: [], repeats: false };
}

export function rampRate(fromPerSecond: number, toPerSecond: number, rampMs: number): Rate {
  return { startPerSecond: fromPerSecond, stages: [{ toPerSecond, ms: rampMs }], repeats: false };
}

/** Each period of `everyMs` runs at the base rate first and ends with the burst of `burstMs`. */
export function burstsRate(bursts: {
  basePerSecond: number;
  burstPerSecond: number;
  burstMs: number;
  everyMs: number;
}): Rate {
  const { basePerSecond, burstPerSecond, burstMs, everyMs } = bursts;
  const stages = [
    { toPerSecond: basePerSecond, ms: everyMs - burstMs },
    { toPerSecond: burstPerSecond, ms: 0 },
    { toPerSecond: burstPerSecond, ms: burstMs },
    { toPerSecond: basePerSecond, ms: 0 },
  ];
  return { startPerSecond: basePerSecond, stages, repeats: true };
}

/** One after the other, a jump between them; the last rate stays. */
export function phasesRate(phases: { perSecond: number; lastingMs: number }[]): Rate {
  const stages = phases.flatMap(({ perSecond, lastingMs }, index) => [
    ...(index === 0 ? [] : [{ toPerSecond: perSecond, ms: 0 }]),
    { toPerSecond: perSecond, ms: lastingMs },
  ]);
  return { startPerSecond: phases[0]?.perSecond ?? 0, stages, repeats: false };
}

/** The same course of things at a share of it. */
export function shareOfRate(rate: Rate, share: number): Rate {
  const stages = rate.stages.map(({ toPerSecond, ms }) => ({ toPerSecond: share * toPerSecond, ms }));
  return { ...rate, startPerSecond: share * rate.startPerSecond, stages };
}

/** Highest rate that is asked for at any time, requests a second. */
export function peakPerSecond({ startPerSecond, stages }: Rate): number {
  return Math.max(startPerSecond, ...stages.map(({ toPerSecond }) => toPerSecond));
}

/** When the ramp that the load begins with is over; 0 where it begins with none. */
export function rampEndMs(rate: Rate): number {
  const [first] = rate.stages;
  return first === undefined || first.toPerSecond === rate.startPerSecond ? 0 : first.ms;
}

/** When there is nothing new any more: all stages are over, or the last of them begin again for the second time. */
export function settledMs(rate: Rate): number {
  return lengthMs(rate) * (rate.repeats ? 2 : 1);
}

/** Requests asked for in the first `ms`; a fraction where the last is under way. */
export function requestsBy(rate: Rate, ms: number): number {
  if (ms <= 0) return 0;
  if (!rate.repeats) return requestsWithin(rate, ms);
  const periodMs = lengthMs(rate);
  const periods = Math.floor(ms / periodMs);
  return periods * requestsWithin(rate, periodMs) + requestsWithin(rate, ms - periods * periodMs);
}

/** When the n-th request is due, ms. */
export function msForRequests(rate: Rate, n: number): number {
  if (n <= 0) return 0;
  if (!rate.repeats) return msWithin(rate, n);
  const periodMs = lengthMs(rate);
  const perPeriod = requestsWithin(rate, periodMs);
  const periods = Math.floor(n / perPeriod);
  return periods * periodMs + msWithin(rate, n - periods * perPeriod);
}

/** The stages of a load that lasts for `lastsMs`: repeated as often as it takes, the last one cut where the load ends. */
export function stagesWithin(rate: Rate, lastsMs: number): RateStage[] {
  const stages: RateStage[] = [];
  let [left, perSecond] = [lastsMs, rate.startPerSecond];
  do {
    for (const { toPerSecond, ms } of rate.stages) {
      if (left <= 0) return stages;
      const within = Math.min(ms, left);
      const reached = ms > left ? perSecond + (toPerSecond - perSecond) * (left / ms) : toPerSecond;
      stages.push({ toPerSecond: reached, ms: within });
      [left, perSecond] = [left - within, reached];
    }
  } while (rate.repeats && left > 0);
  return left > 0 ? [...stages, { toPerSecond: perSecond, ms: left }] : stages;
}

function lengthMs({ stages }: Rate): number {
  return stages.reduce((sum, { ms }) => sum + ms, 0);
}

/** A stage with the rate that it begins at. */
interface Line extends RateStage {
  fromPerSecond: number;
}

function linesOf({ startPerSecond, stages }: Rate): Line[] {
  return stages.map((stage, index) => ({ ...stage, fromPerSecond: stages[index - 1]?.toPerSecond ?? startPerSecond }));
}

/** Of the stages once, and of the last rate, which stays. */
function requestsWithin(rate: Rate, ms: number): number {
  let [left, requests, lastPerSecond] = [ms, 0, rate.startPerSecond];
  for (const line of linesOf(rate)) {
    requests += area(line, Math.min(left, line.ms));
    left = Math.max(0, left - line.ms);
    lastPerSecond = line.toPerSecond;
  }
  return requests + (lastPerSecond * left) / 1000;
}

function msWithin(rate: Rate, n: number): number {
  let [left, ms, lastPerSecond] = [n, 0, rate.startPerSecond];
  for (const line of linesOf(rate)) {
    const requests = area(line, line.ms);
    if (left < requests) return ms + msForArea(line, left);
    [left, ms, lastPerSecond] = [left - requests, ms + line.ms, line.toPerSecond];
  }
  return ms + (left / lastPerSecond) * 1000;
}

/** Requests in the first `ms` of a line. */
function area({ fromPerSecond, toPerSecond, ms: wholeMs }: Line, ms: number): number {
  if (ms === 0) return 0;
  const slope = (toPerSecond - fromPerSecond) / wholeMs;
  return (fromPerSecond * ms + (slope * ms ** 2) / 2) / 1000;
}

/** Solves from * t + slope * t^2 / 2 = 1000 n, in the form that stays exact for a flat line. */
function msForArea({ fromPerSecond, toPerSecond, ms }: Line, n: number): number {
  const slope = (toPerSecond - fromPerSecond) / ms;
  const root = Math.sqrt(Math.max(0, fromPerSecond ** 2 + 2 * slope * 1000 * n));
  return (2 * 1000 * n) / (fromPerSecond + root);
}
