import { isTargetRole } from "../core/roles.ts";
import { eventsOf } from "../results/events.ts";
import type { Role } from "../results/samples.ts";
import type { StopReason } from "../results/stop-reason.ts";
import type { TrialInput } from "./trial-input.ts";

/**
 * Roles that ended unasked. Under load: by the load's stop, or, where the load went on, by the event that came before it. What
 * ends later ended of the stop itself (k6 resets its connections).
 */
export function deathsOf(input: Pick<TrialInput, "deaths" | "stop" | "events">): { underLoad: Role[]; later: Role[] } {
  const roles = Object.keys(input.deaths);
  const underLoad = roles.filter(
    (role) => input.stop?.criterion === criterionOf(role) || targetDeathMs(input, role) !== null,
  );
  return { underLoad, later: roles.filter((role) => !underLoad.includes(role)) };
}

/** When a copy of the target died before the load's stop was decided, ms on the trial's clock; null where none did. */
export function targetDeathMs({ events }: Pick<TrialInput, "events">, role?: Role): number | null {
  const stopMs = eventsOf(events, "stop-decided")[0]?.atMs ?? Number.POSITIVE_INFINITY;
  const died = eventsOf(events, "part-died").find((event) =>
    role === undefined ? isTargetRole(event.role) : event.role === role,
  );
  return died === undefined || died.atMs >= stopMs ? null : died.atMs;
}

function criterionOf(role: Role): StopReason["criterion"] {
  if (isTargetRole(role)) return "target-died";
  return role === "generator" ? "generator-died" : "upstream-died";
}
