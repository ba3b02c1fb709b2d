import type { RunRecord, ScheduledTrial } from "../results/run.ts";
import type { TrialRecord } from "../results/trial.ts";
import { endingSearch, nextMoveOf } from "../search/place.ts";

/** A profile in a block: one trial, or one search; its trials so far in the order they were run. */
export interface Place {
  block: number;
  profile: string;
  trials: TrialRecord[];
}

/** What a place needs next; null once it has a valid outcome. An attempt above 1 is a repetition, which the run's budget must allow. */
export function nextOfPlace(
  run: RunRecord,
  { block, trials }: Place,
): Pick<ScheduledTrial, "attempt" | "purpose" | "step"> | null {
  const attempt = trials.length - trials.findLastIndex(hasOutcome);
  // No rate changes what the platform takes.
  if (trials.some(isRefused)) return null;
  if (run.experiment.kind === "search") {
    const move = nextMoveOf(run.experiment.objective, trials);
    return move.kind === "end" ? null : { attempt, purpose: "search", step: move.step };
  }
  return trials.some(hasOutcome) ? null : { attempt, purpose: purposeOf(run, block), step: null };
}

/** The record as it is kept; `earlier` are its place's trials before it. */
export function settledRecord(run: RunRecord, earlier: TrialRecord[], record: TrialRecord): TrialRecord {
  if (run.experiment.kind !== "search") return record;
  if (isRefused(record)) return { ...record, purpose: purposeOf(run, record.block), step: null };
  return endingSearch(run.experiment.objective, earlier, record, purposeOf(run, record.block));
}

/** Every profile of every block that was begun, in the order of their first trials. */
export function placesOf(trials: TrialRecord[]): Place[] {
  const places = new Map<string, Place>();
  for (const trial of trials.toSorted((a, b) => a.sequence - b.sequence)) {
    const { block, profile } = trial;
    const key = `${block} ${profile}`;
    places.set(key, { block, profile, trials: [...(places.get(key)?.trials ?? []), trial] });
  }
  return [...places.values()];
}

/** A place's trials, in the order they were run. */
export function samePlace(trials: TrialRecord[], { block, profile }: Pick<Place, "block" | "profile">): TrialRecord[] {
  return placesOf(trials).find((place) => place.block === block && place.profile === profile)?.trials ?? [];
}

/** Blocks past the plan's are those of the recheck. */
export function purposeOf(run: RunRecord, block: number): "compare" | "recheck" {
  return block > run.blocks ? "recheck" : "compare";
}

export function isRefused({ valid, outcome }: TrialRecord): boolean {
  return valid && outcome === "refused";
}

export function hasOutcome({ valid, outcome }: TrialRecord): boolean {
  return valid && outcome !== "failed";
}
