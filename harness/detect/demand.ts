import type { Demand } from "../results/evidence.ts";
import type { Window } from "../results/window.ts";
import { calmWindows } from "./condition-spans.ts";
import { latencyOf } from "./latency.ts";
import { healthySpan, type Phases } from "./phases.ts";
import type { TrialInput } from "./trial-input.ts";
import { coveredSeconds, largest, successesOf, sum, within } from "./windows.ts";

/**
 * What was asked of the target from the ramp's end to its fault, where that is time enough, or the stop, and what it came to; of conditions in those
 * in which nothing was done to parts. null without a window there.
 */
export function demandOf(input: TrialInput, phases: Phases): Demand | null {
  const calm = calmWindows(input.windows, phases.disturbed);
  const { fromMs, toMs } = healthySpan(phases);
  const healthy = within(calm, fromMs, toMs);
  const windows = coveredSeconds(healthy) >= leastSeconds ? healthy : within(calm, fromMs, phases.stopMs);
  const seconds = coveredSeconds(windows);
  if (windows.length === 0 || seconds === 0) return null;
  const dropped = sum(windows.map(({ droppedIterations }) => droppedIterations));
  const requests = sum(windows.map((window) => window.requests));
  return {
    askedPerSecond: (requests + dropped) / seconds,
    servedPerSecond: sum(windows.map(successesOf)) / seconds,
    peakServedPerSecond: peakPerSecond(windows),
    droppedShare: requests + dropped === 0 ? 0 : dropped / (requests + dropped),
    droppingWindows: windows.filter(({ droppedIterations }) => droppedIterations > 0).length / windows.length,
    // What succeeded after d ms was in flight for d ms.
    requestsInFlight: sum(windows.map(({ latencyMs }) => latencyMs?.sum ?? 0)) / (seconds * 1000),
    // k6 tells its users a second after its start, which may be later than a fault.
    virtualUsers: largest(input.windows.map(({ virtualUsers }) => virtualUsers)),
    medianLatencyMs: latencyOf(windows)?.p50 ?? null,
    leastLatencyMs: leastOf(calm.flatMap(({ latencyMs }) => (latencyMs === null ? [] : [latencyMs.min]))),
  };
}

/** Half of a generator's window: a load that broke sooner had no time for requests to wait for one another. */
const leastSeconds = 0.25;

/** Over shorter spans what was begun before and ended within counts for too much. */
const peakSpanMs = 2000;

/** Over stretches of windows that follow one another; all of them where they are fewer. */
function peakPerSecond(windows: readonly Window[]): number {
  const rates = windows.flatMap((first, from) => {
    const to = windows.findIndex(({ endMs }, at) => at >= from && endMs - first.startMs >= peakSpanMs);
    return to === -1 ? [] : [rateOf(windows.slice(from, to + 1))];
  });
  return rates.length === 0 ? rateOf(windows) : largest(rates);
}

function rateOf(windows: readonly Window[]): number {
  return sum(windows.map(successesOf)) / coveredSeconds(windows);
}

function leastOf(values: number[]): number | null {
  return values.length === 0 ? null : values.reduce((least, value) => Math.min(least, value));
}
