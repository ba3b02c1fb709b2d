import { randomFrom, shuffled } from "../core/random.ts";
import { missingPlaces } from "../results/missing-places.ts";
import type { RunEndNote, RunRecord, ScheduledTrial } from "../results/run.ts";
import type { TrialRecord } from "../results/trial.ts";
import { nextOfFind } from "./find-trials.ts";
import type { Judge } from "./judge.ts";
import { mayRepeat, nextOfPlace, type Place, placesOf, repetitionOf } from "./place.ts";
import { hopelessReason } from "./same-reason.ts";

/** What a run does next: a trial, or nothing any more, and why it ended before the end of its plan. */
export type NextStep = ScheduledTrial | { done: RunEndNote[] };

/**
 * The next trial of a run that is not without hope (same-reason.ts), from what is stored of it and nothing else: a run that was cut off goes on as if it had not been.
 * Blocks in the plan's order; in each its places, then again what was invalid, then what others disturbed, as long as the run's retries
 * last; after a block with a look the comparison may end; then fresh blocks of winner and baseline, numbered from `run.blocks` + 1.
 * A find has a way of its own (find/next-move.ts).
 */
export function nextTrial(run: RunRecord, trials: TrialRecord[], judge: Judge): NextStep {
  const reason = hopelessReason(trials);
  if (reason !== null) return { done: [{ code: "hopeless", reason }] };
  if (run.experiment.kind === "find") return nextOfFind(run.experiment, trials) ?? { done: [] };
  const compared = nextCompared(run, trials, judge);
  if ("sequence" in compared || run.recheckBlocks === 0) return compared;
  const winner = judge.winner(
    run,
    trials.filter(({ block }) => block <= run.blocks),
  );
  if (winner === null) return { done: [...compared.done, { code: "no-recheck" }] };
  return nextIn(run, trials, recheckBlocks(run, winner)) ?? compared;
}

/** The next trial and, of a duet, the one that is run at the same time: in the order in which their parts are started. */
export function trialsTogether(run: RunRecord, trials: TrialRecord[], next: ScheduledTrial): ScheduledTrial[] {
  if (run.design !== "duet") return [next];
  const places = placesOf(trials);
  const profiles = run.order.filter(({ block }) => block === next.block).map(({ profile }) => profile);
  return profiles.map((profile, index) => ({
    ...next,
    profile,
    sequence: next.sequence + index,
    attempt: 1 + placeOf(places, next.block, profile).trials.length,
  }));
}

/** Places that came to no valid outcome, and all that were begun or, in a run that is done, are missing. */
export function outcomesOf(run: RunRecord, trials: TrialRecord[]): { places: number; without: number } {
  if (run.experiment.kind === "find") return outcomesOfFind(trials);
  const places = placesOf(trials);
  const missing = missingPlaces(run, trials).length;
  const without = places.filter((place) => nextOfPlace(run, place) !== null).length;
  return { places: places.length + missing, without: without + missing };
}

/** Each trial that is no repetition of an invalid one stands for itself. */
function outcomesOfFind(trials: TrialRecord[]): { places: number; without: number } {
  const inOrder = trials.toSorted((a, b) => a.sequence - b.sequence);
  const last = inOrder.filter((_, index) => (inOrder[index + 1]?.attempt ?? 1) === 1);
  return { places: last.length, without: last.filter((trial) => !trial.valid || trial.outcome === "failed").length };
}

/**
 * How many trials a run has in all, as far as can be told: as planned, and what was repeated, the trials that begin included; null of
 * a find, which goes on until its questions are answered. `upTo` where it may end earlier (looks, searches, a recheck that needs a winner).
 */
export function trialsInAll(
  run: RunRecord,
  trials: TrialRecord[],
  begins: ScheduledTrial[] = [],
): { of: number | null; upTo: boolean } {
  if (run.experiment.kind === "find") return { of: null, upTo: true };
  const steps = run.experiment.kind === "search" ? run.experiment.objective.steps : 1;
  const repeated = [...trials, ...begins].filter(({ attempt }) => attempt > 1).length;
  const places = run.order.length + 2 * run.recheckBlocks;
  return {
    of: places * steps + repeated - stepsSpared(run, trials),
    upTo: run.looks.length > 1 || run.recheckBlocks > 0 || run.experiment.kind === "search",
  };
}

/** Steps that searches which are over did not need. */
function stepsSpared(run: RunRecord, trials: TrialRecord[]): number {
  if (run.experiment.kind !== "search") return 0;
  const { steps } = run.experiment.objective;
  const over = placesOf(trials).filter((place) => nextOfPlace(run, place) === null);
  return over.reduce((sum, place) => sum + steps - place.trials.filter(({ valid }) => valid).length, 0);
}

/** The comparison's next trial; why it ended before its last block. */
function nextCompared(run: RunRecord, trials: TrialRecord[], judge: Judge): NextStep {
  const begun = new Set(trials.map(({ block }) => block));
  for (const [block, profiles] of plannedBlocks(run)) {
    const next = nextIn(run, trials, new Map([[block, profiles]]));
    if (next !== null) return next;
    // A block that was begun after this one says what was answered here.
    if (!run.looks.includes(block) || begun.has(block + 1)) continue;
    const seen = trials.filter((trial) => trial.block <= block);
    const reason = block < run.blocks ? judge.enough(run, seen) : null;
    if (reason !== null) return { done: [reason] };
  }
  return { done: [] };
}

/** The first trial that these blocks (number -> profiles in order) still need; null where all are over. */
function nextIn(run: RunRecord, trials: TrialRecord[], blocks: Map<number, string[]>): ScheduledTrial | null {
  const sequence = 1 + Math.max(0, ...trials.map((trial) => trial.sequence));
  const budget = mayRepeat(run, trials);
  const places = placesOf(trials);
  for (const [block, profiles] of blocks) {
    const own = profiles.map((profile) => placeOf(places, block, profile));
    const open = own.flatMap((place) => scheduled(place, nextOfPlace(run, place)));
    const invalid = budget.invalid ? byAttempt(open) : [];
    const disturbed = budget.disturbed
      ? byAttempt(own.flatMap((place) => scheduled(place, repetitionOf(run, place))))
      : [];
    const next = open.find(({ attempt }) => attempt === 1) ?? invalid[0] ?? disturbed[0];
    if (next !== undefined) return { sequence, ...next };
  }
  return null;
}

type Unnumbered = Omit<ScheduledTrial, "sequence">;

function scheduled({ block, profile }: Place, next: Omit<Unnumbered, "block" | "profile"> | null): Unnumbered[] {
  return next === null ? [] : [{ block, profile, ...next }];
}

function byAttempt(trials: Unnumbered[]): Unnumbered[] {
  return trials.toSorted((a, b) => a.attempt - b.attempt);
}

function placeOf(places: Place[], block: number, profile: string): Place {
  return places.find((place) => place.block === block && place.profile === profile) ?? { block, profile, trials: [] };
}

function plannedBlocks({ order }: RunRecord): Map<number, string[]> {
  const blocks = new Map<number, string[]>();
  for (const { block, profile } of order) blocks.set(block, [...(blocks.get(block) ?? []), profile]);
  return blocks;
}

/** Each in an order of its own, which follows from the run's seed. */
function recheckBlocks(run: RunRecord, winner: string): Map<number, string[]> {
  const numbers = Array.from({ length: run.recheckBlocks }, (_, i) => run.blocks + 1 + i);
  return new Map(numbers.map((block) => [block, shuffled([run.baseline, winner], randomFrom(run.seed + block))]));
}
