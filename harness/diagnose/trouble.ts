import type { Observed } from "./observed.ts";

/** Least share of what was asked that found no free user, and of the windows in which that was so, for a trial that fell behind. */
const droppedShare = 0.05;
const droppingWindows = 0.5;
/** With at least this share of the users waiting for the target, it was the target that they waited for. */
const waitingShare = 0.5;

/** Requests queue where half of them take so many times as long as one that waits for nobody. */
const queueing = 1.8;
/** ... and by so much longer: what is over at once varies as much by chance, ms. */
const leastWaitMs = 5;

const troubled: readonly string[] = ["broke", "degraded", "saturated"];

/** Whether the trial was short of anything: a healthy one may log a refused connection, or use a whole core. */
export function inTrouble(seen: Pick<Observed, "load" | "demand" | "generator">): boolean {
  return (seen.load !== null && troubled.includes(seen.load.outcome)) || fellBehind(seen);
}

/**
 * Whether the target did not keep up with what was asked: the trial says so or, where it met a cliff before, iterations were dropped in most
 * windows while the users waited for the target.
 */
export function fellBehind({ load, demand, generator }: Pick<Observed, "load" | "demand" | "generator">): boolean {
  if (load?.outcome === "saturated") return true;
  // With a generator that was the limit nothing is known of the target's.
  if (load?.outcome === "broke" || generator?.bound) return false;
  if (demand === null || demand.droppedShare < droppedShare || demand.droppingWindows < droppingWindows) return false;
  return demand.requestsInFlight >= waitingShare * demand.virtualUsers;
}

/** Whether requests waited for one another: answers took longer than one that waits for nobody. */
export function isQueued({ medianLatencyMs, leastLatencyMs }: NonNullable<Observed["demand"]>): boolean {
  if (medianLatencyMs === null || leastLatencyMs === null) return false;
  return medianLatencyMs >= Math.max(queueing * leastLatencyMs, leastLatencyMs + leastWaitMs);
}
