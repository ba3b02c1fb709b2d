import { runsFor } from "../stats/plackett-burman.ts";

/** Trials of a confirmation at least: three blocks of two changes, apart and together, and the baseline. */
export const confirmTrials = 12;

/** Candidates up to which none is screened: each is tried apart in the confirmation's blocks. */
export const fewCandidates = 2;

/** Trials of a folded screen; 0 where so few are tried apart. */
export function screenTrials(candidates: number): number {
  return candidates <= fewCandidates ? 0 : 2 * (runsFor(candidates) ?? 0);
}
