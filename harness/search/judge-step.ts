import { formatLimit, formatMeasure, measureOf } from "../core/measures.ts";
import { formatRate } from "../core/units.ts";
import type { GoalResult, JudgedStep } from "../results/goals.ts";
import type { TrialRecord } from "../results/trial.ts";

/** Share of the asked rate that must be answered: with less the service does not keep up, whatever its latency. */
const servedShare = 0.99;

/**
 * What a valid trial of a search says of its rate. Kept: every goal is known and kept, nothing broke, the load ran to its end, and what
 * was asked for was served. A step that is not kept while the generator was at its limit says nothing, unless the service
 * itself broke.
 */
export function judgeStep(trial: TrialRecord): JudgedStep {
  const { sequence, step } = trial;
  if (step === null) throw new Error(`trial ${sequence} is no step of a search`);
  const missed = [
    ...broken(trial),
    ...cutShort(trial),
    ...notServed(trial, step.ratePerSecond),
    ...trial.goals.flatMap((goal) => missedGoal(goal, trial.outcome)),
  ];
  const serviceBroke = trial.outcome === "broke" && trial.fault?.side !== "generator";
  const generatorBound = missed.length > 0 && trial.generator.bound && !serviceBroke;
  return { ...step, sequence, kept: missed.length === 0, missed, generatorBound };
}

function broken({ outcome, fault }: TrialRecord): string[] {
  return outcome === "broke" ? [`broke with ${fault?.kind ?? "an unknown fault"}`] : [];
}

/** A stop criterion other than the time means that the rate was not held for as long as was asked. */
function cutShort({ outcome, stoppedBy }: TrialRecord): string[] {
  if (outcome === "broke" || stoppedBy?.criterion === "after" || stoppedBy?.criterion === "load-ended") return [];
  return [stoppedBy === null ? "the load did not run to its end" : `stopped early: ${stoppedBy.detail}`];
}

function notServed({ outcome, measures }: TrialRecord, askedPerSecond: number): string[] {
  const served = measures.sustainedPerSecond;
  if (served === null) return outcome === "broke" ? [] : ["what was served after the ramp could not be measured"];
  if (served >= servedShare * askedPerSecond) return [];
  return [`served only ${formatRate(served)} of ${formatRate(askedPerSecond)}`];
}

/** What broke is reason enough for what could not be measured. */
function missedGoal(goal: GoalResult, outcome: TrialRecord["outcome"]): string[] {
  const { value, kept } = goal;
  const { label } = measureOf(goal.measure);
  if (kept === true) return [];
  if (value === null) return outcome === "broke" ? [] : [`${label} could not be measured`];
  return [`${label} was ${formatMeasure(goal.measure, value)}, the goal is ${formatLimit(goal)}`];
}
