import { type MeasureName, measureOf } from "../core/measures.ts";
import type { JudgedMeasure, RunRecord } from "../results/run.ts";
import { holm } from "../stats/holm.ts";
import { estimateRatio } from "../stats/ratio.ts";
import { blocksNeeded, significanceLevel } from "../stats/significance.ts";
import { type JudgeRequest, judge } from "../stats/verdict.ts";
import type { Comparison } from "./analysis.ts";
import { blockPairs, isRatio } from "./block-pairs.ts";
import { type Draft, type FamilyDesign, noiseBeside, noNoise, type PairedDraft } from "./noise.ts";
import type { Reason } from "./reason.ts";
import { widenedBySearch } from "./search-resolution.ts";
import { servedNothing } from "./served-nothing.ts";
import type { TrialSet } from "./trial-sets.ts";

/** All comparisons of a run: by profile and measure, and the blocks from which they could be decided. */
export interface Comparisons {
  byProfile: Map<string, Partial<Record<MeasureName, Comparison>>>;
  blocksNeeded: number;
  /** Adjusted p of what was tested beside the measures, in the order given. */
  beside: number[];
  /** What they were made of, in the run's order. */
  drafts: PairedDraft[];
  design: FamilyDesign;
}

/**
 * Every profile against the baseline on every judged measure: paired within blocks, p adjusted over all that carry a ratio
 * and over the looks that the run had planned, each with the noise that stands beside it. `besidePs` are of tests that are made
 * beside the measures: they count in the family.
 */
export function compareWithBaseline(run: RunRecord, sets: TrialSet[], besidePs: number[] = []): Comparisons {
  const drafts = pairedDrafts(run, sets);
  const looks = looksOf(run);
  const { comparisons, beside, needed } = decideFamily(
    drafts,
    (family) => blocksNeeded(family, looks),
    looks,
    besidePs,
  );
  const design = { family: drafts.filter(({ estimate }) => estimate.n > 0).length + besidePs.length, looks };
  const byProfile: Comparisons["byProfile"] = new Map();
  for (const { name } of run.profiles) if (name !== run.baseline) byProfile.set(name, {});
  drafts.forEach((draft, index) => {
    const [entry, comparison] = [byProfile.get(draft.profile), comparisons[index]];
    if (entry === undefined || comparison === undefined) return;
    entry[draft.measure.name] = {
      ...comparison,
      ...noiseBeside(run, draft, design),
      ...quietReason(draft, comparison),
    };
  });
  return { byProfile, blocksNeeded: needed, beside, drafts, design };
}

/** "The same" for want of failures rests on no ratio that was measured. */
function quietReason({ measure, pairs }: PairedDraft, { verdict }: Comparison): Pick<Comparison, "reason"> | null {
  const quiet = measure.name === "faultRatio" && verdict === "same" && pairs.every(({ log }) => log === 0);
  return quiet ? { reason: { code: "next-to-no-faults" } } : null;
}

/** Looks that the level is split over; a run that never looks early has one, at its end. */
export function looksOf({ looks }: RunRecord): number {
  return Math.max(1, looks.length);
}

/**
 * Verdicts of one family, in the order given: p is adjusted over all that carry a ratio, over `besidePs` and over the looks;
 * `neededFor` so many, how many blocks?
 */
export function decideFamily(
  drafts: Draft[],
  neededFor: (comparisons: number) => number,
  looks = 1,
  besidePs: number[] = [],
): { comparisons: Comparison[]; beside: number[]; needed: number } {
  const tested = drafts.filter(({ estimate }) => estimate.n > 0);
  const ps = [...tested.map(({ estimate }) => estimate.p ?? 1), ...besidePs];
  const needed = neededFor(ps.length);
  const adjusted = holm(ps).map((p) => Math.min(1, p * looks));
  const design = { needed, comparisons: ps.length, looks };
  const comparisons = drafts.map((one) =>
    decide(one, one.estimate.p === null ? null : (adjusted[tested.indexOf(one)] ?? null), design),
  );
  return { comparisons, beside: adjusted.slice(tested.length), needed };
}

/** Every profile but the baseline on every judged measure, in the run's order. */
function pairedDrafts(run: RunRecord, sets: TrialSet[]): PairedDraft[] {
  const baseline = sets.find(({ profile }) => profile === run.baseline);
  const others = sets.filter(({ profile }) => profile !== run.baseline);
  return others.flatMap((set) => run.judged.map((measure) => pairedDraft(set, baseline, measure, looksOf(run))));
}

function pairedDraft(
  set: TrialSet,
  baseline: TrialSet | undefined,
  measure: JudgedMeasure,
  looks: number,
): PairedDraft {
  const results = baseline === undefined ? [] : [...blockPairs(set, baseline, measure.name).values()];
  const pairs = results.filter(isRatio);
  const without = results.flatMap((result) => (isRatio(result) ? [] : [result]));
  const spoiled = without.filter(({ spoils }) => spoils);
  const missing = pairs.length > 0 ? null : (without[0]?.reason ?? { code: "no-pair" });
  const some: Reason | null =
    spoiled[0] === undefined
      ? null
      : { code: "blocks-without-ratio", blocks: spoiled.length, of: results.length, because: spoiled[0].reason };
  const nothing = baseline === undefined ? null : servedNothing(set, baseline, measure.name);
  return {
    profile: set.profile,
    measure,
    pairs,
    estimate:
      nothing?.sure?.estimate ??
      widenedBySearch(estimateRatio(pairs, 1 - significanceLevel / looks), measure.name, [set, baseline]),
    obstacle: nothing?.reason ?? missing ?? some ?? coarseness(measure, [set, baseline]),
    sure: nothing?.sure?.verdict ?? null,
  };
}

/** Why a latency is known too coarsely for the tolerance; null where it is not. The highest latency is exact, whatever the buckets. */
export function coarseness({ name, tolerance }: JudgedMeasure, sets: (TrialSet | undefined)[]): Reason | null {
  return measureOf(name).fromBuckets ? coarseBuckets(sets, tolerance) : null;
}

/** Where any trial's buckets are wider than the tolerance. */
function coarseBuckets(sets: (TrialSet | undefined)[], tolerance: number): Reason | null {
  const trials = sets.flatMap((set) => [...(set?.measured.values() ?? [])]);
  const widest = Math.max(0, ...trials.map(({ measures }) => measures.latencyMs?.resolutionRatio ?? 0));
  return widest <= tolerance ? null : { code: "coarse-histogram", width: widest, tolerance };
}

/** True where a comparison can't be decided with any number of blocks, for want of resolution. */
export function isTooCoarse({ reason }: Comparison): boolean {
  return reason?.code === "coarse-histogram";
}

function decide(
  one: Draft,
  p: number | null,
  design: Pick<JudgeRequest, "needed" | "comparisons" | "looks">,
): Comparison {
  const { estimate, obstacle, sure } = one;
  const common = { ...estimate, p, ...noNoise };
  const enough = estimate.n >= design.needed;
  if (sure !== null && enough && p !== null && p < significanceLevel)
    return { ...common, verdict: sure, reason: obstacle };
  if (sure !== null) return { ...common, verdict: "inconclusive", reason: withNeeded(obstacle, design.needed) };
  if (obstacle !== null) return { ...common, verdict: "inconclusive", reason: obstacle };
  const { direction, tolerance } = one.measure;
  return { ...common, ...judge({ estimate, adjustedP: p, direction, tolerance, ...design }) };
}

/** A direction that is known needs nothing but blocks. */
function withNeeded(reason: Reason | null, needed: number): Reason | null {
  return reason?.code === "served-nothing" || reason?.code === "zeros" ? { ...reason, needed } : reason;
}
