import { peakPerSecond } from "../suite/rate.ts";
import type { Suite } from "../suite/suite.ts";

/** How long an iteration keeps its user busy, as far as it is known before a run. */
export interface BusyTime {
  seconds: number;
  /** Whether a run of this script measured it; else it is the sum of what the script says that it sleeps. */
  measured: boolean;
}

/** null where no run measured it and the script says of no sleep how long it is. */
export function busyTime({ script, perIteration }: Pick<Suite, "script" | "perIteration">): BusyTime | null {
  if (perIteration !== null) return { seconds: perIteration.lastedMs / 1000, measured: true };
  return script === null || script.sleepSeconds === 0 ? null : { seconds: script.sleepSeconds, measured: false };
}

/** Virtual users that are busy at once at the highest rate: rate times iteration time. null where that is not known. */
export function usersNeeded(suite: Pick<Suite, "script" | "perIteration" | "load">): number | null {
  const busy = busyTime(suite);
  return busy === null ? null : Math.ceil(peakPerSecond(suite.load.rate) * busy.seconds);
}

/** As many as a suite has that says nothing: they wait for the service. */
const waitingUsers = 200;
/** Iterations do not all take as long as the mean. */
const room = 1.5;

/** What `virtualUsers: auto` comes to. */
export function automaticUsers(suite: Pick<Suite, "script" | "perIteration" | "load">): number {
  return Math.min(100_000, waitingUsers + Math.ceil(room * (usersNeeded(suite) ?? 0)));
}
