import { sampleStandardDeviation } from "simple-statistics";
import { type MeasureName, measureOf, type Value } from "../core/measures.ts";
import type { JudgedMeasure } from "../results/run.ts";
import type { TrialRecord } from "../results/trial.ts";
import { noiseFloor } from "../stats/detectable.ts";
import { estimateUnpaired, trialsNeeded } from "../stats/two-sample.ts";
import type { Comparison, Noise } from "./analysis.ts";
import {
  commonPhase,
  comparedValue,
  hasBroken,
  healthyFaultShare,
  isFruitless,
  leastFaultShare,
  missingReason,
  phaseLatency,
  sameFaultShare,
  tooFewRequests,
} from "./block-pairs.ts";
import { coarseness, decideFamily } from "./compare.ts";
import { type Draft, leastNoisePairs, noNoise } from "./noise.ts";
import type { Reason } from "./reason.ts";
import { widenedBySearch } from "./search-resolution.ts";
import { isMeasuredZero } from "./served-nothing.ts";
import type { TrialSet } from "./trial-sets.ts";

/** The trials of one profile in two runs. */
export interface ArmPair {
  baseline: TrialSet;
  candidate: TrialSet;
}

/**
 * Trials of two runs, which come in no blocks: every judged measure of every pair of arms by the two-sample permutation test,
 * p adjusted over all that can be tested, `besidePs` (of tests made beside the measures) counted in. One entry for each pair, in their order. Weaker than pairs of one run, and blind to
 * what drifted between the runs.
 */
export function compareUnpaired(
  pairs: ArmPair[],
  judged: JudgedMeasure[],
  besidePs: number[] = [],
): { found: Partial<Record<MeasureName, Comparison>>[]; beside: number[] } {
  const drafts = pairs.map((pair) => judged.map((measure) => draftOf(pair, measure)));
  const { comparisons, beside } = decideFamily(drafts.flat(), trialsNeeded, 1, besidePs);
  const found = drafts.map((own, at) => {
    const first = at * judged.length;
    const entries = own.map(({ measure, noise }, index) => [measure.name, { ...comparisons[first + index], ...noise }]);
    return Object.fromEntries(entries);
  });
  return { found, beside };
}

function draftOf(pair: ArmPair, measure: JudgedMeasure): Draft & { noise: Noise } {
  const [over, under] = valuesOf(pair, measure.name);
  const estimate = widenedBySearch(estimateUnpaired(over, under), measure.name, [pair.candidate, pair.baseline]);
  const nothing = zerosOf(pair, [over, under], measure);
  return {
    profile: pair.candidate.profile,
    measure,
    estimate,
    obstacle: nothing?.reason ?? obstacleOf(pair, measure, [over, under]),
    sure: nothing?.sure ?? null,
    noise: noiseOf(over, under),
  };
}

/** Values of candidate and baseline; latencies are of a phase that all trials have. */
function valuesOf({ candidate, baseline }: ArmPair, name: MeasureName): [Value[], Value[]] {
  const [over, under] = [[...candidate.measured.values()], [...baseline.measured.values()]];
  if (measureOf(name).family !== "latency") {
    const values = (trials: TrialRecord[]) => trials.flatMap((trial) => comparedValue(trial, name) ?? []);
    return [values(over), values(under)].map((arm) => (name === "faultRatio" ? arm.map(atLeastAFault) : arm)) as [
      Value[],
      Value[],
    ];
  }
  const known = [over, under].map((trials) => trials.filter((trial) => comparedValue(trial, name) !== null));
  const phase = commonPhase(known.flat()) ?? [];
  const values = phase.flatMap((latency) => phaseLatency(latency, name) ?? []);
  const first = known[0]?.length ?? 0;
  return [values.slice(0, first), values.slice(first)];
}

/** Below this a share of failures is not told from none. */
function atLeastAFault({ value, censored }: Value): Value {
  return { value: Math.max(value, leastFaultShare), censored };
}

function obstacleOf(
  { candidate, baseline }: ArmPair,
  measure: JudgedMeasure,
  [over, under]: [Value[], Value[]],
): Reason | null {
  const leftOut = fruitless([candidate, baseline], measure.name);
  if (leftOut !== null) return leftOut;
  if (over.length === 0) return missing(candidate, measure.name);
  if (under.length === 0) return missing(baseline, measure.name);
  const broken = brokenWithout(candidate, measure.name) ?? brokenWithout(baseline, measure.name);
  if (broken !== null) return broken;
  if ([...over, ...under].every(({ censored }) => censored)) {
    return { code: "both-censored" };
  }
  if (measureOf(measure.name).family !== "latency") return null;
  const all = [candidate, baseline].flatMap((set) => [...set.measured.values()]);
  const known = all.filter((trial) => comparedValue(trial, measure.name) !== null);
  const few = tooFewRequests(known, commonPhase(known) ?? [], measure.name);
  if (few !== null) return few;
  const [failing, before] = [candidate, baseline].map((set) => meanFaultShare([...set.measured.values()]));
  if (Math.abs((failing ?? 0) - (before ?? 0)) > sameFaultShare) {
    return { code: "fault-shares-differ" };
  }
  return coarseness(measure, [candidate, baseline]);
}

/** Searches that found no rate have no value, and what is left of the arm would flatter it. */
function fruitless(sets: TrialSet[], name: MeasureName): Reason | null {
  for (const { profile, measured } of sets) {
    const without = [...measured.values()].filter((trial) => isFruitless(trial, name)).length;
    if (without > 0) return { code: "searches-without-rate", profile, trials: without, of: measured.size };
  }
  return null;
}

/** The same of trials that broke before there was anything to measure. */
function brokenWithout({ profile, measured }: TrialSet, name: MeasureName): Reason | null {
  const trials = [...measured.values()];
  const broken = trials.filter((trial) => hasBroken(trial) && comparedValue(trial, name) === null).length;
  return broken === 0 ? null : { code: "broke-before-measured", profile, trials: broken, of: trials.length };
}

function missing(set: TrialSet, name: MeasureName): Reason {
  const first = [...set.measured.values()].find((trial) => comparedValue(trial, name) === null);
  if (set.measured.size === 0) return { code: "no-valid-trial", profile: set.profile };
  return first === undefined ? { code: "no-common-phase" } : missingReason(first, name);
}

function meanFaultShare(trials: TrialRecord[]): number {
  return trials.reduce((sum, trial) => sum + healthyFaultShare(trial), 0) / trials.length;
}

/** Where values are 0 there is no ratio; the direction is known where it is all of one arm and none of the other. A 0 that is only a lower bound says nothing. */
function zerosOf({ candidate, baseline }: ArmPair, [over, under]: [Value[], Value[]], { direction }: JudgedMeasure) {
  const [above, below] = [over, under].map((values) => values.filter(isMeasuredZero).length) as [number, number];
  if (above + below === 0) return null;
  const reason: Reason = {
    code: "zeros",
    candidate: { profile: candidate.profile, trials: above, of: over.length },
    baseline: { profile: baseline.profile, trials: below, of: under.length },
    needed: null,
  };
  const lower = above === over.length && below === 0;
  const higher = below === under.length && above === 0;
  if (!lower && !higher) return { reason, sure: null };
  return { reason, sure: lower === (direction === "higher") ? ("worse" as const) : ("better" as const) };
}

/** From how much each arm's own trials differ: what drifts between two runs is not in it. */
function noiseOf(over: Value[], under: Value[]): Noise {
  const all = [...over, ...under];
  const least = Math.min(over.length, under.length);
  if (least < leastNoisePairs || all.some(({ value, censored }) => censored || value <= 0)) {
    return noNoise;
  }
  const [one, other] = [over, under].map((arm) => sampleStandardDeviation(arm.map(({ value }) => Math.log(value))));
  const floor = noiseFloor({ deviation: Math.hypot(one ?? 0, other ?? 0), degrees: least - 1 }, least);
  return { noiseFloor: floor, minimumDetectable: null, noiseSource: "own trials", noisePairs: null };
}
