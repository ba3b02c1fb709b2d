import { isTargetRole } from "../core/roles.ts";
import type { StopReason } from "../results/stop-reason.ts";
import type { EvidenceOf } from "./evidence.ts";
import { strengths } from "./finding.ts";
import type { ObservedWith } from "./observed.ts";
import { program } from "./remedy.ts";
import { type Rule, rule, sideOf } from "./rule.ts";

/** The target or an upstream ended under load, unasked: read from an invalid trial too. Its last words are untrusted text. */
export const targetCrashed: Rule<"target-crashed"> = {
  ...rule("target-crashed", ["load"], (seen) => {
    const end = targetEnd(seen) ?? upstreamEnd(seen);
    if (end === null) return null;
    const { role } = end;
    return {
      side: sideOf(role),
      role,
      limit: null,
      strength: strengths.said,
      evidence: [end],
      remedies: [program(role, "end")],
    };
  }),
  readsInvalid: true,
};

/** It may have ended without ending the load: while something was done to another part on purpose. */
function targetEnd({ load: { stoppedBy, fault, lastWords } }: ObservedWith<"load">): EvidenceOf<"ended"> | null {
  if (stoppedBy?.criterion === "target-died") return endOf(stoppedBy, lastWords);
  if (fault?.kind !== "target-died") return null;
  const role = Object.keys(lastWords).find(isTargetRole) ?? "target";
  return { kind: "ended", role, atSeconds: fault.firstSeconds, how: null, lastWords: lastWords[role] ?? [] };
}

function upstreamEnd({ load: { stoppedBy, lastWords } }: ObservedWith<"load">): EvidenceOf<"ended"> | null {
  return stoppedBy?.criterion === "upstream-died" ? endOf(stoppedBy, lastWords) : null;
}

function endOf(
  { role, atSeconds, death }: Extract<StopReason, { role: string }>,
  lastWords: Record<string, string[]>,
): EvidenceOf<"ended"> {
  return { kind: "ended", role, atSeconds, how: death, lastWords: lastWords[role] ?? [] };
}

/** Whether the target ended under load: what fails then fails for that. */
export function endedUnasked(seen: ObservedWith<"load">): boolean {
  return targetEnd(seen) !== null;
}
