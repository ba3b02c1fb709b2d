import { quantile } from "../core/histogram.ts";
import type { FaultSignature, StopCriteria } from "../results/criteria.ts";
import type { TrialEvent } from "../results/events.ts";
import type { Condition } from "../results/goals.ts";
import type { Sample } from "../results/samples.ts";
import type { StopReason } from "../results/stop-reason.ts";
import type { Window } from "../results/window.ts";
import { attributeFaults, firstHealthy } from "./attribute.ts";
import { findCliff } from "./cliff.ts";
import { calmRows, disturbedSpans, standstillSpans } from "./condition-spans.ts";
import type { Span } from "./deltas.ts";
import { type FaultCriterion, faultStreak, matching } from "./fault.ts";
import { askedIn, isShort } from "./flow.ts";
import { mergedLatency } from "./latency.ts";
import { portUse } from "./port-use.ts";
import { shortestSilenceMs } from "./silence.ts";
import { coveredSeconds, servedFaults, successesOf, sum } from "./windows.ts";

/** Ports in use that grow by more over the windows looked at go on to their end. */
const risingRatio = 1.02;

/** What was seen up to now. `rampEndMs` counts from the first request, `firstRequestMs` on the trial's clock. */
export interface SeenSoFar {
  windows: Window[];
  samples: Sample[];
  events?: TrialEvent[];
  signatures?: FaultSignature[];
  usablePorts: number | null;
  firstRequestMs: number | null;
  rampEndMs: number;
  /** Iterations that the load's schedule asks for in the first ms after its first request. */
  due: (ms: number) => number;
  conditions?: Condition[];
  /** Successes before the wall that the run's baseline met, the most of its trials; absent or null where it met none yet. */
  wallRequests?: number | null;
}

/**
 * Whether the load ends with the last window, and why; null = go on. What says most of the service comes first: fault,
 * latency ceiling, scan cliff, saturation, that it is decided, then the bounds (requests, time), so that a trial that breaks within the window that
 * reaches a bound counts as broken, not as held. While something is done to parts on purpose, or the harness stood still, only the bounds are watched.
 */
export function decideStop(criteria: StopCriteria, seen: SeenSoFar): StopReason | null {
  const last = seen.windows.at(-1);
  if (last === undefined || seen.firstRequestMs === null) return null;
  const atSeconds = (last.endMs - seen.firstRequestMs) / 1000;
  const { conditions = [], events = [] } = seen;
  const disturbed = [...disturbedSpans(conditions, seen.firstRequestMs), ...standstillSpans(events)];
  const calm = { ...seen, windows: lastCalmRow(seen.windows, disturbed) };
  const decided =
    faultStop(criteria, calm) ??
    latencyStop(criteria, calm) ??
    cliffStop(criteria, calm) ??
    saturatedStop(criteria, calm) ??
    decidedStop(criteria, calm) ??
    requestsStop(criteria, seen) ??
    (atSeconds * 1000 >= criteria.afterMs ? ({ criterion: "after", afterMs: criteria.afterMs } as const) : null);
  return decided === null ? null : { ...decided, atSeconds };
}

/** A reason without its moment. */
type Decided<C extends StopReason["criterion"]> = Omit<Extract<StopReason, { criterion: C }>, "atSeconds"> | null;

/** The windows since the last disturbance; none while one lasts. */
function lastCalmRow(windows: Window[], disturbed: Span[]): Window[] {
  if (disturbed.length === 0) return windows;
  const row = calmRows(windows, disturbed).at(-1) ?? [];
  return row.at(-1) === windows.at(-1) ? row : [];
}

/** The last windows that completed requests all hold the fault: windows without any say nothing either way. */
function faultStop({ fault }: StopCriteria, seen: SeenSoFar): Decided<"fault"> {
  if (fault === null) return null;
  const judged = seen.windows.filter(({ requests }) => requests > 0).slice(-fault.windows);
  const { samples, events = [], signatures = [], usablePorts } = seen;
  const healthy = firstHealthy(seen.windows);
  const attributed = attributeFaults(judged, { samples, events, signatures, usablePorts, healthy });
  if (faultStreak(attributed, fault) === null) return null;
  return { criterion: "fault", fault: fault.kind, ratio: fault.ratio, windows: fault.windows };
}

function latencyStop({ latency }: StopCriteria, { windows }: SeenSoFar): Decided<"latency"> {
  if (latency === null) return null;
  const judged = windows.filter(({ requests }) => requests > 0).slice(-latency.windows);
  const share = Number(latency.quantile.slice(1)) / 100;
  const above = (window: Window) => {
    const merged = mergedLatency([window]);
    return merged !== null && quantile(merged, share) > latency.aboveMs;
  };
  return judged.length < latency.windows || !judged.every(above) ? null : { criterion: "latency", ...latency };
}

function cliffStop({ cliff }: StopCriteria, { windows, samples, usablePorts }: SeenSoFar): Decided<"cliff"> {
  if (cliff === null) return null;
  const found = findCliff(windows, samples, { usablePorts, windows: cliff.windows });
  if (found === null) return null;
  const { beforePerSecond, afterPerSecond } = found;
  return { criterion: "cliff", beforePerSecond, afterPerSecond };
}

/** It did not keep up in the last windows after the ramp, and waiting longer can't bring a fault instead. */
function saturatedStop({ saturated, fault }: StopCriteria, seen: SeenSoFar): Decided<"saturated"> {
  if (saturated === null) return null;
  const { windows, firstRequestMs, rampEndMs, due } = seen;
  const firstMs = firstRequestMs ?? 0;
  const steady = windows.filter(({ startMs }) => startMs >= firstMs + rampEndMs);
  const judged = steady.slice(-Math.max(saturated.windows, fault?.windows ?? 0));
  const fellBehind = judged.every((window) => isShort({ ...window, asked: askedIn(window, due, firstMs) }));
  if (judged.length < saturated.windows || !fellBehind || mayFallSilent(judged)) return null;
  return fault !== null && mayStillCome(fault, judged, seen)
    ? null
    : { criterion: "saturated", windows: saturated.windows };
}

/** A profile that did so much more than the baseline has no wall near: by how much more says only how long one waits. */
const decidedFactor = 2;

/**
 * In the windows looked at all that was asked was served, and the target's ports in use were level: at what they still grew by they last until
 * the load's bound. What may still break, or fall off the cliff, goes on.
 */
function decidedStop({ decided, fault, afterMs }: StopCriteria, seen: SeenSoFar): Decided<"decided"> {
  const { windows, samples, usablePorts, due, firstRequestMs, wallRequests = null } = seen;
  if (decided === undefined || fault === null || wallRequests === null) return null;
  const judged = windows.slice(-decided.windows);
  if (sum(windows.map(successesOf)) < decidedFactor * wallRequests || judged.length < decided.windows) return null;
  const fellBehind = judged.some((window) => isShort({ ...window, asked: askedIn(window, due, firstRequestMs ?? 0) }));
  const failed = judged.some((window) => servedFaults(window) > 0);
  if (fellBehind || failed || mayStillCome(fault, judged, seen) || !portsLast(judged, afterMs, seen)) return null;
  if (findCliff(windows, samples, { usablePorts }) !== null) return null;
  return { criterion: "decided", wallRequests, windows: decided.windows };
}

/** Nothing is answered, and not long enough yet to tell that nothing will be. */
function mayFallSilent(windows: Window[]): boolean {
  const silent = windows.slice(windows.findLastIndex(({ requests }) => requests > 0) + 1);
  return silent.length > 0 && silent.length < windows.length && coveredSeconds(silent) * 1000 < shortestSilenceMs;
}

/** The declared fault is there, though in too few requests yet; or the target's ports run out. */
function mayStillCome(fault: FaultCriterion, judged: Window[], seen: SeenSoFar): boolean {
  const { samples, events = [], signatures = [], usablePorts } = seen;
  const healthy = firstHealthy(seen.windows);
  const attributed = attributeFaults(judged, { samples, events, signatures, usablePorts, healthy });
  if (attributed.some((window) => matching(window, fault.kind).length > 0)) return true;
  const use = portUse(samples);
  const [before, now] = [use(judged[0]?.startMs ?? 0) ?? 0, use(judged.at(-1)?.endMs ?? 0) ?? 0];
  return now > risingRatio * before;
}

/** False where their use is not known. */
function portsLast(judged: Window[], afterMs: number, { samples, usablePorts, firstRequestMs }: SeenSoFar): boolean {
  const [first, last] = [judged[0], judged.at(-1)];
  if (first === undefined || last === undefined || usablePorts === null) return false;
  const use = portUse(samples);
  const [before, now] = [use(first.startMs), use(last.endMs)];
  if (before === null || now === null) return false;
  const leftMs = (firstRequestMs ?? 0) + afterMs - last.endMs;
  return now + (Math.max(0, now - before) * leftMs) / (last.endMs - first.startMs) < usablePorts;
}

function requestsStop({ requests }: StopCriteria, { windows }: SeenSoFar): Decided<"requests"> {
  const total = sum(windows.map((window) => window.requests));
  return requests === null || total < requests ? null : { criterion: "requests", requests: total };
}
