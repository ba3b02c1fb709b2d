import type { ArmPair } from "./compare-runs.ts";
import type { RunsComparison } from "./gate-record.ts";
import { isBarred, type TrialSet } from "./trial-sets.ts";

/** Whether the platform would not take the profile in one of two runs, or in both: what a change of nodes, kubelets or policies does. */
export function isRefused({ baseline, candidate }: ArmPair): boolean {
  return isBarred(baseline) || isBarred(candidate);
}

/** The platform's words on a refused profile. */
export function refusalOf({ baseline, candidate }: ArmPair): RunsComparison["refusals"][number] {
  return { profile: candidate.profile, baseline: wordsOf(baseline), candidate: wordsOf(candidate) };
}

/** null where it took the profile. */
function wordsOf(set: TrialSet): string | null {
  if (!isBarred(set)) return null;
  return set.all.find(({ refusal }) => refusal !== null)?.refusal?.words ?? "no reason was recorded";
}
