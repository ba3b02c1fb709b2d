import type { NoRatioReason, Reason, SomeTrials } from "../../analysis/reason.ts";
import { measureOf } from "../../core/measures.ts";
import { formatFactor, formatP } from "../../core/numbers.ts";
import { formatChosen, formatPercent } from "../../core/units.ts";
import { counted } from "../../core/words.ts";
import type { BlocksAhead, JudgeReason } from "../../stats/reason.ts";

/** Why a comparison is inconclusive, or what its verdict rests on, as a clause. */
export function reasonWords(reason: Reason): string {
  switch (reason.code) {
    case "blocks-without-ratio":
      return `in ${reason.blocks} of ${reason.of} blocks ${noRatioWords(reason.because)}`;
    case "searches-without-rate":
      return `no rate of ${reason.profile} was kept in ${reason.trials} of ${reason.of} searches`;
    case "broke-before-measured":
      return `not measured in ${reason.trials} of ${reason.of} trials of ${reason.profile}: it broke before`;
    case "coarse-histogram":
      return `the histogram's buckets are ${formatPercent(reason.width)} wide, wider than ${band(reason)}`;
    case "served-nothing":
      return withNeeded(reason.sides.map((side) => servedNothingWords(side, reason.measure)).join(", "), reason.needed);
    case "zeros": {
      const { candidate, baseline, needed } = reason;
      const words = `0 in ${candidate.trials} of ${candidate.of} trials of the candidate and ${baseline.trials} of ${baseline.of} of the baseline`;
      return withNeeded(words, needed);
    }
    case "next-to-no-faults":
      return "next to no request failed on either side (fewer than 0.1%)";
    case "no-ratio":
    case "few-blocks":
    case "opposite-bounds":
    case "only-a-bound":
    case "not-significant":
    case "difference-within-tolerance":
    case "noise":
      return judgeWords(reason);
    default:
      return noRatioWords(reason);
  }
}

/** "reuse served nothing after the ramp in 9 of 9 blocks" */
function servedNothingWords({ profile, trials, of }: SomeTrials, measure: string): string {
  const span = measure === "requestsBeforeWall" ? "before the wall" : "after the ramp";
  return `${profile} served nothing ${span} in ${trials} of ${of} blocks`;
}

function withNeeded(words: string, needed: number | null): string {
  return needed === null ? words : `${words}; ${needed} blocks would do`;
}

function noRatioWords(reason: NoRatioReason): string {
  switch (reason.code) {
    case "no-pair":
      return "no block has a valid trial of both";
    case "no-valid-trial":
      return `${reason.profile} has no valid trial`;
    case "no-rate-kept":
      return `no rate of ${reason.profile} was kept`;
    case "not-measured":
      return `not measured for ${reason.profile}`;
    case "generator-bound":
      return `the generator was the limit for ${reason.profile}: latency is not known`;
    case "both-censored":
      return "neither met a wall: of both only a lower bound is known";
    case "side-is-zero":
      return "a side is 0: there is no ratio";
    case "no-common-phase":
      return "a wall came within a second of the ramp's end: there is no phase that all have";
    case "fault-shares-differ":
      return "the shares of failed requests differ: failing fast looks quick";
    case "few-requests": {
      const { profile, requests, needed, measure } = reason;
      return `${requests} requests of ${profile} are too few for a ${measureOf(measure).short}: ${needed} would do`;
    }
  }
}

function judgeWords(reason: JudgeReason): string {
  switch (reason.code) {
    case "no-ratio":
      return "no block has a pair that carries a ratio";
    case "few-blocks":
      return `${effectSizesOnly(reason.blocks)}; a significance test needs ${reason.needed}`;
    case "opposite-bounds":
      return "bounds point both ways: sometimes only one side broke, sometimes only the other";
    case "only-a-bound":
      return `only a bound is known, and it does not clear ${band(reason)}`;
    case "not-significant":
      return `${reason.p === null ? "p unknown" : formatP(reason.p)} after adjustment for all comparisons; ${aheadWords(reason.ahead)}`;
    case "difference-within-tolerance":
      return `a difference, but it may lie within ${band(reason)}; ${aheadWords(reason.ahead)}`;
    case "noise": {
      const { low, high, ahead } = reason;
      return `noise wider than ${band(reason)}: ${formatFactor(low)} to ${formatFactor(high)}; ${aheadWords(ahead)}`;
    }
  }
}

/** "1 block shows effect sizes only" */
export function effectSizesOnly(blocks: number): string {
  return `${counted(blocks, "block")} ${blocks === 1 ? "shows" : "show"} effect sizes only`;
}

function band({ tolerance }: { tolerance: number }): string {
  return `the tolerance of ${formatChosen(tolerance, "fraction")}`;
}

function aheadWords({ blocks, most }: BlocksAhead): string {
  return blocks === null ? `more than ${most} blocks would be needed` : `about ${blocks} blocks would do`;
}
