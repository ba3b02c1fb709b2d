import type { GeneratorSign } from "../results/generator-signs.ts";
import type { Sample } from "../results/samples.ts";
import type { GeneratorHealth } from "../results/trial.ts";
import { coresOf, roleCpuOf, type Span, spanEnds, targetRises } from "./deltas.ts";
import { type FlowWindow, isShort, longestAnswerMs } from "./flow.ts";
import { mergedLatency } from "./latency.ts";
import { perIteration } from "./per-iteration.ts";
import { isHeldByScript } from "./silence.ts";
import { coveredSeconds, largest, servedFaults, successesOf, sum, within } from "./windows.ts";

/** Share of its cores at which the generator is taken to be at its limit. */
const saturatedRatio = 0.9;
/** CPU bandwidth is given in periods of 100 ms (cpu.max, which Kubernetes leaves at that); held back in more of them is no noise. */
const periodMs = 100;
const throttledRatio = 0.05;
const droppedWindows = 2;
/** With fewer of the virtual users waiting for the target while all of them were taken, it was not the target that kept iterations waiting. */
const waitingRatio = 0.5;
/** An answer within this is quick: whoever asks with fewer users than that takes asks with too few. */
const quickMs = 50;
/** Where answers take so much longer than the quickest, on average, there is a queue. */
const unqueuedRatio = 1.4;

/**
 * `healthy`: first request to the cliff, the fault or the stop, while the target's own limit can't be the reason;
 * `steady`: the part of it after the ramp, where there is one, over which CPU is taken; `load`: first request to stop.
 */
export interface GeneratorInput {
  windows: readonly FlowWindow[];
  /** Those in which nothing was done to parts on purpose: elsewhere requests may fail quickly while iterations are dropped. */
  calm: readonly FlowWindow[];
  samples: readonly Sample[];
  healthy: Span;
  steady: Span;
  load: Span;
  virtualUsers: number;
  /** Of these, that wait for the target for ever. */
  unansweredUsers: number;
  /** Cores the generator may use; null where that is not known. */
  cores: number | null;
  /** Whether it is a container of its own, whose CPU limit can be told from the others'. */
  contained: boolean;
}

/**
 * Whether the generator was the limit. Its signs: iterations dropped while the target was quick (see quickTarget), its CPU at its cores,
 * failures of its own (no free port or descriptor), in a container its CPU limit. Drops while the users wait for the target are the
 * target's slowness and no sign.
 */
export function judgeGenerator(input: GeneratorInput): GeneratorHealth {
  const loaded = within(input.windows, input.load.fromMs, input.load.toMs);
  const cores = coresOf(input.samples, "generator", input.steady);
  const signs = [quickTarget(input), allCores(cores, input.cores), throttled(input), ...ownFaults(loaded)].filter(
    (sign) => sign !== null,
  );
  return {
    bound: signs.length > 0,
    signs,
    droppedIterations: sum(loaded.map(({ droppedIterations }) => droppedIterations)),
    maxVirtualUsers: largest(loaded.map(({ virtualUsers }) => virtualUsers)),
    cpuCores: coresOf(input.samples, "generator", input.load),
  };
}

function allCores(used: number | null, own: number | null): GeneratorSign | null {
  if (used === null || own === null || used < saturatedRatio * own) return null;
  return { kind: "cores-used", usedCores: used, cores: own };
}

/** A limit of its container holds k6 back in the middle of what it measures: latencies grow, though the target is quick. */
function throttled({ samples, steady, contained }: GeneratorInput): GeneratorSign | null {
  const bounds = contained ? spanEnds(roleCpuOf(samples, "generator"), steady) : null;
  const [first, last] = [bounds?.first.throttledPeriods ?? null, bounds?.last.throttledPeriods ?? null];
  if (bounds === null || first === null || last === null) return null;
  const share = (last - first) / ((bounds.last.atMs - bounds.first.atMs) / periodMs);
  return share < throttledRatio ? null : { kind: "cpu-limited", timeShare: share };
}

/**
 * An iteration is dropped where no virtual user is free. So all were taken for as long as the drops lasted: for dropped / asked of a
 * window. What they waited for answers in it says what took them: the target, where that is half of their time or more, unless it answered as
 * quickly as it does unasked: then they were too few for any target. null where drops are few, where the target had them wait, and
 * where connections waited to be accepted, which no latency holds. Of the last windows, whose answers came after the load's end or
 * never, nothing is known.
 */
function quickTarget(input: GeneratorInput): GeneratorSign | null {
  const { windows, calm, samples, healthy, virtualUsers } = input;
  const held = isHeldByScript(windows);
  const dropping = within(calm, healthy.fromMs, healthy.toMs).filter((window) => isDropping(window, held));
  const knownToMs = (windows.at(-1)?.endMs ?? 0) - longestAnswerMs(windows);
  const known = dropping.filter(({ endMs }) => endMs <= knownToMs);
  const rises = targetRises(samples, healthy);
  const queued = (rises?.ListenDrops ?? 0) > 0 || (rises?.ListenOverflows ?? 0) > 0;
  if (known.length < droppedWindows || queued) return null;
  const iterations = sum(dropping.map(({ droppedIterations }) => droppedIterations));
  const sleeping = heldByScript(input, iterations);
  if (sleeping !== null) return sleeping;
  const waitingVirtualUsers = waitedMs(input, known) / (coveredSeconds(known) * 1000);
  if (waitedMs(input, known) < waitingRatio * virtualUsers * sum(known.map(takenTimeMs))) {
    return { kind: "iterations-dropped", iterations, waitingVirtualUsers, virtualUsers };
  }
  const latencyMs = unqueuedLatencyMs(input, known);
  return latencyMs === null ? null : { kind: "few-users", iterations, latencyMs, virtualUsers };
}

/**
 * Users are busy for as long as their iterations last. null where these are not mostly the script's own time, or the users would do for the rate
 * by it.
 */
function heldByScript({ windows, healthy, virtualUsers }: GeneratorInput, iterations: number): GeneratorSign | null {
  const seen = within(windows, healthy.fromMs, healthy.toMs);
  const each = perIteration(seen, [], healthy);
  if (each === null || each.ownMs < each.lastedMs / 2) return null;
  const askedPerSecond = largest(seen.map((window) => (window.asked * 1000) / (window.endMs - window.startMs)));
  const neededVirtualUsers = Math.ceil((askedPerSecond * each.lastedMs) / 1000);
  if (neededVirtualUsers <= virtualUsers) return null;
  const { lastedMs: iterationMs, ownMs } = each;
  return { kind: "users-held-by-script", iterations, iterationMs, ownMs, virtualUsers, neededVirtualUsers };
}

function waitedMs({ unansweredUsers }: GeneratorInput, dropping: FlowWindow[]): number {
  return sum(dropping.map((window) => window.waitedMs)) + unansweredUsers * coveredSeconds(dropping) * 1000;
}

/** The mean latency while iterations were dropped, where it is a quick one and there was no queue; else null. */
function unqueuedLatencyMs(
  { windows, virtualUsers, unansweredUsers }: GeneratorInput,
  dropping: FlowWindow[],
): number | null {
  const latency = mergedLatency(dropping);
  if (latency === null || unansweredUsers > 0) return null;
  const leastMs = Math.min(...windows.map(({ latencyMs }) => latencyMs?.min ?? Number.POSITIVE_INFINITY));
  const meanMs = latency.sum / latency.count;
  // One user alone never waits behind another.
  const unqueued = virtualUsers === 1 || meanMs <= unqueuedRatio * leastMs;
  return unqueued && meanMs <= quickMs ? meanMs : null;
}

/** With the target well: it answered, or nobody waits for it. */
function isDropping(window: FlowWindow, heldByScript: boolean): boolean {
  const answered = successesOf(window) > 0 && servedFaults(window) <= 0.1 * window.requests;
  return isShort(window) && (window.requests === 0 ? heldByScript : answered);
}

function takenTimeMs({ asked, droppedIterations, startMs, endMs }: FlowWindow): number {
  return Math.min(1, droppedIterations / asked) * (endMs - startMs);
}

function ownFaults(windows: readonly FlowWindow[]): GeneratorSign[] {
  const counts = new Map<string, number>();
  for (const { kind, side, count } of windows.flatMap(({ faults }) => faults)) {
    if (side === "generator") counts.set(kind, (counts.get(kind) ?? 0) + count);
  }
  return [...counts].map(([fault, requests]) => ({ kind: "own-failures", fault, requests }));
}
