import { isTargetRole } from "../core/roles.ts";
import { formatSeconds } from "../core/units.ts";
import type { TrialRecord } from "../results/trial.ts";
import { called, fact, type Rule, sideOf, type TrialFinding } from "./rule.ts";

/** The target or an upstream ended under load, unasked. Its last words are untrusted text. */
export const targetCrashed: Rule = { rule: "target-crashed", find: findCrash };

function findCrash(trial: TrialRecord): TrialFinding | null {
  const end = targetDeath(trial) ?? upstreamDeath(trial);
  if (end === null) return null;
  const { role, atSeconds, how } = end;
  const words = trial.lastWords[role] ?? [];
  const last = words.at(-1);
  return {
    side: role === "" ? "upstream" : sideOf(role),
    bottleneck:
      `${role === "" ? "An upstream" : called(role).replace(/^./, (letter) => letter.toUpperCase())} ended under load ` +
      `after ${formatSeconds(atSeconds)}${last === undefined ? "" : `; its last words: ${last}`}`,
    evidence: [
      fact("ended after", atSeconds, "s"),
      ...(how === null ? [] : [fact("how", how)]),
      ...words.slice(-5).map((line) => fact("last words", line)),
    ],
    remedy:
      "Read its log in the trial's folder: no setting can be judged while a part ends. Out of memory, file descriptors (ulimit -n) and an unhandled error are the usual causes.",
  };
}

interface Death {
  role: string;
  atSeconds: number;
  how: string | null;
}

/** It may have died without ending the load: while something was done to another part on purpose. */
function targetDeath({ stoppedBy, fault, lastWords }: TrialRecord): Death | null {
  const role = Object.keys(lastWords).find(isTargetRole) ?? "target";
  if (stoppedBy?.criterion === "target-died") return { role, atSeconds: stoppedBy.atSeconds, how: stoppedBy.detail };
  return fault?.kind === "target-died" ? { role, atSeconds: fault.firstSeconds, how: null } : null;
}

function upstreamDeath({ stoppedBy, lastWords }: TrialRecord): Death | null {
  if (stoppedBy?.criterion !== "upstream-died") return null;
  const roles = Object.keys(lastWords);
  const role = roles.find((name) => sideOf(name) === "upstream" && !name.endsWith("'s pod")) ?? "";
  // The environment's own losses, as of a run's relay ("generator") or a pod that was taken away ("db's pod"), are nobody's crash.
  if (role === "" && roles.length > 0) return null;
  return { role, atSeconds: stoppedBy.atSeconds, how: stoppedBy.detail };
}
