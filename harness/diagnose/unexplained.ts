import { isTargetRole } from "../core/roles.ts";
import { isStarved } from "./cpu-left.ts";
import type { EvidenceOf, FindingEvidence } from "./evidence.ts";
import type { Found } from "./finding.ts";
import type { Observed } from "./observed.ts";
import { program } from "./remedy.ts";
import { fellBehind } from "./trouble.ts";

/**
 * What is left to say of a trial that broke or fell behind where no rule explains it: its fault by name and count, how far it kept up, and the line of an error that the
 * target (else an upstream) repeated most, or that others had the CPUs. null of a trial that was well, or that says nothing of its load.
 */
export function unexplained(seen: Observed): Found<"unexplained"> | null {
  const { load, demand } = seen;
  if (load === null || (load.outcome !== "broke" && !fellBehind(seen))) return null;
  const side = load.fault?.side ?? "target";
  const failed: EvidenceOf<"failures">[] = load.faults
    .filter(({ side: whose }) => whose !== "generator")
    .slice(0, 3)
    .map(({ kind, count }) => ({ kind: "failures", fault: kind, requests: count, of: load.requests }));
  const shown: FindingEvidence[] = fellBehind(seen) && demand !== null ? [{ kind: "demand", ...demand }] : [];
  const waited = waitedFor(seen);
  const evidence = [...failed, ...lineOf(seen), ...shown, ...waited];
  const [first, ...others] = evidence;
  if (first === undefined || (first.kind !== "failures" && first.kind !== "demand" && first.kind !== "line"))
    return null;
  return {
    side,
    role: null,
    limit: null,
    strength: 0,
    evidence: [first, ...others],
    remedies: [...(waited.length === 0 ? [] : [{ kind: "node", what: "cpu" } as const]), program("target", "log")],
  };
}

/** Where others had the CPUs a target's own limits do not show. */
function waitedFor(seen: Observed): EvidenceOf<"run-delay">[] {
  const waitedCores = seen.processes?.target?.runDelayCores ?? null;
  return waitedCores !== null && isStarved(seen, "target") ? [{ kind: "run-delay", role: "target", waitedCores }] : [];
}

function lineOf({ repeatedLines }: Observed): EvidenceOf<"line">[] {
  const all = Object.entries(repeatedLines ?? {});
  const [role, said] = all.find(([name]) => isTargetRole(name)) ?? all[0] ?? [];
  return role === undefined || said === undefined ? [] : [{ kind: "line", role, ...said }];
}
