import { runsFor } from "../core/plackett-burman.ts";

/** Trials of a confirmation at least: three blocks of two changes, apart and together, and the baseline. */
export const confirmTrials = 12;

/** Candidates up to which none is screened: each is tried apart in the confirmation's blocks. */
export const fewCandidates = 2;

/** Trials of a folded screen; 0 where so few are tried apart. */
export function screenTrials(candidates: number): number {
  return candidates <= fewCandidates ? 0 : 2 * (runsFor(candidates) ?? 0);
}

/** Blocks from which a wall that every one of them shows needs no statistics. */
export const wallBlocks = 3;

/** Arms that tell what each of so many changes does in the company of the others: the baseline, all, and all but each. */
export function armsFor(changes: number): number {
  return changes < 2 ? changes + 1 : changes + 2;
}

/** Trials without which what is in the base already could not be confirmed. */
export function reservedFor(changes: number): number {
  return changes === 0 ? 0 : wallBlocks * armsFor(changes);
}
