import { msForRequests, peakPerSecond, type Rate, requestsBy, settledMs } from "../suite/rate.ts";
import { timeWaitMs } from "./port-budget.ts";

/**
 * When `ports` are first held at once, if every request opens one connection whose port is held for a TIME_WAIT's 60 s: ms from
 * the load's start. null where the rate never gets there, however long it lasts.
 */
export function msUntilHeld(rate: Rate, ports: number): number | null {
  if (ports <= 0) return 0;
  const first = msForRequests(rate, ports);
  if (first <= timeWaitMs) return first;
  if ((peakPerSecond(rate) * timeWaitMs) / 1000 < ports) return null;
  return firstMsHolding(rate, ports, first);
}

/** Later than the first 60 s ports are given back as well: looks on until the rate has settled, then there is nothing new. */
function firstMsHolding(rate: Rate, ports: number, fromMs: number): number | null {
  const untilMs = fromMs + settledMs(rate) + timeWaitMs;
  const stepMs = Math.max(100, (untilMs - fromMs) / 10_000);
  for (let ms = fromMs; ms <= untilMs + stepMs; ms += stepMs) {
    if (requestsBy(rate, ms) - requestsBy(rate, ms - timeWaitMs) >= ports) return ms;
  }
  return null;
}
