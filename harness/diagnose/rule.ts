import { isTargetRole } from "../core/roles.ts";
import type { Role } from "../results/samples.ts";
import type { Side } from "../results/window.ts";
import type { Found, RuleId } from "./finding.ts";
import { has, type Need, type Observed, type ObservedWith } from "./observed.ts";

/** A pure function of what was observed: the bottleneck that it shows, or null where it does not show it. */
export interface Rule<Id extends RuleId = RuleId> {
  id: Id;
  /** Without all of these it has nothing to say. */
  needs: readonly Need[];
  /** Whether it reads trials that measured nothing, too. */
  readsInvalid: boolean;
  find: (seen: Observed) => Found<Id> | null;
}

/** A rule by its name: `find` is asked only where all that it needs was observed. */
export function rule<Id extends RuleId, Needed extends Need>(
  id: Id,
  needs: readonly Needed[],
  find: (seen: ObservedWith<Needed>) => Found<Id> | null,
): Rule<Id> {
  return { id, needs, readsInvalid: false, find: (seen) => (has(seen, needs) ? find(seen) : null) };
}

/** Whose limit a role's limit is. */
export function sideOf(role: Role): Side {
  if (isTargetRole(role)) return "target";
  return role === "generator" ? role : "upstream";
}
