import { mean } from "simple-statistics";
import { significanceLevel } from "../results/blocks-needed.ts";
import { type Bound, commonBound, type Value } from "./pairs.ts";
import { deals, permutationInterval, permutationP } from "./permutation.ts";
import type { RatioEstimate } from "./ratio.ts";

/**
 * Candidate over baseline where the values come in no pairs: the ratio of geometric means, with the permutation test of
 * the logarithms and the interval that inverts it. `n` is the smaller arm's. Lower bounds enter the ratio and the interval
 * as they are, and only the end that they leave standing is given; they enter the test by what they surely exceed (ranks).
 * Where both arms hold nothing but bounds, nothing is compared (n = 0); where both hold some, there is no ratio. A 0 has no
 * logarithm: then there is only the test, by ranks.
 */
export function estimateUnpaired(candidate: Value[], baseline: Value[]): RatioEstimate {
  const [over, under] = [candidate, baseline].map((arm) => arm.filter(({ censored }) => censored).length);
  const allBounds = over === candidate.length && under === baseline.length;
  const n = allBounds ? 0 : Math.min(candidate.length, baseline.length);
  const none = { ratio: null, low: null, high: null, bound: null, p: null, n };
  if (n === 0) return none;
  const bound = boundOf((over ?? 0) > 0, (under ?? 0) > 0);
  const positive = [...candidate, ...baseline].every(({ value }) => value > 0);
  if (!positive || bound === "both") return { ...none, p: rankP(candidate, baseline) };
  const [above, below] = [candidate, baseline].map((arm) => arm.map(({ value }) => Math.log(value))) as [
    number[],
    number[],
  ];
  const interval = permutationInterval(above, below);
  return {
    ratio: Math.exp(mean(above) - mean(below)),
    low: interval === null || bound === "atMost" ? null : Math.exp(interval.low),
    high: interval === null || bound === "atLeast" ? null : Math.exp(interval.high),
    bound,
    p: bound === null ? permutationP(above, below) : rankP(candidate, baseline),
    n,
  };
}

/** Values in each arm from which the smallest of `comparisons` Holm-adjusted p can fall below the level at all. */
export function trialsNeeded(comparisons: number): number {
  let trials = 1;
  while ((2 * Math.max(1, comparisons)) / deals(trials, trials) >= significanceLevel) trials += 1;
  return trials;
}

function boundOf(candidate: boolean, baseline: boolean): Bound | "both" {
  return commonBound([
    ...(candidate ? [{ log: 0, bound: "atLeast" as const }] : []),
    ...(baseline ? [{ log: 0, bound: "atMost" as const }] : []),
  ]);
}

/**
 * The permutation test of each value's score: how many it surely exceeds less how many surely exceed it. Exact where both
 * arms have the same stop bounds. Source: E. A. Gehan, "A generalized Wilcoxon test for comparing arbitrarily
 * singly-censored samples", Biometrika 52 (1965).
 */
function rankP(candidate: Value[], baseline: Value[]): number {
  const all = [...candidate, ...baseline];
  const score = (one: Value) =>
    all.filter((other) => exceeds(one, other)).length - all.filter((other) => exceeds(other, one)).length;
  return permutationP(candidate.map(score), baseline.map(score));
}

/** A lower bound exceeds what was measured to be as high, and is exceeded by nothing. */
function exceeds(one: Value, other: Value): boolean {
  if (other.censored) return false;
  return one.value > other.value || (one.value === other.value && one.censored);
}
