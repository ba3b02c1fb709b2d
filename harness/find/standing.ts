import { type MeasureName, measureOf, type Value } from "../core/measures.ts";
import type { TrialOutcome } from "../results/trial.ts";
import type { ObservedTrial } from "./observed-trial.ts";

/** How an arm's trials ended; missed: they served what was asked, and missed a goal. mixed: not alike. */
export type Standing = Exclude<TrialOutcome, "failed"> | "missed" | "mixed";

/** What arms are compared on, and which way is better. */
export interface Response {
  measure: MeasureName;
  better: "higher" | "lower";
}

/** How one trial ended, a missed goal counted in. */
export function standingOf({ outcome, goals }: ObservedTrial): Exclude<Standing, "mixed"> {
  if (outcome !== "held" && outcome !== "failed") return outcome;
  return goals.some(({ kept }) => kept === false) ? "missed" : "held";
}

/** How all of them ended; mixed where they differ. */
export function commonStanding(trials: readonly ObservedTrial[]): Standing {
  const [first, ...others] = [...new Set(trials.map(standingOf))];
  return first === undefined || others.length > 0 ? "mixed" : first;
}

/** The higher, the better: what was asked is served only by what held, or missed nothing but a goal. */
const ranks = { broke: 0, degraded: 1, saturated: 1, missed: 2, held: 3 } as const;

/** Whether every trial of one ended better than every trial of the other: that needs no statistics. */
export function endsBetter(after: readonly ObservedTrial[], before: readonly ObservedTrial[]): boolean {
  if (after.length === 0 || before.length === 0) return false;
  const rank = (trial: ObservedTrial) => ranks[standingOf(trial)];
  return Math.min(...after.map(rank)) > Math.max(...before.map(rank));
}

/**
 * What tells arms apart from a base that ended so: how far it got before the wall; how much it served where it did not keep up; the goal that
 * it missed; and where it served all that was asked, how slow at worst.
 */
export function responseOf(base: readonly ObservedTrial[]): Response {
  const standing = commonStanding(base);
  const worst =
    standing !== "mixed" ? standing : base.some(({ outcome }) => outcome === "broke") ? "broke" : "degraded";
  if (worst === "broke") return { measure: "requestsBeforeWall", better: "higher" };
  if (worst === "missed") return ofGoal(base);
  const measured = worst === "held" ? undefined : served.find((name) => base.some((trial) => trial.measures[name]));
  const measure = measured ?? "latencyMs.p99";
  return { measure, better: measureOf(measure).better };
}

/** How much was served, the best first. A trial that ends as soon as it degrades may have no time in which a rate was sustained. */
const served = ["sustainedPerSecond", "requestsBeforeWall"] as const;

function ofGoal(base: readonly ObservedTrial[]): Response {
  const missed = base.flatMap(({ goals }) => goals.filter(({ kept }) => kept === false))[0];
  if (missed === undefined) throw new Error("a trial that missed a goal has one");
  return { measure: missed.measure, better: missed.comparison === "<=" ? "lower" : "higher" };
}

/** A trial's value of it; null where it was not measured. */
export function measuredIn({ measures }: ObservedTrial, { measure }: Response): Value | null {
  return measures[measure] ?? null;
}

/** Its logarithm, the higher the better; null where there is none. */
export function goodnessOf(trial: ObservedTrial, response: Response): number | null {
  const value = measuredIn(trial, response);
  if (value === null || !(value.value > 0)) return null;
  return response.better === "higher" ? Math.log(value.value) : -Math.log(value.value);
}
