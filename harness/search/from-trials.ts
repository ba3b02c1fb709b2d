import type { Caveat } from "../results/caveats.ts";
import { isDisturbed } from "../results/disturbance.ts";
import type { JudgedStep, SearchObjective } from "../results/goals.ts";
import type { TrialRecord } from "../results/trial.ts";
import { judgeStep } from "./judge-step.ts";
import { nextMove, type SearchMove } from "./next-move.ts";

/** What a place of the plan (a profile in a block) does next, from its trials so far, in any order. Invalid ones don't count. */
export function nextMoveOf(objective: SearchObjective, trials: readonly TrialRecord[]): SearchMove {
  return nextMove(objective, stepsOf(trials));
}

/**
 * The record of a step as it is kept: the one that ends its search carries what the search came to and stands for the
 * place in the comparison, or in the recheck; any other, and an invalid one, stays as it is. `earlier` are the place's trials before it.
 */
export function endingSearch(
  objective: SearchObjective,
  earlier: readonly TrialRecord[],
  record: TrialRecord,
  purpose: "compare" | "recheck" = "compare",
): TrialRecord {
  if (!record.valid) return record;
  const move = nextMoveOf(objective, [...earlier, record]);
  if (move.kind === "step") return record;
  const { sustainableRatePerSecond } = move.record;
  const steps = [...earlier, record].filter(({ valid, step }) => valid && step !== null);
  return {
    ...record,
    purpose,
    search: move.record,
    measures: { ...record.measures, sustainableRatePerSecond },
    caveats: [...record.caveats, ...move.record.caveats, ...disturbedSteps(steps)],
  };
}

/** No step is repeated for it: one that was missed beside another load may have been missed because of it. */
function disturbedSteps(steps: readonly TrialRecord[]): Caveat[] {
  const disturbed = steps.filter(isDisturbed).length;
  return disturbed === 0 ? [] : [{ code: "search-disturbed", disturbedSteps: disturbed, steps: steps.length }];
}

function stepsOf(trials: readonly TrialRecord[]): JudgedStep[] {
  return trials
    .filter(({ valid, step }) => valid && step !== null)
    .toSorted((a, b) => a.sequence - b.sequence)
    .map(judgeStep);
}
