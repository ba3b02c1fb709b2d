import { blocksNeeded, significanceLevel } from "../results/blocks-needed.ts";
import type { JudgedMeasure } from "../results/judged-measures.ts";
import type { MeasureName } from "../results/measure-names.ts";
import type { RunRecord } from "../results/run.ts";
import type { TrialRecord } from "../results/trial.ts";
import { holm } from "../stats/holm.ts";
import { type PairRatio, pairRatio } from "../stats/pairs.ts";
import { estimateRatio, type RatioEstimate } from "../stats/ratio.ts";
import { judge } from "../stats/verdict.ts";
import type { Comparison } from "./analysis.ts";
import { measuredValue } from "./measure-values.ts";
import { servedNothing } from "./served-nothing.ts";
import type { TrialSet } from "./trial-sets.ts";

/** Shares of failed requests that differ by more make latencies incomparable: who fails fast looks quick. */
export const sameFaultShare = 0.001;

/** All comparisons of a run: by profile and measure, and the blocks from which they could be decided. */
export interface Comparisons {
  byProfile: Map<string, Partial<Record<MeasureName, Comparison>>>;
  blocksNeeded: number;
}

/** Every profile against the baseline on every judged measure: paired within blocks, p adjusted over all that carry a ratio. */
export function compareWithBaseline(run: RunRecord, sets: TrialSet[]): Comparisons {
  const baseline = sets.find(({ profile }) => profile === run.baseline);
  const others = sets.filter(({ profile }) => profile !== run.baseline);
  const drafts = others.flatMap((set) => run.judged.map((measure) => draft(set, baseline, measure)));
  const { comparisons, needed } = decideFamily(drafts, blocksNeeded);
  const byProfile: Comparisons["byProfile"] = new Map(others.map(({ profile }) => [profile, {}]));
  drafts.forEach(({ profile, measure }, index) => {
    const [entry, comparison] = [byProfile.get(profile), comparisons[index]];
    if (entry !== undefined && comparison !== undefined) entry[measure.name] = comparison;
  });
  return { byProfile, blocksNeeded: needed };
}

/** Verdicts of one family, in the order given: p is adjusted over all that carry a ratio; `neededFor` so many, how many blocks? */
export function decideFamily(
  drafts: Draft[],
  neededFor: (comparisons: number) => number,
): { comparisons: Comparison[]; needed: number } {
  const tested = drafts.filter(({ estimate }) => estimate.n > 0);
  const needed = neededFor(tested.length);
  const adjusted = holm(tested.map(({ estimate }) => estimate.p ?? 1));
  const comparisons = drafts.map((one) =>
    decide(one, one.estimate.p === null ? null : (adjusted[tested.indexOf(one)] ?? null), needed),
  );
  return { comparisons, needed };
}

/** A comparison before p is adjusted. */
export interface Draft {
  profile: string;
  measure: JudgedMeasure;
  estimate: RatioEstimate;
  /** Why no verdict may be given whatever the numbers say. */
  obstacle: string | null;
  /** A direction that is known though there is no ratio; a verdict where p bears it. */
  sure: "better" | "worse" | null;
}

function draft(set: TrialSet, baseline: TrialSet | undefined, measure: JudgedMeasure): Draft {
  const { name, tolerance } = measure;
  const results = baseline === undefined ? [] : pairsOf(set, baseline, name);
  const pairs = results.filter((result) => typeof result !== "string");
  const reasons = results.filter((result) => typeof result === "string");
  const missing = pairs.length > 0 ? null : (reasons[0] ?? "no block has a valid trial of both");
  const coarse = name.startsWith("latencyMs.") ? coarseBuckets([set, baseline], tolerance) : null;
  const nothing = baseline === undefined ? null : servedNothing(set, baseline, name);
  return {
    profile: set.profile,
    measure,
    estimate: nothing?.sure?.estimate ?? estimateRatio(pairs),
    obstacle: nothing?.reason ?? missing ?? coarse,
    sure: nothing?.sure?.verdict ?? null,
  };
}

/** A ratio for each block that both profiles have, or why it has none. */
function pairsOf(set: TrialSet, baseline: TrialSet, measure: MeasureName): (PairRatio | string)[] {
  return [...set.measured].flatMap(([block, candidate]) => {
    const base = baseline.measured.get(block);
    return base === undefined ? [] : [pairOf(candidate, base, measure)];
  });
}

function pairOf(candidate: TrialRecord, base: TrialRecord, measure: MeasureName): PairRatio | string {
  const [over, under] = [measuredValue(candidate, measure), measuredValue(base, measure)];
  if (over === null || under === null) return missingReason(over === null ? candidate : base, measure);
  if (over.censored && under.censored) return "neither met a wall: of both only a lower bound is known";
  if (
    measure.startsWith("latencyMs.") &&
    Math.abs(healthyFaultShare(candidate) - healthyFaultShare(base)) > sameFaultShare
  ) {
    return "the shares of failed requests differ: failing fast looks quick";
  }
  return pairRatio(over, under) ?? "a side served nothing: there is no ratio";
}

/** Why a trial has no value of a measure. */
export function missingReason(trial: TrialRecord, measure: MeasureName): string {
  const latency = measure.startsWith("latencyMs.");
  return latency && trial.generator.bound
    ? `the generator was the limit for ${trial.profile}: latency is not known`
    : `not measured for ${trial.profile}`;
}

/** Failed requests in the phase whose latency is compared, not of the whole trial: behind a wall all fails. */
export function healthyFaultShare({ measures }: TrialRecord): number {
  return measures.latencyMs?.failedShare ?? 0;
}

/** Says that buckets are wider than the tolerance, where any trial's are; null where none's. */
export function coarseBuckets(sets: (TrialSet | undefined)[], tolerance: number): string | null {
  const trials = sets.flatMap((set) => [...(set?.measured.values() ?? [])]);
  const widest = Math.max(0, ...trials.map(({ measures }) => measures.latencyMs?.resolutionRatio ?? 0));
  if (widest <= tolerance) return null;
  const [width, band] = [widest, tolerance].map((share) => `${Number((share * 100).toPrecision(2))}%`);
  return `${coarseWords} ${width} wide, wider than the tolerance of ${band}`;
}

const coarseWords = "the histogram's buckets are";

/** True where a comparison can't be decided with any number of blocks, for want of resolution. */
export function isTooCoarse({ reason }: Comparison): boolean {
  return reason?.startsWith(coarseWords) ?? false;
}

function decide(one: Draft, p: number | null, needed: number): Comparison {
  const { estimate, obstacle, sure } = one;
  if (sure !== null && p !== null && p < significanceLevel) return { ...estimate, p, verdict: sure, reason: obstacle };
  if (sure !== null)
    return { ...estimate, p, verdict: "inconclusive", reason: `${obstacle}; ${needed} blocks would do` };
  if (obstacle !== null) return { ...estimate, p, verdict: "inconclusive", reason: obstacle };
  const { direction, tolerance } = one.measure;
  return { ...estimate, p, ...judge({ estimate, adjustedP: p, direction, tolerance, needed }) };
}
