import { mean, sampleVariance } from "simple-statistics";
import type { Value } from "../core/measures.ts";
import { type Bound, commonBound } from "./pairs.ts";
import { deals, permutationInterval, permutationP } from "./permutation.ts";
import type { RatioEstimate } from "./ratio.ts";
import type { Interval } from "./sign-flip.ts";
import { significanceLevel } from "./significance.ts";
import { studentP, studentQuantile } from "./student.ts";

/**
 * Candidate over baseline where the values come in no pairs: the ratio of geometric means, with the permutation test of
 * the logarithms and the interval that inverts it, neither any surer than Welch's. `n` is the smaller arm's. Lower bounds enter the ratio and the interval
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
  const interval = hull(permutationInterval(above, below), welch(above, below));
  return {
    ratio: Math.exp(mean(above) - mean(below)),
    low: interval === null || bound === "atMost" ? null : Math.exp(interval.low),
    high: interval === null || bound === "atLeast" ? null : Math.exp(interval.high),
    bound,
    p: bound === null ? Math.max(permutationP(above, below), welch(above, below)?.p ?? 0) : rankP(candidate, baseline),
    n,
  };
}

/**
 * Welch's t test and interval, for arms that do not spread alike: dealt out anew, the few values of a noisy small arm are too
 * rare among many quiet ones, and the permutation test alone calls every fourth null experiment of 6 against 20 values
 * different. null where an arm has one value. Source: B. L. Welch, "The generalization of 'Student's' problem when several different
 * population variances are involved", Biometrika 34 (1947).
 */
function welch(above: number[], below: number[]): { p: number; low: number; high: number } | null {
  if (above.length < 2 || below.length < 2) return null;
  const [one, other] = [above, below].map((arm) => sampleVariance(arm) / arm.length) as [number, number];
  const [centre, error] = [mean(above) - mean(below), Math.sqrt(one + other)];
  if (error === 0) return { p: centre === 0 ? 1 : 0, low: centre, high: centre };
  const degrees = (one + other) ** 2 / (one ** 2 / (above.length - 1) + other ** 2 / (below.length - 1));
  const reach = studentQuantile(1 - significanceLevel / 2, degrees) * error;
  return { p: studentP(centre / error, degrees), low: centre - reach, high: centre + reach };
}

/** Of two intervals what either holds; null where the first is. */
function hull(first: Interval | null, second: Interval | null): Interval | null {
  if (first === null || second === null) return first;
  return { low: Math.min(first.low, second.low), high: Math.max(first.high, second.high) };
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
