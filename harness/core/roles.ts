import type { Role } from "../results/samples.ts";

/** Roles of a target's copies, in order: target, target-2, target-3. No upstream may be named so. */
export function targetRoles(replicas: number): Role[] {
  return Array.from({ length: replicas }, (_, index) => replicaRole(index + 1));
}

/** Role of the target's n-th copy, counted from 1. */
export function replicaRole(replica: number): Role {
  return replica === 1 ? "target" : `target-${replica}`;
}

/** Whether a role is the target or a copy of it. */
export function isTargetRole(role: Role): boolean {
  return /^target(?:-[1-9]\d*)?$/.test(role);
}
