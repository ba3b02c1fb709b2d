import { isTargetRole } from "../core/roles.ts";
import type { OpenConnections } from "../results/evidence.ts";
import { hasLittleCpuLeft, isStarved, usedUp } from "./cpu-left.ts";
import { endedUnasked } from "./crash.ts";
import { strengths } from "./finding.ts";
import type { Observed, ObservedWith } from "./observed.ts";
import { moreUsers, program, type Remedy } from "./remedy.ts";
import { rule, sideOf } from "./rule.ts";
import { limitingUpstream, saidFault } from "./said.ts";
import { fellBehind, isQueued } from "./trouble.ts";

/** Open connections over requests in flight from which an upstream holds them. */
const holdingShare = 0.7;
/** A pool that was as large with few requests in flight as with many is just a pool. */
const growing = 1.5;

/**
 * The connections of the target to an upstream that hold its requests: about as many as there are requests in flight, and more of them with more
 * requests. A pool of kept connections is always full and says nothing. null where none does.
 */
export function holdsRequests({ connections, demand }: Observed): OpenConnections | null {
  if (connections === null || demand === null || demand.requestsInFlight < 1) return null;
  const own = connections.filter(({ role }) => isTargetRole(role));
  return own.find((one) => one.open >= holdingShare * demand.requestsInFlight && grows(one)) ?? null;
}

function grows({ growth }: OpenConnections): boolean {
  if (growth === null) return true;
  return growth.openAtMany >= growing * Math.max(1, growth.openAtFew);
}

/** The target waits on an upstream: which of the upstream's limits that is, its CPU tells: busy, or idle (its own pool, a lock, latency). */
export const waitsOnUpstream = rule("waits-on-upstream", ["demand", "connections"], (seen) => {
  const held = fellBehind(seen) ? holdsRequests(seen) : null;
  if (held === null || usedUp(seen, "target")) return null;
  const role = held.destination.name;
  // What a starved target lacks the upstream that it waits on may have.
  if (isStarved(seen, "target") && (role === null || !usedUp(seen, role))) return null;
  const busy = role !== null && hasLittleCpuLeft(seen, role);
  const upstreamCores = role === null ? null : (seen.cpuCores?.[role] ?? null);
  return {
    side: "upstream",
    role,
    limit: null,
    strength: held.growth === null ? strengths.hinted : strengths.implied,
    evidence: [
      { kind: "connections", ...held, upstreamCores },
      { kind: "demand", ...seen.demand },
    ],
    remedies: [
      ...(isQueued(seen.demand) ? [] : [moreUsers(seen.place)]),
      ...(role === null ? [] : remediesOf(role, busy)),
    ],
  };
});

function remediesOf(role: string, busy: boolean): Remedy[] {
  if (busy) return [program(role, "cpus"), program(role, "cost-of-a-request")];
  return [program(role, "places"), program(role, "cost-of-a-request")];
}

/** Dials that were refused over all requests from which it explains anything. */
const refusedShare = 0.005;
const leastRefused = 5;

/** An upstream refused connections: nobody listened. AttemptFails of the dialler and the resets of who was dialled say which one, without a word in any log. */
export const refusedDials = rule("refused-dials", ["load", "logged", "counters"], (seen) => {
  const { counters, load } = seen;
  const attempts = Object.entries(counters)
    .filter(([role]) => isTargetRole(role))
    .reduce((sum, [, values]) => sum + (values.AttemptFails ?? 0), 0);
  const refusing = Object.entries(counters)
    .filter(([role]) => sideOf(role) === "upstream")
    .map(([role, values]) => ({ role, resets: values.OutRsts ?? 0 }))
    .reduce<{ role: string; resets: number } | null>(
      (most, next) => (next.resets > (most?.resets ?? 0) ? next : most),
      null,
    );
  const said = saidFault(seen, ["ECONNREFUSED"]);
  const counted =
    load.outcome === "broke" &&
    refusing !== null &&
    attempts >= Math.max(leastRefused, refusedShare * load.requests) &&
    refusing.resets >= attempts / 2;
  // A log line alone may be of a dial that was tried again with success.
  if (!counted && (said === null || said.evidence.requests === null || isGenerators(seen))) return null;
  const role = counted ? refusing.role : limitingUpstream(seen);
  if (role === null) return null;
  return {
    side: "upstream",
    role,
    limit: null,
    strength: counted ? strengths.said : (said?.strength ?? strengths.hinted),
    evidence: [
      { kind: "refused-dials", role: "target", attempts, towards: role, resets: counted ? refusing.resets : null },
      ...(said === null ? [] : [said.evidence]),
    ],
    remedies: [{ kind: "upstream", name: role, what: "listening" }],
  };
});

/** The generator's own dials to the target were refused, or the target had ended: nothing is said of an upstream. */
function isGenerators(seen: ObservedWith<"load">): boolean {
  const { fault } = seen.load;
  return endedUnasked(seen) || (fault?.kind === "ECONNREFUSED" && fault.seenIn === "dial");
}
