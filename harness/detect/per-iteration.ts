import type { PerIteration } from "../results/per-iteration.ts";
import type { Measures } from "../results/trial.ts";
import type { FlowWindow } from "./flow.ts";
import { type Moments, steadySpan } from "./moments.ts";
import { coveredSeconds, largest, successesOf, sum, within } from "./windows.ts";

/** What one iteration of the script came to, from the ramp's end to the stop; null where none ended there, or they were not timed. */
export function perIteration(
  flow: readonly FlowWindow[],
  moments: Moments,
  { connectionsPerSecond }: Pick<Measures, "connectionsPerSecond">,
): PerIteration | null {
  const { fromMs, toMs } = steadySpan(moments);
  const steady = within(flow, fromMs, toMs);
  const iterations = sum(steady.map(({ iterationMs }) => iterationMs?.count ?? 0));
  if (iterations === 0) return null;
  const lastedMs = sum(steady.map(({ iterationMs }) => iterationMs?.sum ?? 0)) / iterations;
  const requests = requestsPerIteration(flow);
  const answerMs = sum(steady.map(({ latencyMs }) => latencyMs?.sum ?? 0)) / Math.max(1, sum(steady.map(successesOf)));
  return {
    requests,
    connections: connectionsPerSecond === null ? null : (connectionsPerSecond * coveredSeconds(steady)) / iterations,
    lastedMs,
    // Requests side by side (http.batch) wait at the same time.
    ownMs: Math.max(0, lastedMs - requests * answerMs),
  };
}

/**
 * The rate is one of iterations: a script may send several requests in each. Counted from when as many end as begin; where they last too long for
 * that, over those that began.
 */
export function requestsPerIteration(flow: readonly FlowWindow[]): number {
  const longestMs = largest(flow.map(({ iterationMs }) => iterationMs?.max ?? 0));
  const level = flow.filter(({ startMs }) => startMs >= (flow[0]?.startMs ?? 0) + longestMs);
  const ended = sum(level.map(({ iterationMs }) => iterationMs?.count ?? 0));
  if (ended > 0) return requestsOf(level) / ended;
  const begun = sum(flow.map(({ asked, droppedIterations }) => asked - droppedIterations));
  return flow.every(({ iterationMs }) => iterationMs === null) || begun <= 0 ? 1 : requestsOf(flow) / begun;
}

function requestsOf(flow: readonly FlowWindow[]): number {
  return sum(flow.map(({ requests }) => requests));
}
