import { isTargetRole } from "../core/roles.ts";
import { hasLittleCpuLeft } from "./cpu-left.ts";
import { strengths } from "./finding.ts";
import type { ObservedWith } from "./observed.ts";
import { moreUsers, program } from "./remedy.ts";
import { rule } from "./rule.ts";
import { servedAtOnce } from "./slow-accept.ts";
import { fellBehind, isQueued } from "./trouble.ts";
import { holdsRequests } from "./upstream.ts";

/** Share of the requests that it must turn away. */
const leastFailed = 0.01;
/** What a service answers that has no place or no time for a request; a 500 or 502 says that something failed. */
const refusals: readonly string[] = ["HTTP 503", "HTTP 504"];

/**
 * A limit inside the program: a pool, a semaphore, a lock, workers. It fell behind, or turned requests away, while its CPU was idle, no upstream held
 * the requests, and no queue of the kernel was full. About rate x time of an undisturbed request is how many it serves at once.
 */
export const programLimit = rule("program-limit", ["load", "demand", "cpuCores"], (seen) => {
  if (!fellBehind(seen) && !turnsAway(seen)) return null;
  if (hasLittleCpuLeft(seen, "target") || holdsRequests(seen) !== null || isKernelQueueFull(seen)) return null;
  const queues = isQueued(seen.demand);
  if (!queues && turnsAway(seen)) return null;
  const places = queues ? servedAtOnce(seen) : null;
  return {
    side: "target",
    role: "target",
    limit: places === null ? null : { used: places, of: places, unit: "requests" },
    strength: queues && fellBehind(seen) ? strengths.implied : strengths.hinted,
    evidence: [
      { kind: "demand", ...seen.demand },
      {
        ...{ kind: "cpu", role: "target", usedCores: seen.cpuCores.target ?? 0 },
        ...{ allowedCores: seen.cpusAllowed.target?.length ?? seen.cpus?.cpuBusy.length ?? 0, bound: "idle" },
      },
    ],
    remedies: [
      ...(queues ? [] : [moreUsers(seen.place)]),
      program("target", "places"),
      program("target", "cost-of-a-request"),
    ],
  };
});

/** It answers, and refuses a good part: a plain status that names no other cause. */
function turnsAway({ load }: ObservedWith<"load">): boolean {
  return (
    load.outcome === "broke" &&
    load.fault?.seenIn === "status" &&
    load.faults.some(({ kind, count }) => refusals.includes(kind) && count >= leastFailed * load.requests)
  );
}

function isKernelQueueFull({ acceptQueues }: ObservedWith<never>): boolean {
  return acceptQueues?.some(({ role, overflows, drops }) => isTargetRole(role) && overflows + drops > 0) ?? false;
}
