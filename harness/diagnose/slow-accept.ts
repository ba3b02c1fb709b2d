import { isTargetRole } from "../core/roles.ts";
import type { AcceptQueueEvidence } from "../results/evidence.ts";
import { hasLittleCpuLeft } from "./cpu-left.ts";
import { strengths } from "./finding.ts";
import type { Observed } from "./observed.ts";
import { program } from "./remedy.ts";
import { rule } from "./rule.ts";
import { fellBehind } from "./trouble.ts";

/** Looks that must agree: one is a moment. */
const leastLooks = 3;
/** A queue is long that never was shorter than this, and than half of what it was at its longest. */
const leastQueued = 2;

/**
 * The accept queue was long in every look while the target did not keep up and its CPU was idle: too few of its workers accept (synchronous
 * workers, a proxy's own maxconn). A longer backlog only makes the queue longer.
 */
export const slowAccept = rule("slow-accept", ["acceptQueues", "demand"], (seen) => {
  const queue = seen.acceptQueues.find(({ role }) => isTargetRole(role));
  if (queue === undefined || !fellBehind(seen) || !isAlwaysLong(queue) || hasLittleCpuLeft(seen, "target")) return null;
  const places = servedAtOnce(seen);
  return {
    side: "target",
    role: "target",
    limit: places === null ? null : { used: places, of: places, unit: "requests" },
    strength: strengths.implied,
    evidence: [
      { kind: "accept-queue", ...queue, binding: null },
      { kind: "demand", ...seen.demand },
    ],
    remedies: [program("target", "workers"), program("target", "connection-limit")],
  };
});

function isAlwaysLong({ looks, leastQueued: least, peakQueued }: AcceptQueueEvidence): boolean {
  return looks >= leastLooks && least !== null && least >= leastQueued && least >= peakQueued / 2;
}

/** Requests that were served at once: the highest rate x the time of a request that waits for nobody (Little's law). null where it is not known, or under one half. */
export function servedAtOnce({ demand }: Observed): number | null {
  if (demand?.leastLatencyMs == null) return null;
  const places = Math.round((demand.peakServedPerSecond * demand.leastLatencyMs) / 1000);
  return places < 1 ? null : places;
}
