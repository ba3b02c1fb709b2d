import type { GoalResult, JudgedStep, Missed } from "../results/goals.ts";
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
    ...saturated(trial),
    ...cutShort(trial),
    ...notServed(trial, step.ratePerSecond),
    ...trial.goals.flatMap((goal) => missedGoal(goal, trial.outcome)),
  ];
  const serviceBroke = trial.outcome === "broke" && trial.fault?.side !== "generator";
  const generatorBound = missed.length > 0 && trial.generator.bound && !serviceBroke;
  return { ...step, sequence, kept: missed.length === 0, missed, generatorBound };
}

function broken({ outcome, fault }: TrialRecord): Missed[] {
  return outcome === "broke" ? [{ code: "broke", fault: fault?.kind ?? null }] : [];
}

/** It may have served most of what was asked, and left users without an answer. */
function saturated({ outcome, kept }: TrialRecord): Missed[] {
  if (outcome !== "saturated" || kept === null) return [];
  const { unansweredUsers, shortWindows, windows } = kept;
  return [{ code: "saturated", shortWindows, windows, unansweredUsers }];
}

/** A stop criterion other than the time means that the rate was not held for as long as was asked. */
function cutShort({ outcome, stoppedBy: stop }: TrialRecord): Missed[] {
  // Of what broke or fell behind that is said already.
  const isSaid = outcome === "broke" || (outcome === "saturated" && stop?.criterion === "saturated");
  if (isSaid || stop?.criterion === "after" || stop?.criterion === "load-ended") return [];
  return [{ code: "cut-short", stop }];
}

function notServed({ outcome, measures }: TrialRecord, askedPerSecond: number): Missed[] {
  const servedPerSecond = measures.sustainedPerSecond;
  if (servedPerSecond === null)
    return outcome === "broke" ? [] : [{ code: "not-served", servedPerSecond, askedPerSecond }];
  return servedPerSecond >= servedShare * askedPerSecond
    ? []
    : [{ code: "not-served", servedPerSecond, askedPerSecond }];
}

/** What broke is reason enough for what could not be measured. */
function missedGoal(
  { measure, comparison, limit, value, kept }: GoalResult,
  outcome: TrialRecord["outcome"],
): Missed[] {
  if (kept === true || (value === null && outcome === "broke")) return [];
  return [{ code: "goal", measure, comparison, limit, value }];
}
