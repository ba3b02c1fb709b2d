import { measureOf } from "../core/measures.ts";
import type { Condition, ConditionResult, GoalResult } from "../results/goals.ts";
import type { Window } from "../results/window.ts";
import { type ConditionSpan, conditionSpans } from "./condition-spans.ts";
import { conditionUse } from "./condition-use.ts";
import { judgeGoals } from "./goals.ts";
import { latencyOf } from "./latency.ts";
import { stopMsOf } from "./phases.ts";
import { recoverySeconds } from "./recovery.ts";
import type { TrialInput } from "./trial-input.ts";
import { coveredSeconds, firstRequestMs, successesOf, sum, within } from "./windows.ts";

/**
 * What was measured under each condition, in the suite's order: over the windows that lie wholly within it, up to the load's
 * stop. [] where the load is one, or no request was completed.
 */
export function conditionResults(input: TrialInput): ConditionResult[] {
  const firstMs = firstRequestMs(input.windows);
  if (firstMs === null) return [];
  const stopMs = stopMsOf(input, firstMs);
  return conditionSpans(input.conditions, firstMs).map((span) => resultOf(input, span, { firstMs, stopMs }));
}

function resultOf(input: TrialInput, whole: ConditionSpan, at: { firstMs: number; stopMs: number }): ConditionResult {
  const { condition } = whole;
  const span = { fromMs: whole.fromMs, toMs: Math.min(whole.toMs, Math.max(whole.fromMs, at.stopMs)) };
  const windows = within(input.windows, span.fromMs, span.toMs);
  const numbers = numbersOf(windows);
  return {
    name: condition.name,
    fromSeconds: (span.fromMs - at.firstMs) / 1000,
    toSeconds: (span.toMs - at.firstMs) / 1000,
    askedPerSecond: condition.perSecond,
    ...numbers,
    ...conditionUse(input, span),
    recoverySeconds: recoverySeconds({ condition, windows, events: input.events, span }),
    goals: goalsOf(condition, numbers, brokeWithin(input, whole, at.stopMs)),
  };
}

type Numbers = Pick<ConditionResult, "requests" | "successes" | "sustainedPerSecond" | "faultRatio" | "latencyMs">;

function numbersOf(windows: Window[]): Numbers {
  const requests = sum(windows.map((window) => window.requests));
  const successes = sum(windows.map(successesOf));
  return {
    requests,
    successes,
    sustainedPerSecond: windows.length === 0 ? null : successes / coveredSeconds(windows),
    faultRatio: requests === 0 ? null : (requests - successes) / requests,
    latencyMs: latencyOf(windows),
  };
}

/**
 * Beside what the numbers say, a goal is missed where the service broke within the condition, so that its rest was not served,
 * and a latency goal where nothing was answered at all.
 */
function goalsOf({ goals }: Condition, numbers: Numbers, broke: boolean): GoalResult[] {
  const { requests, successes } = numbers;
  return judgeGoals(goals, numbers).map((goal) => {
    const unanswered = measureOf(goal.measure).family === "latency" && requests > 0 && successes === 0;
    return broke || unanswered ? { ...goal, kept: false } : goal;
  });
}

/** The load was ended in this condition, by what the service did. */
function brokeWithin({ stop }: TrialInput, { fromMs, toMs }: ConditionSpan, stopMs: number): boolean {
  const broke = stop !== null && ["fault", "latency", "cliff", "saturated", "target-died"].includes(stop.criterion);
  return broke && stopMs > fromMs && stopMs < toMs;
}
