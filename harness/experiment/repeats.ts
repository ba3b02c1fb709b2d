import { isDisturbed } from "../results/other-cpu.ts";
import type { RunRecord, ScheduledTrial } from "../results/run.ts";
import type { TrialRecord } from "../results/trial.ts";
import { hasOutcome, isRefused, type Place, placesOf, purposeOf } from "./place.ts";

/**
 * The repetition that a place with an outcome is worth; null where others left one of its valid trials alone. It says nothing of what came out.
 * A search has none: its answer is tried once more in any case, and a step that was repeated would be two steps of it.
 */
export function repetitionOf(
  run: RunRecord,
  { block, trials }: Place,
): Pick<ScheduledTrial, "attempt" | "purpose" | "step"> | null {
  const outcomes = trials.filter(hasOutcome);
  if (run.experiment.kind === "search" || trials.some(isRefused)) return null;
  if (outcomes.length === 0 || !outcomes.every(isDisturbed)) return null;
  return { attempt: trials.length + 1, purpose: purposeOf(run, block), step: null };
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
  const repeats = trials.filter(({ attempt }) => attempt > 1).length;
  const ofDisturbed = placesOf(trials).flatMap(({ trials: own }) =>
    own.filter((trial, place) => repeatsDisturbed(trial, own.slice(0, place))),
  ).length;
  const beyondFree = Math.max(0, ofDisturbed - run.disturbedRetries);
  const left = repeats - ofDisturbed + beyondFree < run.retries;
  return { invalid: left, disturbed: left || ofDisturbed < run.disturbedRetries };
}
