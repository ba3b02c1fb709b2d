import { isTargetRole } from "../core/roles.ts";
import type { PerIteration } from "../results/per-iteration.ts";
import type { CountersSample, Sample } from "../results/samples.ts";
import type { Span } from "./deltas.ts";
import type { FlowWindow } from "./flow.ts";
import { coveredSeconds, largest, successesOf, sum, within } from "./windows.ts";

/** What one iteration of the script came to while all was well; null where none ended then, or they were not timed. */
export function perIteration(
  flow: readonly FlowWindow[],
  samples: readonly Sample[],
  { fromMs, toMs }: Span,
): PerIteration | null {
  const steady = within(flow, fromMs, toMs);
  const iterations = sum(steady.map(({ iterationMs }) => iterationMs?.count ?? 0));
  if (iterations === 0) return null;
  const lastedMs = sum(steady.map(({ iterationMs }) => iterationMs?.sum ?? 0)) / iterations;
  const requests = requestsPerIteration(flow);
  const answerMs = sum(steady.map(({ latencyMs }) => latencyMs?.sum ?? 0)) / Math.max(1, sum(steady.map(successesOf)));
  return {
    requests,
    connections: connectionsEach(samples, { fromMs, toMs }, iterations / coveredSeconds(steady)),
    lastedMs,
    // Requests side by side (http.batch) wait at the same time.
    ownMs: Math.max(0, lastedMs - requests * answerMs),
  };
}

/** By the target's count of connections that it opened, between two looks at it. */
function connectionsEach(samples: readonly Sample[], { fromMs, toMs }: Span, perSecond: number): number | null {
  const looks = samples.flatMap((sample) =>
    sample.kind === "counters" && isTargetRole(sample.role) && sample.atMs >= fromMs && sample.atMs <= toMs
      ? [sample]
      : [],
  );
  const rises = [...Map.groupBy(looks, ({ role }) => role).values()].map((own) => riseOf(own));
  const known = rises.filter((rise) => rise !== null);
  return known.length === 0 ? null : sum(known) / perSecond;
}

/** A second; null where it was not looked at twice. */
function riseOf(looks: CountersSample[]): number | null {
  const [first, last] = [looks[0], looks.at(-1)];
  if (first === undefined || last === undefined || last.atMs <= first.atMs) return null;
  return (((last.values.ActiveOpens ?? 0) - (first.values.ActiveOpens ?? 0)) * 1000) / (last.atMs - first.atMs);
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
