import { quantile } from "../core/histogram.ts";
import type { GeneratorSign } from "../results/generator-signs.ts";
import type { Sample } from "../results/samples.ts";
import type { GeneratorHealth } from "../results/trial.ts";
import type { Window } from "../results/window.ts";
import { boundsOf, coresOf, roleCpuOf, type Span, targetRises } from "./deltas.ts";
import { coveredSeconds, largest, mergedLatency, servedFaults, successesOf, sum, within } from "./windows.ts";

/** Share of its cores at which the generator is taken to be at its limit. */
const saturatedRatio = 0.9;
/** CPU bandwidth is given in periods of 100 ms (cpu.max, which Kubernetes leaves at that); held back in more of them is no noise. */
const periodMs = 100;
const throttledRatio = 0.05;
/** Dropped iterations below this share of what was asked for are start-up noise. */
const droppedRatio = 0.01;
const droppedWindows = 2;
/** With fewer than this share of the virtual users busy, it was not the target's slowness that kept iterations waiting. */
const busyRatio = 0.5;

/**
 * `healthy`: first request to the cliff, the fault or the stop, while the target's own limit can't be the reason;
 * `steady`: the part of it after the ramp, where there is one, over which CPU is taken; `load`: first request to stop.
 */
export interface GeneratorInput {
  windows: readonly Window[];
  /** Those in which nothing was done to parts on purpose: elsewhere requests may fail quickly while iterations are dropped. */
  calm: readonly Window[];
  samples: readonly Sample[];
  healthy: Span;
  steady: Span;
  load: Span;
  virtualUsers: number;
  /** Cores the generator may use; null where that is not known. */
  cores: number | null;
  /** Whether it is a container of its own, whose CPU limit can be told from the others'. */
  contained: boolean;
}

/**
 * Whether the generator was the limit. Its signs: iterations dropped while the target was quick (by Little's law the
 * busy virtual users are rate x latency, here its p99, so there were free ones), its CPU at its cores, failures of its own (no free
 * port or descriptor), in a container its CPU limit. Drops while rate x latency reaches the virtual users are the target's slowness and no sign.
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
  const bounds = contained ? boundsOf(roleCpuOf(samples, "generator"), steady) : null;
  const [first, last] = [bounds?.first.throttledPeriods ?? null, bounds?.last.throttledPeriods ?? null];
  if (bounds === null || first === null || last === null) return null;
  const share = (last - first) / ((bounds.last.atMs - bounds.first.atMs) / periodMs);
  return share < throttledRatio ? null : { kind: "cpu-limited", timeShare: share };
}

/** null where drops are few, or explained: busy virtual users, or connections that waited to be accepted. */
function quickTarget({ calm, samples, healthy, virtualUsers }: GeneratorInput): GeneratorSign | null {
  const dropping = within(calm, healthy.fromMs, healthy.toMs).filter(isDropping);
  const quick = dropping.filter((window) => busyVirtualUsers(window) < busyRatio * virtualUsers);
  if (quick.length < droppedWindows) return null;
  const rises = targetRises(samples, healthy);
  if ((rises?.ListenDrops ?? 0) > 0 || (rises?.ListenOverflows ?? 0) > 0) return null;
  return {
    kind: "iterations-dropped",
    iterations: sum(quick.map(({ droppedIterations }) => droppedIterations)),
    busyVirtualUsers: Math.ceil(largest(quick.map(busyVirtualUsers))),
    virtualUsers,
  };
}

function isDropping(window: Window): boolean {
  const { requests, droppedIterations } = window;
  const answered = successesOf(window) > 0 && servedFaults(window) <= 0.1 * requests;
  return answered && droppedIterations > droppedRatio * (requests + droppedIterations);
}

/**
 * Little's law: requests in flight = rate x latency. The latency is the window's p99, not its mean: a target that stands
 * still for a tenth of a second keeps every user busy meanwhile, which the mean of half a second hides.
 */
function busyVirtualUsers(window: Window): number {
  const latency = mergedLatency([window]);
  const seconds = latency === null ? 0 : quantile(latency, 0.99) / 1000;
  return (window.requests / coveredSeconds([window])) * seconds;
}

function ownFaults(windows: readonly Window[]): GeneratorSign[] {
  const counts = new Map<string, number>();
  for (const { kind, side, count } of windows.flatMap(({ faults }) => faults)) {
    if (side === "generator") counts.set(kind, (counts.get(kind) ?? 0) + count);
  }
  return [...counts].map(([fault, requests]) => ({ kind: "own-failures", fault, requests }));
}
