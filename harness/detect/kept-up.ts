import type { KeptUp } from "../results/kept-up.ts";
import { conditionSpans, isInSpans } from "./condition-spans.ts";
import { type FlowWindow, isShort } from "./flow.ts";
import { requestsPerIteration } from "./per-iteration.ts";
import type { Phases } from "./phases.ts";
import type { TrialInput } from "./trial-input.ts";
import type { Unanswered } from "./unanswered.ts";
import { coveredSeconds, successesOf, sum, within } from "./windows.ts";

/** Windows of one rate from which a stretch is judged. */
const leastWindows = 2;

/** How far the service kept up; null where no window lies between the ramp's end and the fault or the stop. */
export function keptUp(
  input: TrialInput,
  phases: Phases,
  flow: readonly FlowWindow[],
  waiting: Unanswered | null,
): KeptUp | null {
  const endMs = Math.min(phases.fault?.atMs ?? phases.stopMs, phases.stopMs);
  const judged = within(flow, phases.rampEndMs, endMs).filter(
    ({ startMs, endMs: toMs }) => !isInSpans((startMs + toMs) / 2, phases.disturbed),
  );
  const stretches = stretchesOf(input, phases, judged).map((windows) =>
    stretchOf(windows, requestsPerIteration(flow), waiting),
  );
  const [worst] = stretches.toSorted(
    (a, b) =>
      Number(isSaturated(b)) - Number(isSaturated(a)) ||
      a.servedPerSecond / a.askedPerSecond - b.servedPerSecond / b.askedPerSecond,
  );
  return worst ?? null;
}

/** Whether it could not keep up in most windows. That the generator was well must be known besides. */
export function isSaturated({ windows, shortWindows }: KeptUp): boolean {
  return windows >= leastWindows && shortWindows > windows / 2;
}

/** Windows in which the same rate was asked, of each condition by itself: what a burst does is not measured by the time between two. */
function stretchesOf(input: TrialInput, { firstMs }: Phases, windows: FlowWindow[]): FlowWindow[][] {
  const conditions = conditionSpans(input.conditions, firstMs);
  const groups = Map.groupBy(windows, (window) => {
    const middleMs = (window.startMs + window.endMs) / 2;
    const condition = conditions.findIndex(({ fromMs, toMs }) => middleMs >= fromMs && middleMs < toMs);
    return `${condition} ${(window.asked / coveredSeconds([window])).toPrecision(4)}`;
  });
  const long = [...groups.values()].filter((group) => group.length >= leastWindows && sum(group.map(askedOf)) > 0);
  return long.length > 0 || windows.length === 0 || sum(windows.map(askedOf)) === 0 ? long : [windows];
}

function stretchOf(windows: FlowWindow[], requestsEach: number, waiting: Unanswered | null): KeptUp {
  const seconds = coveredSeconds(windows);
  return {
    askedPerSecond: (sum(windows.map(askedOf)) * requestsEach) / seconds,
    servedPerSecond: sum(windows.map(successesOf)) / seconds,
    windows: windows.length,
    shortWindows: windows.filter((window) => isShort(window) || waiting?.lastsIn(window)).length,
    droppedIterations: sum(windows.map(({ droppedIterations }) => droppedIterations)),
    unansweredUsers: waiting?.users ?? null,
  };
}

function askedOf({ asked }: FlowWindow): number {
  return asked;
}
