import type { ConditionSummary, GoalSummary, Range, RoleUse } from "../analysis/conditions.ts";
import { formatGoal, formatMeasure, measureOf } from "../core/measures.ts";
import { formatBytes, formatDecimal } from "../core/numbers.ts";
import { formatMilliseconds, formatPercent, formatRate, formatSeconds } from "../core/units.ts";
import { conditionsOf } from "../results/experiment.ts";
import type { ReportInput } from "./report-input.ts";

/** A goal in words, and what came of it over the blocks. */
export interface GoalCell {
  /** "failed requests <= 5%" */
  goal: string;
  /** Median of what was measured; "-" where nothing was. */
  value: string;
  /** "kept", "missed", "missed in 2 of 3", "not judged". */
  result: string;
  state: "kept" | "missed" | "open";
}

/** One profile under one condition, as text that every renderer lays out its own way. */
export interface ConditionRow {
  condition: string;
  profile: string;
  asked: string;
  served: string;
  failed: string;
  p99: string;
  /** "0.4 s", "no", "0.4 s (2/3)"; "-" where nothing was done to parts. */
  recovered: string;
  goals: GoalCell[];
  /** Cores and memory of the whole target: mean, and what it had at its peak. */
  cores: string;
  memory: string;
  summary: ConditionSummary;
}

/** Heads of what was measured under a condition: `served`, `failed` and `p99` of a row. */
export const measuredHeads = [
  measureOf("sustainedPerSecond").short,
  measureOf("faultRatio").short,
  measureOf("latencyMs.p99").short,
] as const;

/** The conditions in their order, under each the profiles in theirs; [] for a run whose load is one. */
export function conditionRows({ run, analysis }: ReportInput): ConditionRow[] {
  return conditionsOf(run.experiment).flatMap(({ name }) =>
    analysis.conditions.filter(({ condition }) => condition === name).map(conditionRow),
  );
}

function conditionRow(summary: ConditionSummary): ConditionRow {
  const target = summary.use.target;
  return {
    condition: summary.condition,
    profile: summary.profile,
    asked: formatRate(summary.askedPerSecond),
    served: middle(summary.sustainedPerSecond, formatRate),
    failed: middle(summary.faultRatio, formatPercent),
    p99: middle(summary.p99Ms, formatMilliseconds),
    recovered: recoveredWords(summary),
    goals: summary.goals.map((goal) => goalCell(goal, summary.n)),
    cores: target === undefined ? "-" : middle(target.meanCores, formatDecimal),
    memory: target === undefined ? "-" : middle(target.peakMemoryBytes, formatBytes),
    summary,
  };
}

/** The median of a range; "-" where there is none. */
export function middle(range: Range | null | undefined, format: (value: number) => string): string {
  return range == null ? "-" : format(range.median);
}

function recoveredWords({ disturbed, n, recovered, recoverySeconds }: ConditionSummary): string {
  if (!disturbed || n === 0) return "-";
  if (recoverySeconds === null) return "no";
  const when = formatSeconds(recoverySeconds.median);
  return recovered === n ? when : `${when} (${recovered}/${n})`;
}

/** A goal over `n` trials. */
export function goalCell(goal: GoalSummary, n: number): GoalCell {
  const { measure, kept, missed, value } = goal;
  const state = missed > 0 ? "missed" : kept > 0 ? "kept" : "open";
  const count = state === "open" || kept === n || missed === n ? "" : ` in ${missed > 0 ? missed : kept} of ${n}`;
  return {
    goal: formatGoal(goal),
    value: value === null ? "-" : formatMeasure(measure, value.median),
    result: state === "open" ? "not judged" : `${state}${count}`,
    state,
  };
}

/** "3 of 3 kept"; "" without goals. */
export function goalCount({ goals }: ConditionRow): string {
  const kept = goals.filter(({ state }) => state === "kept").length;
  return goals.length === 0 ? "" : `${kept} of ${goals.length} kept`;
}

/** What one role used under one condition. */
export interface UseRow {
  condition: string;
  profile: string;
  role: string;
  meanCores: string;
  peakCores: string;
  meanMemory: string;
  peakMemory: string;
}

/** Every role's use under every condition of every profile. */
export function useRows(input: ReportInput): UseRow[] {
  return conditionRows(input).flatMap(({ condition, profile, summary }) =>
    Object.entries(summary.use).map(([role, use]) => ({
      condition,
      profile,
      role: roleWords(role, summary),
      ...usedWords(use),
    })),
  );
}

function usedWords(use: RoleUse): Pick<UseRow, "meanCores" | "peakCores" | "meanMemory" | "peakMemory"> {
  return {
    meanCores: middle(use.meanCores, formatDecimal),
    peakCores: middle(use.peakCores, formatDecimal),
    meanMemory: middle(use.meanMemoryBytes, formatBytes),
    peakMemory: middle(use.peakMemoryBytes, formatBytes),
  };
}

/** With several copies the plain name is all of them. */
function roleWords(role: string, { use }: ConditionSummary): string {
  return role === "target" && "target-1" in use ? "target, all copies" : role;
}
