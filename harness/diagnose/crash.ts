import { isTargetRole } from "../core/roles.ts";
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
  const role = Object.keys(lastWords).find(isTargetRole) ?? "target";
  const said = { kind: "ended", role, lastWords: lastWords[role] ?? [] } as const;
  if (stoppedBy?.criterion === "target-died") {
    return { ...said, atSeconds: stoppedBy.atSeconds, how: stoppedBy.detail };
  }
  return fault?.kind === "target-died" ? { ...said, atSeconds: fault.firstSeconds, how: null } : null;
}

function upstreamEnd({ load: { stoppedBy, lastWords } }: ObservedWith<"load">): EvidenceOf<"ended"> | null {
  if (stoppedBy?.criterion !== "upstream-died") return null;
  const [role, words] = Object.entries(lastWords).find(([name]) => sideOf(name) === "upstream") ?? [];
  if (role === undefined || words === undefined) return null;
  return { kind: "ended", role, atSeconds: stoppedBy.atSeconds, how: stoppedBy.detail, lastWords: words };
}
