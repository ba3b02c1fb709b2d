import { measureOf } from "../../core/measures.ts";
import { formatRatio } from "../../core/numbers.ts";
import { formatChosen, formatPercent } from "../../core/units.ts";
import { counted, listWords } from "../../core/words.ts";
import type { CaveatOf, SentencesOf } from "../../results/caveats.ts";
import type { AnalysisCaveat } from "../../results/caveats-analysis.ts";
import { invalidWords } from "./invalid-reasons.ts";
import { otherCpuWords } from "./other-cpu.ts";
import { effectSizesOnly } from "./reasons.ts";

/** What each caveat of an analysis says. */
export const analysisSentences: SentencesOf<AnalysisCaveat> = {
  "too-few-blocks": ({ blocks, neededBlocks }) => {
    const given = blocks === 0 ? "no valid trial, so no effect sizes" : effectSizesOnly(blocks);
    return `${given}; a significance test of the comparisons judged here needs ${neededBlocks} blocks`;
  },
  "run-not-complete": ({ ended, of, stored, planned }) => {
    const how = ended === null ? "is not ended, or was killed" : `ended as ${ended}`;
    return `the run ${how}: ${stored} of ${planned} ${of === "trials" ? "trials are here" : "searches came to their end"}`;
  },
  "invalid-trials": ({ invalid, trials, reasons }) =>
    `${invalid} of ${trials} trials were invalid and are left out (${reasonsWords(reasons)})`,
  "invalid-steps": ({ invalid, reasons }) => {
    const steps = invalid === 1 ? "1 step of a search was" : `${invalid} steps of searches were`;
    return `${steps} invalid and left out (${reasonsWords(reasons)})`;
  },
  "repeated-trials": ({ trials, first: { profile, block, otherCpu } }) => {
    const why = otherCpu === null ? "" : ` (${profile}, block ${block}: ${otherCpuWords(otherCpu)})`;
    const repeated = trials === 1 ? "1 trial was" : `${trials} trials were`;
    return `${repeated} disturbed by others and repeated; of each block the least disturbed counts, whatever came out${why}`;
  },
  "small-calibration": ({ calibration, measures, pairs, neededPairs }) => {
    const names = listWords(measures.map((name) => measureOf(name).label));
    return `calibration ${calibration} is not used for ${names}: it has ${pairs} pairs, ${neededPairs} are needed`;
  },
  "tolerance-below-noise": ({ measure, tolerance, reachableTolerance, blocks, calibration, pairs }) => {
    const by = calibration === null ? "this run's own blocks" : `calibration ${calibration}, ${pairs} pairs`;
    return (
      `the tolerance of ${formatChosen(tolerance, "fraction")} for ${measureOf(measure).label} is below what the noise allows (by ${by}): with ` +
      `${counted(blocks, "block")} identical profiles are called the same within ${formatPercent(reachableTolerance)} only`
    );
  },
  "spread-changed": ({ profile, measure, ratio, low, high, blocks }) => {
    const quantile = measureOf(measure).label;
    return `${profile} has the same median latency as the baseline, and another spread: its ${quantile} over its median is ${formatRatio(ratio)} the baseline's (${formatRatio(low)} to ${formatRatio(high)}, ${counted(blocks, "block")}); some of its requests may have become ${ratio > 1 ? "slower" : "faster"} while the others did not (two modes)`;
  },
  "sequential-arms": () =>
    "the runs were made one after the other: whatever drifted between them counts as a difference. In one project, arms " +
    "measured so flagged 21 regressions where the same commit, measured again, flagged 1. Both as profiles of one run, block by block, is the way to prefer",
  "unreadable-trial": ({ words }) => words,
  "unsealed-records": ({ files }) =>
    `without their checksum, so changed after they were written or laid out by hand: ${filesWords(files)}`,
  "records-changed": ({ files }) =>
    `at the run's end these were not what had been written, something else changed them: ${filesWords(files)}; run it again`,
  "missing-trials": ({ places }) => {
    const count = places.length === 1 ? "a planned trial is" : `${places.length} planned trials are`;
    return `${count} not among the results, although the run is done: ${placesWords(places)}; tunebench resume runs what was deleted`;
  },
};

/** The first few. */
export function filesWords(files: string[]): string {
  const more = files.length - 3;
  return [...files.slice(0, 3), ...(more > 0 ? [`${more} more`] : [])].join(", ");
}

/** "reuse: the target was not ready", the first few. */
function reasonsWords(reasons: CaveatOf<"invalid-trials">["reasons"]): string {
  const named = reasons
    .slice(0, 3)
    .map(({ profile, reason }) => `${profile}: ${invalidWords(reason, "no reason given")}`);
  const more = reasons.length - named.length;
  return [...named, ...(more === 0 ? [] : [`and ${more} more`])].join("; ");
}

/** "tuned in block 3", the first few. */
function placesWords(places: CaveatOf<"missing-trials">["places"]): string {
  const named = places.slice(0, 5).map(({ block, profile }) => `${profile} in block ${block}`);
  const more = places.length - named.length;
  return [...named, ...(more === 0 ? [] : [`${more} more`])].join(", ");
}
