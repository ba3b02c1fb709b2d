import { runsFor } from "../core/plackett-burman.ts";

/** Trials of a confirmation at least: three blocks of two changes, apart and together, and the baseline. */
const confirmTrials = 12;

/** Pairs of the group test after which it is looked, fixed beforehand: seven are the fewest that can decide at half the level. */
export const groupLooks = [7, 12] as const;

/** Candidates up to which none is screened: each is tried apart in the confirmation's blocks. */
export const fewCandidates = 2;

/** Trials of a folded screen; 0 where so few are tried apart. */
export function screenTrials(candidates: number): number {
  return candidates <= fewCandidates ? 0 : 2 * (runsFor(candidates) ?? 0);
}

/** Blocks from which a wall that every one of them shows needs no statistics. */
export const wallBlocks = 3;

/** Arms that tell what each of so many changes does in the company of the others: the baseline, all, and all but each. */
function armsFor(changes: number): number {
  return changes < 2 ? changes + 1 : changes + 2;
}

/** Trials without which what is in the base already could not be confirmed. */
export function reservedFor(changes: number): number {
  return changes === 0 ? 0 : wallBlocks * armsFor(changes);
}

/**
 * Whether trials that are left have room for as many pairs of a group as decide anything, beside what confirms the changes of the base; and beside
 * the screen, unless that has no room either: then the group is all that can be told of.
 */
export function hasRoomForGroup(left: number, candidates: number, changes: number): boolean {
  const after = left - 2 * groupLooks[0];
  const reserved = reservedFor(changes);
  const screening = screenTrials(candidates) + Math.max(confirmTrials, reserved);
  return after >= screening || (after >= reserved && left < screening);
}

/** Whether trials that are left have room for the screen, and for what confirms one suspect of it beside the changes of the base. */
export function hasRoomForScreen(left: number, candidates: number, changes: number): boolean {
  return left >= screenTrials(candidates) + reservedFor(1 + changes);
}
