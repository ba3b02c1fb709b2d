import { isTargetRole } from "../core/roles.ts";
import type { FaultKind } from "../knowledge/faults.ts";
import type { Role } from "../results/samples.ts";
import type { EvidenceOf } from "./evidence.ts";
import { strengths } from "./finding.ts";
import type { ObservedWith } from "./observed.ts";
import { inTrouble } from "./trouble.ts";

/** Share of the requests that failed with it at which a fault counts in a trial that was short of nothing else. */
const leastShare = 0.01;

/** What requests failed with, or a log says, and what that is worth. */
export interface Said {
  evidence: EvidenceOf<"said">;
  strength: number;
  /** Whose log says it; null where responses alone do. */
  role: Role | null;
}

/**
 * A fault by its name: from failed requests, or from the logs. What a response says is the service's own word; a log that explains failed requests is
 * two measurements, a log line alone one. null where nobody says it, or nothing was wrong.
 */
export function saidFault(seen: ObservedWith<"load" | "logged">, kinds: readonly FaultKind[]): Said | null {
  const { load, logged } = seen;
  const isMeant = (kind: string) => kinds.some((one) => one === kind);
  const failed = load.faults.filter(({ kind, side }) => isMeant(kind) && side !== "generator");
  const line = logged.filter(({ fault }) => isMeant(fault))[0] ?? null;
  const requests = failed.reduce((sum, { count }) => sum + count, 0);
  const fault = failed[0]?.kind ?? line?.fault;
  if (fault === undefined) return null;
  if (!inTrouble(seen) && requests < leastShare * load.requests) return null;
  const fromLog = requests > 0 && load.fault?.kind === fault && load.fault.seenIn === "log";
  const anyFailed = load.faults.some(({ side }) => side !== "generator");
  return {
    role: line?.role ?? null,
    strength:
      requests > 0 && !fromLog
        ? strengths.said
        : requests > 0 || (anyFailed && line !== null && load.outcome === "broke")
          ? strengths.implied
          : strengths.hinted,
    evidence: {
      kind: "said",
      fault,
      requests: requests === 0 ? null : requests,
      seenIn: requests > 0 && !fromLog ? "responses" : "log",
      role: line?.role ?? null,
      times: line?.times ?? null,
      line: line?.line ?? null,
    },
  };
}

/** The role whose log says it, where that is the target or an upstream; else the target. */
export function roleOfSaid({ role }: Said): Role {
  return role ?? "target";
}

/** The upstream that a role's limit is about: the only one, or the one that most connections are open to. null where that is not known. */
export function limitingUpstream({
  connections,
  counters,
}: Pick<ObservedWith<never>, "connections" | "counters">): Role | null {
  const named = connections?.flatMap(({ role, destination: { name } }) =>
    isTargetRole(role) && name !== null ? [name] : [],
  );
  const roles = Object.keys(counters ?? {}).filter((role) => role !== "generator" && !isTargetRole(role));
  return named?.[0] ?? (roles.length === 1 ? (roles[0] ?? null) : null);
}
