import type { ConditionSummary } from "../../analysis/conditions.ts";
import { formatGoal, formatMeasure } from "../../core/measures.ts";
import { formatSeconds } from "../../core/units.ts";
import { listWords } from "../../core/words.ts";
import { conditionsOf } from "../../results/experiment.ts";
import type { Condition, ConditionAction } from "../../results/goals.ts";
import type { RunRecord } from "../../results/run.ts";

/**
 * What came of a run's conditions, a sentence for each profile: which goals were missed where, and in how many blocks, and how
 * soon it had recovered from what was done. [] where no condition has a goal or an action.
 */
export function conditionSentences(run: RunRecord, summaries: ConditionSummary[]): string[] {
  if (conditionsOf(run.experiment).every(({ goals, actions }) => goals.length + actions.length === 0)) return [];
  return run.profiles.flatMap(({ name }) => {
    const own = summaries.filter(({ profile, n }) => profile === name && n > 0);
    return own.length === 0 ? [] : [profileSentence(run, name, own)];
  });
}

function profileSentence(run: RunRecord, profile: string, own: ConditionSummary[]): string {
  const who = profile === run.baseline ? "The baseline" : `Profile ${profile}`;
  const kept = own.filter(({ goals }) => goals.length > 0 && goals.every((goal) => goal.missed === 0 && goal.kept > 0));
  const all = kept.length > 0 && kept.length === own.filter(({ goals }) => goals.length > 0).length;
  const clauses = [
    ...(kept.length === 0
      ? []
      : [`${all ? "every goal" : "goals"} kept in ${listWords(kept.map(({ condition }) => condition))}`]),
    ...own.flatMap(missedClause),
    ...own.flatMap((summary) => recoveryClause(conditionsOf(run.experiment), summary)),
  ];
  return clauses.length === 0 ? `${who} reached no condition's end.` : `${who}: ${clauses.join("; ")}.`;
}

/** "missed in failure: failed requests <= 5% (10.8%) in 2 of 3 blocks" */
function missedClause({ condition, goals, n }: ConditionSummary): string[] {
  const missed = goals.filter((goal) => goal.missed > 0);
  if (missed.length === 0) return [];
  const words = missed.map((goal) => {
    const median = goal.value === null ? "" : ` (${formatMeasure(goal.measure, goal.value.median)})`;
    return `${formatGoal(goal)}${median}${n === 1 ? "" : ` in ${goal.missed} of ${n} blocks`}`;
  });
  return [`missed in ${condition}: ${listWords(words)}`];
}

/** "recovered in failure 2.1 s after db was back" */
function recoveryClause(conditions: Condition[], summary: ConditionSummary): string[] {
  const last = conditions
    .find(({ name }) => name === summary.condition)
    ?.actions.toSorted(byEnd)
    .at(-1);
  if (last === undefined) return [];
  const { recoverySeconds, recovered, n, condition } = summary;
  const after = `after ${undoneWords(last)}`;
  if (recoverySeconds === null) return [`did not recover within ${condition}`];
  const when = recoverySeconds.median < 0.05 ? "at once" : formatSeconds(recoverySeconds.median);
  return [`recovered in ${condition} ${when} ${after}${recovered === n ? "" : ` in ${recovered} of ${n} blocks`}`];
}

function byEnd(one: ConditionAction, other: ConditionAction): number {
  return endMs(one) - endMs(other);
}

function endMs(action: ConditionAction): number {
  return action.atMs + (action.kind === "kill" ? (action.restartAfterMs ?? 0) : action.lastingMs);
}

function undoneWords(action: ConditionAction): string {
  const part =
    action.kind !== "latency" && action.replica > 1 ? `copy ${action.replica} of ${action.part}` : action.part;
  if (action.kind === "latency") return `${part} answered at its own pace again`;
  if (action.kind === "pause") return `${part} went on`;
  return action.restartAfterMs === null ? `${part} was killed` : `${part} was back`;
}
