import { isTargetRole } from "../core/roles.ts";
import type { EvidenceOf } from "./evidence.ts";
import { strengths } from "./finding.ts";
import type { ObservedWith } from "./observed.ts";
import { program } from "./remedy.ts";
import { rule } from "./rule.ts";
import { holdsRequests } from "./upstream.ts";

/** A queue that never was shorter than this holds users who wait, not users who were forgotten. */
const longQueue = 2;

/**
 * The service stopped answering, nothing was completed for two seconds and more at the load's end while every user waited; or it stopped answering a part of
 * its users: they waited longer than any answer took, while no queue of the kernel and no upstream held their requests.
 */
export const hung = rule("hung", ["load"], (seen) => {
  const evidence = wholly(seen) ?? partly(seen);
  if (evidence === null) return null;
  return {
    side: "target",
    role: "target",
    limit: null,
    strength: evidence.sinceSeconds === null ? strengths.implied : strengths.said,
    evidence: [evidence],
    remedies: [program("target", "stacks")],
  };
});

function wholly({ load, demand }: ObservedWith<"load">): EvidenceOf<"silence"> | null {
  if (load.fault?.seenIn !== "silence") return null;
  const virtualUsers = demand?.virtualUsers ?? load.load.preAllocatedVirtualUsers;
  const { firstSeconds: sinceSeconds } = load.fault;
  return { kind: "silence", sinceSeconds, served: load.successes, unansweredUsers: virtualUsers, virtualUsers };
}

function partly(seen: ObservedWith<"load">): EvidenceOf<"silence"> | null {
  const { load, acceptQueues } = seen;
  const unansweredUsers = load.kept?.unansweredUsers ?? 0;
  const queue = acceptQueues?.find(({ role }) => isTargetRole(role));
  const inQueue = queue !== undefined && (queue.drops + queue.overflows > 0 || (queue.leastQueued ?? 0) >= longQueue);
  if (unansweredUsers === 0 || load.outcome === "broke" || inQueue || holdsRequests(seen) !== null) return null;
  const virtualUsers = load.load.preAllocatedVirtualUsers;
  return { kind: "silence", sinceSeconds: null, served: load.successes, unansweredUsers, virtualUsers };
}
