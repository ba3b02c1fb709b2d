import type { PlannedTrial, RunRecord } from "./run.ts";
import type { TrialRecord } from "./trial.ts";

/** A profile in a block. */
type PlannedPlace = Pick<PlannedTrial, "block" | "profile">;

/**
 * Places of which a run that is done holds no trial, in the plan's order: their folders were deleted, or can't be read. [] for a
 * run that is not done: what it lacks may be still to come.
 */
export function missingPlaces(run: RunRecord, trials: TrialRecord[]): PlannedPlace[] {
  if (run.ended?.reason !== "done") return [];
  const stored = new Set(trials.map(keyOf));
  const last = lastBlock(run, trials);
  const compared = run.order.filter(({ block }) => block <= last);
  return [...compared, ...recheckPlaces(run, trials)]
    .filter((place) => !stored.has(keyOf(place)))
    .map(({ block, profile }) => ({ block, profile }));
}

/** The last block that the comparison had: of a run that is done the last planned one, or the look at which it ended. */
export function lastBlock({ blocks, looks, ended }: RunRecord, trials: TrialRecord[]): number {
  const begun = Math.max(0, ...trials.map(({ block }) => block).filter((block) => block <= blocks));
  return ended?.reason === "done" ? (looks.find((look) => look >= begun) ?? blocks) : begun;
}

/** Of a recheck of which anything is left. */
function recheckPlaces(run: RunRecord, trials: TrialRecord[]): PlannedPlace[] {
  const again = trials.filter(({ block }) => block > run.blocks);
  if (again.length === 0) return [];
  const profiles = [...new Set([run.baseline, ...again.map(({ profile }) => profile)])];
  const blocks = Array.from({ length: run.recheckBlocks }, (_, i) => run.blocks + 1 + i);
  return blocks.flatMap((block) => profiles.map((profile) => ({ block, profile })));
}

function keyOf({ block, profile }: PlannedPlace): string {
  return `${block} ${profile}`;
}
