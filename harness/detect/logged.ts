import { quotable } from "../core/log-line.ts";
import { eventsOf } from "../results/events.ts";
import type { LoggedFault } from "../results/evidence.ts";
import type { Role } from "../results/samples.ts";
import { firstHealthy, usualRates } from "./attribute.ts";
import { isInSpans } from "./condition-spans.ts";
import type { Phases } from "./phases.ts";
import type { TrialInput } from "./trial-input.ts";

/** Faults that parts logged under load more than twice as often as before anything failed, the most frequent first. */
export function loggedFaults(input: TrialInput, { firstMs, stopMs, disturbed }: Phases): LoggedFault[] {
  const healthy = firstHealthy(input.windows);
  const inLoad = eventsOf(input.events, "fault-logged").filter(
    ({ atMs }) => atMs >= firstMs && atMs <= stopMs && !isInSpans(atMs, disturbed),
  );
  const found = [...new Set(inLoad.map(({ role }) => role))].flatMap((role) => {
    const own = inLoad.filter((event) => event.role === role);
    const usual = usualRates(own, healthy);
    const fromMs = anyFailed(input) ? (healthy?.toMs ?? firstMs) : firstMs;
    return [...new Set(own.map(({ fault }) => fault))].flatMap((fault): LoggedFault[] => {
      const said = own.filter((event) => event.fault === fault);
      const since = said.filter(({ atMs }) => atMs >= fromMs - 250);
      const perSecond = since.length / Math.max(0.5, (stopMs - fromMs) / 1000);
      const usualPerSecond = anyFailed(input) ? (usual.get(fault) ?? 0) : 0;
      const [first] = since;
      if (first === undefined || perSecond <= 2 * usualPerSecond) return [];
      return [{ role, fault, times: since.length, perSecond, usualPerSecond, line: quotable(first.line) }];
    });
  });
  return found.sort((a, b) => b.times - a.times);
}

/** The line of an error that each part repeated most until the stop. */
export function repeatedLines({ events }: TrialInput): Record<Role, { line: string; lines: number }> {
  return Object.fromEntries(
    eventsOf(events, "line-repeated").map(({ role, line, lines }) => [role, { line, lines }] as const),
  );
}

function anyFailed({ windows }: TrialInput): boolean {
  return windows.some(({ faults }) => faults.some(({ side }) => side !== "generator"));
}
