import { isDisturbed } from "../results/disturbance.ts";
import type { RunRecord, ScheduledTrial } from "../results/run.ts";
import type { TrialRecord } from "../results/trial.ts";
import { endingSearch, nextMoveOf } from "../search/from-trials.ts";

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
): Pick<ScheduledTrial, "attempt" | "purpose" | "step" | "find"> | null {
  const attempt = trials.length - trials.findLastIndex(hasOutcome);
  if (run.experiment.kind === "search") {
    const move = nextMoveOf(run.experiment.objective, trials);
    return move.kind === "end" ? null : { attempt, purpose: "search", step: move.step, find: null };
  }
  return trials.some(hasOutcome) ? null : { attempt, purpose: purposeOf(run, block), step: null, find: null };
}

/** The record as it is kept; `earlier` are its place's trials before it. */
export function settledRecord(run: RunRecord, earlier: TrialRecord[], record: TrialRecord): TrialRecord {
  if (run.experiment.kind !== "search") return record;
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
function purposeOf(run: RunRecord, block: number): "compare" | "recheck" {
  return block > run.blocks ? "recheck" : "compare";
}

function hasOutcome({ valid, outcome }: TrialRecord): boolean {
  return valid && outcome !== "failed";
}

/**
 * The repetition that a place with an outcome is worth; null where others left one of its valid trials alone. It says nothing of what came out.
 * A search has none: its answer is tried once more in any case, and a step that was repeated would be two steps of it.
 */
export function repetitionOf(
  run: RunRecord,
  { block, trials }: Place,
): Pick<ScheduledTrial, "attempt" | "purpose" | "step" | "find"> | null {
  const outcomes = trials.filter(hasOutcome);
  if (run.experiment.kind === "search") return null;
  if (outcomes.length === 0 || !outcomes.every(isDisturbed)) return null;
  return { attempt: trials.length + 1, purpose: purposeOf(run, block), step: null, find: null };
}

/** Whether a trial repeats one that others disturbed, not one that was invalid; `before` are its place's trials before it. */
export function repeatsDisturbed(
  { attempt, step }: Pick<ScheduledTrial, "attempt" | "step">,
  before: readonly TrialRecord[],
): boolean {
  return attempt > 1 && step === null && before.some(hasOutcome);
}

/** Whether the run's budget, of which its stored trials took their part, has a repetition left for each kind. */
export function mayRepeat(run: RunRecord, trials: TrialRecord[]): { invalid: boolean; disturbed: boolean } {
  // Both arms of a duet are run again together.
  const atOnce = run.design === "duet" ? 2 : 1;
  const repeats = Math.ceil(trials.filter(({ attempt }) => attempt > 1).length / atOnce);
  const ofDisturbed = placesOf(trials).flatMap(({ trials: own }) =>
    own.filter((trial, place) => repeatsDisturbed(trial, own.slice(0, place))),
  ).length;
  const beyondFree = Math.max(0, ofDisturbed - run.disturbedRetries);
  const left = repeats - ofDisturbed + beyondFree < run.retries;
  return { invalid: left, disturbed: left || ofDisturbed < run.disturbedRetries };
}
