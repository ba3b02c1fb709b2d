import { type MeasureName, measuredValue, measureNumber, measureOf, type Value } from "../core/measures.ts";
import type { HealthyLatency } from "../results/latency.ts";
import type { TrialRecord } from "../results/trial.ts";
import { type PairRatio, pairRatio } from "../stats/pairs.ts";
import { duetLogRatio } from "./duet-ratio.ts";
import type { NoRatioReason } from "./reason.ts";
import type { TrialSet } from "./trial-sets.ts";

/** Shares of failed requests that differ by more make latencies incomparable: who fails fast looks quick. */
export const sameFaultShare = 0.001;

/** A failed share below this is not told from it: "none of 100,000" and "one of 2,000" are no ratio of nothing to something. */
export const leastFaultShare = 0.001;

/** Phases whose lengths differ by less are the same phase. */
const samePhase = 0.8;

/** Why a block has no ratio. spoils: leaving the block out would flatter a side, so that the others give no verdict either. */
export interface NoRatio {
  reason: NoRatioReason;
  spoils: boolean;
}

/** A ratio for each block that both profiles have, or why it has none; by block. */
export function blockPairs(set: TrialSet, baseline: TrialSet, measure: MeasureName): Map<number, PairRatio | NoRatio> {
  const pairs = new Map<number, PairRatio | NoRatio>();
  for (const [block, candidate] of set.measured) {
    const base = baseline.measured.get(block);
    if (base !== undefined) pairs.set(block, comparePair(candidate, base, measure));
  }
  return pairs;
}

export function isRatio(pair: PairRatio | NoRatio): pair is PairRatio {
  return "log" in pair;
}

/** Two trials of one block. Latencies are of a phase that both have. */
export function comparePair(candidate: TrialRecord, base: TrialRecord, measure: MeasureName): PairRatio | NoRatio {
  const [over, under] = [comparedValue(candidate, measure), comparedValue(base, measure)];
  const fruitless = [candidate, base].find((trial) => isFruitless(trial, measure));
  if (fruitless !== undefined) return { reason: { code: "no-rate-kept", profile: fruitless.profile }, spoils: true };
  if (over === null || under === null) {
    const without = over === null ? candidate : base;
    // What broke too early to be measured must not be left to the blocks in which it did not.
    return {
      reason: missingReason(without, measure),
      spoils: hasBroken(without) && (over !== null || under !== null),
    };
  }
  if (over.censored && under.censored) return noRatio({ code: "both-censored" });
  if (measureOf(measure).family === "latency") return latencyPair(candidate, base, measure);
  if (measure === "faultRatio") return faultPair(over.value, under.value);
  return pairRatio(over, under) ?? { reason: { code: "side-is-zero" }, spoils: isZero(over) !== isZero(under) };
}

function isZero({ value, censored }: Value): boolean {
  return value === 0 && !censored;
}

/** Whether the service broke, by its own fault. */
export function hasBroken({ outcome, fault }: TrialRecord): boolean {
  return outcome === "broke" && fault?.side !== "generator";
}

/** A search that found no rate: the profile does worse than any rate that was tried, and leaving it out would flatter it. */
export function isFruitless({ search }: TrialRecord, measure: MeasureName): boolean {
  return measure === "sustainableRatePerSecond" && search !== null && search.sustainableRatePerSecond === null;
}

/** The value; where a wall was not met by the stop, the moment of the stop is the bound. */
export function comparedValue(trial: TrialRecord, measure: MeasureName): Value | null {
  const value = measuredValue(trial, measure);
  const { family, unit } = measureOf(measure);
  if (value !== null || family !== "wall" || unit !== "s" || trial.stoppedBy === null) return value;
  return { value: trial.stoppedBy.atSeconds, censored: true };
}

/** Why a trial has no value of a measure. */
export function missingReason({ profile, generator }: TrialRecord, measure: MeasureName): NoRatioReason {
  const code = measureOf(measure).family === "latency" && generator.bound ? "generator-bound" : "not-measured";
  return { code, profile };
}

/** Failed requests in the phase whose latency is compared, not of the whole trial: behind a wall all fails. */
export function healthyFaultShare({ measures }: TrialRecord): number {
  return measures.latencyMs?.failedShare ?? 0;
}

function latencyPair(candidate: TrialRecord, base: TrialRecord, measure: MeasureName): PairRatio | NoRatio {
  const oneBroke = hasBroken(candidate) !== hasBroken(base);
  const [over, under] = commonPhase([candidate, base]) ?? [];
  if (over === undefined || under === undefined) return { reason: { code: "no-common-phase" }, spoils: oneBroke };
  if (Math.abs(over.failedShare - under.failedShare) > sameFaultShare) {
    return { reason: { code: "fault-shares-differ" }, spoils: true };
  }
  const few = tooFewRequests([candidate, base], [over, under], measure);
  if (few !== null) return { reason: few, spoils: oneBroke };
  const log = duetLogRatio(candidate.duet, base.duet, measure);
  if (log !== null) return { log, bound: null };
  const [one, other] = [phaseLatency(over, measure), phaseLatency(under, measure)];
  const ratio = one === null || other === null ? null : pairRatio(one, other);
  return ratio ?? noRatio({ code: "side-is-zero" });
}

/** A latency of a phase that was chosen, so that nothing of it is a bound. */
export function phaseLatency(phase: HealthyLatency, measure: MeasureName): Value | null {
  const value = measureNumber({ latencyMs: phase }, measure);
  return value === null ? null : { value, censored: false };
}

/** Names the trial in whose latency a quantile stands on too few requests; null where none's does. `latencies` are the trials' own, in their order. */
export function tooFewRequests(
  trials: TrialRecord[],
  latencies: HealthyLatency[],
  measure: MeasureName,
): NoRatioReason | null {
  const { minRequests: needed } = measureOf(measure);
  const counts = latencies.map(({ count }) => count);
  const short = trials[counts.indexOf(Math.min(...counts))];
  if (short === undefined || Math.min(...counts) >= needed) return null;
  return { code: "few-requests", profile: short.profile, requests: Math.min(...counts), needed, measure };
}

/**
 * The time after the ramp that all have, of each: all of it where all lasted about as long, else the longest of the first
 * 1, 2, 4 ... s that every one has whole. null where one lasted less than a second.
 */
export function commonPhase(trials: TrialRecord[]): HealthyLatency[] | null {
  const whole = trials.flatMap(({ measures }) => measures.latencyMs ?? []);
  const lengths = whole.map(({ seconds }) => seconds);
  if (whole.length < trials.length || whole.length === 0) return null;
  if (Math.min(...lengths) >= samePhase * Math.max(...lengths)) return whole;
  const [first, ...others] = trials.map(({ measures }) => measures.latencyFirstMs);
  const common = (first ?? []).findLast(({ seconds }) =>
    others.every((parts) => parts.some((part) => part.seconds === seconds)),
  );
  if (common === undefined) return null;
  return trials.flatMap(
    ({ measures }) => measures.latencyFirstMs.find(({ seconds }) => seconds === common.seconds) ?? [],
  );
}

/** Shares next to nothing on both sides are alike; on one side, they are at most the least that is told from nothing: a bound. */
function faultPair(over: number, under: number): PairRatio {
  const [few, less] = [over < leastFaultShare, under < leastFaultShare];
  const log = Math.log(Math.max(over, leastFaultShare) / Math.max(under, leastFaultShare));
  return { log, bound: few === less ? null : less ? "atLeast" : "atMost" };
}

function noRatio(reason: NoRatioReason): NoRatio {
  return { reason, spoils: false };
}
