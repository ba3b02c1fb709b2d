import { caveatKind } from "../results/caveat-keys.ts";
import type { Caveat, CaveatOf, RaisedCaveat } from "../results/caveats.ts";
import type { InvalidReason } from "../results/invalid-reason.ts";
import type { RunRecord } from "../results/run.ts";
import type { TrialRecord } from "../results/trial.ts";
import { blocksMeasured, leftOut, type TrialSet } from "./trial-sets.ts";

/**
 * Caveats of several trials, each once: with the first trial's numbers, and in how many of the trials it was raised. Those
 * that differ in their numbers only are one. `profile`: whose trials they are, where that does not show from the list's place.
 */
export function raisedByTrials(trials: TrialRecord[], profile: string | null = null): RaisedCaveat[] {
  const merged = new Map<string, { caveat: Caveat; count: number }>();
  for (const { caveats } of trials) {
    for (const [kind, caveat] of new Map(caveats.map((one) => [caveatKind(one), one]))) {
      const known = merged.get(kind);
      merged.set(kind, { caveat: known?.caveat ?? caveat, count: (known?.count ?? 0) + 1 });
    }
  }
  return [...merged.values()].map(({ caveat, count }) => {
    return { ...caveat, raisedIn: { trials: count, of: trials.length, profile } };
  });
}

/** Splits the caveats of a run's trials: those that every trial raised (shared CPUs, ...) belong to the run, not to a profile. */
export function commonCaveats(trials: TrialRecord[]): { common: RaisedCaveat[]; isCommon: (one: Caveat) => boolean } {
  const [first, ...others] = trials.map(({ caveats }) => new Set(caveats.map(caveatKind)));
  const shared = others.length === 0 ? [] : [...(first ?? [])].filter((key) => others.every((keys) => keys.has(key)));
  const isCommon = (one: Caveat) => shared.includes(caveatKind(one));
  return {
    common: raisedByTrials(trials.map((trial) => ({ ...trial, caveats: trial.caveats.filter(isCommon) }))),
    isCommon,
  };
}

/**
 * Caveats of the run as a whole, the weightiest first. What the plan said of the number of blocks is left out: it is said
 * here of those that were really run; and what it said of too few requests, where an iteration made more of them than was known then.
 */
export function runCaveats(run: RunRecord, sets: TrialSet[], needed: number, common: RaisedCaveat[]): RaisedCaveat[] {
  const planned = run.caveats.filter(
    (caveat) => caveat.code !== "too-few-blocks-planned" && !hadEnoughRequests(caveat, sets),
  );
  return [
    ...fewBlocks(run, sets, needed),
    ...notEnded(run, sets),
    ...invalidTrials(sets),
    ...repeatedTrials(sets),
    ...common,
    ...planned,
  ];
}

function hadEnoughRequests(caveat: Caveat, sets: TrialSet[]): boolean {
  if (caveat.code !== "too-few-requests") return false;
  const trials = sets.flatMap(({ measured }) => [...measured.values()]);
  return trials.length > 0 && trials.every(({ measures }) => (measures.latencyMs?.count ?? 0) >= caveat.neededRequests);
}

function fewBlocks(run: RunRecord, sets: TrialSet[], needed: number): Caveat[] {
  if (run.profiles.length < 2) return [];
  const blocks = blocksMeasured(sets);
  return blocks >= needed ? [] : [{ code: "too-few-blocks", blocks, neededBlocks: needed }];
}

function notEnded(run: RunRecord, sets: TrialSet[]): Caveat[] {
  const stored = new Set(sets.flatMap(({ all }) => all).map(({ block, profile }) => `${block} ${profile}`)).size;
  // A run that looked and had enough is done with fewer.
  if (stored >= run.order.length || run.ended?.reason === "done") return [];
  const of = run.experiment.kind !== "search" ? "trials" : "searches";
  return [{ code: "run-not-complete", ended: run.ended?.reason ?? null, of, stored, planned: run.order.length }];
}

function invalidTrials(sets: TrialSet[]): Caveat[] {
  const trials = sets.flatMap(({ all }) => all);
  const invalid = trials.filter(({ valid }) => !valid);
  if (invalid.length === 0) return [];
  const reasons = invalidReasons(invalid);
  return [{ code: "invalid-trials", invalid: invalid.length, trials: trials.length, reasons }];
}

/** Why trials were invalid, each reason of a profile once. */
export function invalidReasons(invalid: readonly TrialRecord[]): CaveatOf<"invalid-trials">["reasons"] {
  const reasons = new Map<string, { profile: string; reason: InvalidReason | null }>();
  for (const { profile, invalidReason } of invalid) {
    reasons.set(JSON.stringify([profile, invalidReason]), { profile, reason: invalidReason });
  }
  return [...reasons.values()];
}

/** Valid ones, of which another of the same block counts. */
function repeatedTrials(sets: TrialSet[]): Caveat[] {
  const repeated = sets.flatMap(leftOut);
  const [first] = repeated;
  if (first === undefined) return [];
  const { profile, block, evidence } = first;
  return [{ code: "repeated-trials", trials: repeated.length, first: { profile, block, otherCpu: evidence.otherCpu } }];
}
