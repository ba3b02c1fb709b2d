import { maskedLine } from "../core/log-line.ts";
import type { InvalidReason } from "../results/invalid-reason.ts";
import type { TrialRecord } from "../results/trial.ts";

/** Why the first two trials of a run are invalid, where that is the same and the suite's own: no later one would be another. null of any others. */
export function hopelessReason(trials: readonly TrialRecord[]): InvalidReason | null {
  const own = trials.filter(({ invalidReason }) => invalidReason?.code !== "other-arm-invalid");
  const [first, second] = own.toSorted((a, b) => a.sequence - b.sequence);
  const reason = first?.invalidReason ?? null;
  const again = second?.invalidReason ?? null;
  if (reason === null || again === null) return null;
  const identity = identityOf(reason);
  return identity !== null && identity === identityOf(again) ? reason : null;
}

/** What two reasons have in common that are one; null of what may pass by itself: the machine's, the cluster's. */
function identityOf(reason: InvalidReason): string | null {
  switch (reason.code) {
    case "script-threw":
      return `${reason.code} ${maskedLine(reason.words)}`;
    case "part-not-ready":
    case "part-died":
      return `${reason.code} ${reason.role}`;
    case "setting-not-taken":
    case "setting-changed":
      return `${reason.code} ${reason.role} ${reason.key}`;
    case "generator-died":
      return `${reason.code} ${reason.death.kind}`;
    case "no-request-completed":
    case "nothing-served":
    case "arm-not-reached":
      return reason.code;
    case "part-lost":
    case "moved":
    case "exports-lost":
    case "load-lost":
    case "not-watched":
    case "other-arm-invalid":
      return null;
  }
}
