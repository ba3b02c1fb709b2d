import { isTargetRole } from "../core/roles.ts";
import type { Role } from "../results/samples.ts";
import type { TrialRecord } from "../results/trial.ts";
import type { Side } from "../results/window.ts";
import type { Finding, FindingEvidence } from "./finding.ts";

/** What a rule says of one trial; see Finding for the fields. */
export interface TrialFinding {
  side: Side;
  bottleneck: string;
  evidence: FindingEvidence[];
  remedy: string;
}

/** A pure function of one trial's record: the bottleneck it proves, or null where the record does not show it. */
export interface Rule {
  rule: Finding["rule"];
  find: (trial: TrialRecord) => TrialFinding | null;
}

/** One line of evidence. */
export function fact(what: string, value: number | string, unit: string | null = null): FindingEvidence {
  return { what, value, unit };
}

/** Whose limit a role's limit is. */
export function sideOf(role: Role): Side {
  if (isTargetRole(role)) return "target";
  return role === "generator" ? role : "upstream";
}

/** A role as a sentence names it. */
export function called(role: Role): string {
  if (role === "target" || role === "generator") return `the ${role}`;
  return isTargetRole(role) ? `copy ${role.replace("target-", "")} of the target` : `upstream ${role}`;
}
