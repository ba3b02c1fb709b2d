import { isTargetRole } from "../../core/roles.ts";
import type { Role } from "../../results/samples.ts";

/** A role as a sentence names it: the target, copy 2 of the target, upstream db. */
export function roleWords(role: Role): string {
  if (role === "target" || role === "generator") return `the ${role}`;
  return isTargetRole(role) ? `copy ${role.replace("target-", "")} of the target` : `upstream ${role}`;
}
