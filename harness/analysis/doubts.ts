import { counted } from "../core/words.ts";
import { otherCpuWords } from "../results/other-cpu.ts";
import type { RunRecord } from "../results/run.ts";
import type { Doubt, TrialRecord } from "../results/trial.ts";
import { blocksMeasured, leftOut, type TrialSet } from "./trial-sets.ts";

/**
 * Doubts of several trials, each once: the first trial's words, and in how many of the trials it was raised. Doubts
 * that differ in their numbers only are one.
 */
export function trialDoubts(trials: TrialRecord[]): Doubt[] {
  const merged = new Map<string, { doubt: Doubt; count: number }>();
  for (const { doubts } of trials) {
    for (const [key, doubt] of new Map(doubts.map((one) => [keyOf(one), one]))) {
      const known = merged.get(key);
      merged.set(key, { doubt: known?.doubt ?? doubt, count: (known?.count ?? 0) + 1 });
    }
  }
  return [...merged.values()].map(({ doubt, count }) => ({
    code: doubt.code,
    message: trials.length === 1 ? doubt.message : `${doubt.message} (${formatCount(count, trials.length)} trials)`,
  }));
}

/** Splits the doubts of a run's trials: those that every trial raised (shared CPUs, ...) belong to the run, not to a profile. */
export function commonDoubts(trials: TrialRecord[]): { common: Doubt[]; isCommon: (doubt: Doubt) => boolean } {
  const [first, ...others] = trials.map(({ doubts }) => new Set(doubts.map(keyOf)));
  const shared = others.length === 0 ? [] : [...(first ?? [])].filter((key) => others.every((keys) => keys.has(key)));
  const isCommon = (doubt: Doubt) => shared.includes(keyOf(doubt));
  return {
    common: trialDoubts(trials.map((trial) => ({ ...trial, doubts: trial.doubts.filter(isCommon) }))),
    isCommon,
  };
}

/**
 * Doubts of the run as a whole, the weightiest first. What the plan said of the number of blocks is left out: it is said
 * here of those that were really run.
 */
export function runDoubts(run: RunRecord, sets: TrialSet[], needed: number, common: Doubt[]): Doubt[] {
  const planned = run.doubts.filter(({ code }) => code !== tooFewBlocks);
  return [
    ...fewBlocks(run, sets, needed),
    ...notEnded(run, sets),
    ...invalidTrials(sets),
    ...repeatedTrials(sets),
    ...common,
    ...planned,
  ];
}

const tooFewBlocks = "too-few-blocks";

function fewBlocks(run: RunRecord, sets: TrialSet[], needed: number): Doubt[] {
  if (run.profiles.length < 2) return [];
  const blocks = blocksMeasured(sets);
  if (blocks >= needed) return [];
  const given =
    blocks === 0
      ? "no valid trial: no effect sizes, no significance"
      : `${counted(blocks, "block")}: effect sizes yes, significance no`;
  const message = `${given}; ${needed} blocks would do for the comparisons judged here`;
  return [{ code: tooFewBlocks, message }];
}

function notEnded(run: RunRecord, sets: TrialSet[]): Doubt[] {
  const stored = new Set(sets.flatMap(({ all }) => all).map(({ block, profile }) => `${block} ${profile}`)).size;
  // A run that looked and had enough is done with fewer.
  if (stored >= run.order.length || run.ended?.reason === "done") return [];
  const how = run.ended === null ? "is not ended, or was killed" : `ended as ${run.ended.reason}`;
  const what = run.objective === null ? "trials are here" : "searches came to their end";
  return [{ code: "run-not-complete", message: `the run ${how}: ${stored} of ${run.order.length} ${what}` }];
}

function invalidTrials(sets: TrialSet[]): Doubt[] {
  const trials = sets.flatMap(({ all }) => all);
  const invalid = trials.filter(({ valid }) => !valid);
  if (invalid.length === 0) return [];
  const reasons = [...new Set(invalid.map((trial) => `${trial.profile}: ${trial.invalidReason ?? "no reason given"}`))];
  const rest = reasons.length > 3 ? `; and ${reasons.length - 3} more` : "";
  const message =
    `${invalid.length} of ${trials.length} trials were invalid and are left out ` +
    `(${reasons.slice(0, 3).join("; ")}${rest})`;
  return [{ code: "invalid-trials", message }];
}

/** Valid ones, of which another of the same block counts. */
function repeatedTrials(sets: TrialSet[]): Doubt[] {
  const repeated = sets.flatMap(leftOut);
  const [first] = repeated;
  if (first === undefined) return [];
  const otherCpu = first.evidence.otherCpu;
  const why = otherCpu === null ? "" : ` (${first.profile}, block ${first.block}: ${otherCpuWords(otherCpu)})`;
  const trials = repeated.length === 1 ? "1 trial was" : `${repeated.length} trials were`;
  const message = `${trials} disturbed by others and repeated; of each block the least disturbed counts, whatever came out${why}`;
  return [{ code: "repeated-trials", message }];
}

/** Numbers within the words differ from trial to trial. */
function keyOf({ code, message }: Doubt): string {
  return `${code} ${message.replace(/\d[\d.,]*/g, "#")}`;
}

function formatCount(count: number, of: number): string {
  return count === of ? `all ${of}` : `${count} of ${of}`;
}
