import type { Caveat } from "../results/caveats.ts";
import type { Phases } from "./phases.ts";
import type { TrialInput } from "./trial-input.ts";

/** Reservations about a trial whose load was one of conditions. */
export function conditionCaveats(input: TrialInput, phases: Phases): Caveat[] {
  return [...mixedConditions(input), ...relays(input), ...notDone(input), ...cutShort(input, phases)];
}

function mixedConditions({ conditions }: TrialInput): Caveat[] {
  const calm = conditions.filter(({ actions }) => actions.length === 0).map(({ name }) => name);
  if (conditions.length < 2 || calm.length === 0) return [];
  return [{ code: "mixed-conditions", conditions: calm }];
}

function relays({ relayed }: TrialInput): Caveat[] {
  return relayed.map((role) => ({ code: "relay", role }));
}

/** What was planned and found nothing to act on, or could not be undone. */
function notDone({ events }: TrialInput): Caveat[] {
  return events.flatMap((event): Caveat[] => {
    const { kind } = event;
    if (kind === "action-failed") return [{ code: kind, condition: event.condition, words: event.words }];
    if (kind !== "action-skipped") return [];
    return [{ code: kind, condition: event.condition, role: event.role, action: event.action }];
  });
}

function cutShort({ conditions }: TrialInput, { firstMs, stopMs }: Phases): Caveat[] {
  const wholeMs = conditions.reduce((sum, { lastingMs }) => sum + lastingMs, 0);
  if (conditions.length === 0 || stopMs - firstMs >= wholeMs) return [];
  const [endedSeconds, plannedSeconds] = [(stopMs - firstMs) / 1000, wholeMs / 1000];
  return [{ code: "conditions-cut-short", endedSeconds, plannedSeconds }];
}
