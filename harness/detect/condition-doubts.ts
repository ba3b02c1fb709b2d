import { formatChosen, formatSeconds } from "../core/units.ts";
import type { Doubt } from "../results/trial.ts";
import type { Moments } from "./moments.ts";
import type { TrialInput } from "./trial-input.ts";

/** Reservations about a trial whose load was one of conditions. */
export function conditionDoubts(input: TrialInput, moments: Moments): Doubt[] {
  return [...mixedConditions(input), ...relays(input), ...notDone(input), ...cutShort(input, moments)];
}

function mixedConditions({ conditions }: TrialInput): Doubt[] {
  const calm = conditions.filter(({ actions }) => actions.length === 0).map(({ name }) => name);
  if (conditions.length < 2 || calm.length === 0) return [];
  const message = `the trial's own rate, latency and failures are taken over ${calm.join(" and ")}${calm.length > 1 ? " together" : ""}: each condition has its own in the conditions' table`;
  return [{ code: "mixed-conditions", message }];
}

function relays({ relayed }: TrialInput): Doubt[] {
  return relayed.map((role) => ({
    code: "relay",
    message: `${role} is reached through a relay, one program more on every request's way, in all profiles alike`,
  }));
}

/** What was planned and found nothing to act on, or could not be undone. */
function notDone({ events }: TrialInput): Doubt[] {
  return events.flatMap((event): Doubt[] => {
    if (event.kind === "action-failed") return [{ code: event.kind, message: `${event.condition}: ${event.words}` }];
    if (event.kind !== "action-skipped") return [];
    const message = `${event.condition}: ${event.role} was not running: no ${event.action}`;
    return [{ code: event.kind, message }];
  });
}

function cutShort({ conditions }: TrialInput, { firstMs, stopMs }: Moments): Doubt[] {
  const wholeMs = conditions.reduce((sum, { lastingMs }) => sum + lastingMs, 0);
  if (conditions.length === 0 || stopMs - firstMs >= wholeMs) return [];
  const message = `the load ended at ${formatSeconds((stopMs - firstMs) / 1000)} of the conditions' ${formatChosen(wholeMs / 1000, "s")}: what comes later was not seen`;
  return [{ code: "conditions-cut-short", message }];
}
