import { max, median, min } from "simple-statistics";
import type { Condition, ConditionResult, Goal } from "../results/goals.ts";
import { conditionsOf } from "../results/goals-of.ts";
import type { RunRecord } from "../results/run.ts";
import type { TrialSet } from "./trial-sets.ts";

/** A number over a profile's trials: one for each block that has it. */
export interface Range {
  /** Median of the blocks. */
  median: number;
  /** Lowest. */
  low: number;
  /** Highest. */
  high: number;
  /** Blocks that have it. */
  n: number;
}

/** A goal over the blocks: kept in some, missed in some, in the others not to be judged. */
export interface GoalSummary extends Goal {
  /** Blocks that kept it. */
  kept: number;
  /** Blocks that missed it. */
  missed: number;
  /** What was measured; null where nothing was. */
  value: Range | null;
}

/** What a role used under a condition. */
export interface RoleUse {
  /** CPU cores, mean over the condition. */
  meanCores: Range | null;
  /** CPU cores in the highest second. */
  peakCores: Range | null;
  /** Resident memory, mean of the looks. */
  meanMemoryBytes: Range | null;
  /** Resident memory at the highest look. */
  peakMemoryBytes: Range | null;
}

/** One profile under one condition, over its measured trials. */
export interface ConditionSummary {
  /** The profile's name. */
  profile: string;
  /** The condition's name. */
  condition: string;
  /** The rate that was asked. */
  askedPerSecond: number;
  /** Whether something was done to parts in it. */
  disturbed: boolean;
  /** Trials that reached it. */
  n: number;
  /** Successes a second. */
  sustainedPerSecond: Range | null;
  /** Fraction of the requests that failed. */
  faultRatio: Range | null;
  /** Median latency of successes. */
  p50Ms: Range | null;
  /** Latency that 99% of the successes stayed below. */
  p99Ms: Range | null;
  /** Of the trials that recovered within the condition, `recovered` of `n`; null without actions. */
  recoverySeconds: Range | null;
  /** Trials that recovered within the condition. */
  recovered: number;
  /** The condition's goals, in its order. */
  goals: GoalSummary[];
  /** By role; with several copies of the target `target` is all of them, target-1 ... each. */
  use: Record<string, RoleUse>;
}

/** Every condition of every profile, in the run's order; [] for a run whose load is one. */
export function conditionSummaries(run: RunRecord, sets: TrialSet[]): ConditionSummary[] {
  return sets.flatMap((set) =>
    conditionsOf(run.experiment).map((condition, index) => summaryOf(set, condition, index)),
  );
}

function summaryOf(set: TrialSet, condition: Condition, index: number): ConditionSummary {
  const results = [...set.measured.values()].flatMap((trial) => trial.conditions[index] ?? []);
  const seen = results.filter(({ toSeconds, fromSeconds }) => toSeconds > fromSeconds);
  const range = (value: (result: ConditionResult) => number | null | undefined) => rangeOf(seen.map(value));
  const recovery = range(({ recoverySeconds }) => recoverySeconds);
  return {
    profile: set.profile,
    condition: condition.name,
    askedPerSecond: condition.perSecond,
    disturbed: condition.actions.length > 0,
    n: seen.length,
    sustainedPerSecond: range(({ sustainedPerSecond }) => sustainedPerSecond),
    faultRatio: range(({ faultRatio }) => faultRatio),
    p50Ms: range(({ latencyMs }) => latencyMs?.p50),
    p99Ms: range(({ latencyMs }) => latencyMs?.p99),
    recoverySeconds: recovery,
    recovered: recovery?.n ?? 0,
    goals: condition.goals.map((goal, place) => goalOf(goal, place, seen)),
    use: useOf(seen),
  };
}

/** What became of the goal that is the `place`-th of each result's. */
export function goalOf(
  { measure, comparison, limit }: Goal,
  place: number,
  results: Pick<ConditionResult, "goals">[],
): GoalSummary {
  const own = results.flatMap(({ goals }) => goals[place] ?? []);
  const count = (kept: boolean) => own.filter((goal) => goal.kept === kept).length;
  const value = rangeOf(own.map((goal) => goal.value));
  return { measure, comparison, limit, kept: count(true), missed: count(false), value };
}

function useOf(results: ConditionResult[]): ConditionSummary["use"] {
  const roles = [...new Set(results.flatMap(({ cpuCores }) => Object.keys(cpuCores)))];
  const range = (value: (result: ConditionResult) => number | undefined) => rangeOf(results.map(value));
  const uses = roles.map((role): [string, RoleUse] => [
    role,
    {
      meanCores: range(({ cpuCores }) => cpuCores[role]?.mean),
      peakCores: range(({ cpuCores }) => cpuCores[role]?.peak),
      meanMemoryBytes: range(({ memoryBytes }) => memoryBytes[role]?.mean),
      peakMemoryBytes: range(({ memoryBytes }) => memoryBytes[role]?.peak),
    },
  ]);
  return Object.fromEntries(uses);
}

function rangeOf(values: (number | null | undefined)[]): Range | null {
  const known = values.filter((value) => value !== null && value !== undefined);
  return known.length === 0 ? null : { median: median(known), low: min(known), high: max(known), n: known.length };
}
