import type { ArmPair } from "./compare-runs.ts";
import { profileWords } from "./text.ts";
import { isBarred, type TrialSet } from "./trial-sets.ts";

/** Profiles that the platform would not take in one of two runs, or in both: what a change of nodes, kubelets or policies does. */
export interface RefusedPairs {
  /** They have nothing to compare. */
  isRefused: (pair: ArmPair) => boolean;
  /** What is another answer than before, for the first sentence: "Profile a is refused in the second run only". */
  changed: string[];
  /** Each profile with the platform's words. */
  sentences: string[];
}

export function refusedPairs(pairs: ArmPair[]): RefusedPairs {
  const isRefused = ({ baseline, candidate }: ArmPair) => isBarred(baseline) || isBarred(candidate);
  const refused = pairs.filter(isRefused);
  const only = (side: "baseline" | "candidate", other: "baseline" | "candidate") =>
    refused.filter((pair) => isBarred(pair[side]) && !isBarred(pair[other])).map((pair) => pair.candidate.profile);
  const [before, now] = [only("baseline", "candidate"), only("candidate", "baseline")];
  const clause = (names: string[], run: string) =>
    names.length === 0
      ? []
      : [`${profileWords(names)} ${names.length === 1 ? "is" : "are"} refused in the ${run} run only`];
  return {
    isRefused,
    changed: [...clause(now, "second"), ...clause(before, "first")],
    sentences: refused.map(sentenceOf),
  };
}

function sentenceOf({ baseline, candidate }: ArmPair): string {
  const [before, now] = [wordsOf(baseline), wordsOf(candidate)];
  const { profile } = candidate;
  if (before === null) return `${profile} is refused in the second run only: ${now}`;
  if (now === null) return `${profile} is refused in the first run only: ${before}`;
  return before === now
    ? `${profile} is refused in both runs: ${now}`
    : `${profile} is refused in both runs: ${before}; in the second: ${now}`;
}

/** The platform's words; null where it took the profile. */
function wordsOf(set: TrialSet): string | null {
  if (!isBarred(set)) return null;
  return set.all.find(({ refusal }) => refusal !== null)?.refusal?.words ?? "no reason was recorded";
}
