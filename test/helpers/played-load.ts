/** A load played through models of a target and of a generator, request by request, as windows: no clock, no process. */
import type { Histogram } from "../../harness/results/histogram.ts";
import { noScriptCounts } from "../../harness/results/script-counts.ts";
import type { Window } from "../../harness/results/window.ts";
import { msForRequests, type Rate, requestsBy } from "../../harness/suite/rate.ts";

/** When a request that arrives at a moment is answered, ms; Infinity: never. */
export type Answer = (atMs: number) => number | { failsAtMs: number };

export interface PlayedLoad {
  rate: Rate;
  virtualUsers: number;
  seconds: number;
  target: Answer;
  /** What an iteration takes besides its request: the script's sleep, the generator's own time. */
  ownMs?: number;
}

const windowMs = 500;
const scale = 5;

/** Each user waits for its answer, then for its own time; a request that finds no free user is dropped. */
export function playLoad({ rate, virtualUsers, seconds, target, ownMs = 0.05 }: PlayedLoad): Window[] {
  const cells = Array.from({ length: seconds * 2 }, () => ({
    waits: [] as number[],
    iterations: [] as number[],
    failed: 0,
    dropped: 0,
  }));
  const cellAt = (ms: number) => (ms < seconds * 1000 ? cells[Math.floor(ms / windowMs)] : undefined);
  const users = Array.from({ length: virtualUsers }, () => 0);
  let next = 0;
  for (let n = 0; n < Math.floor(requestsBy(rate, seconds * 1000)); n++) {
    const atMs = msForRequests(rate, n);
    const free = users.findIndex((_, i) => (users[(next + i) % virtualUsers] ?? 0) <= atMs);
    const cell = cellAt(atMs);
    if (free < 0) {
      if (cell !== undefined) cell.dropped += 1;
      continue;
    }
    const user = (next + free) % virtualUsers;
    next = user + 1;
    const answer = target(atMs);
    const endMs = typeof answer === "number" ? answer : answer.failsAtMs;
    users[user] = endMs + ownMs;
    if (typeof answer === "number") cellAt(endMs)?.waits.push(endMs - atMs);
    else if (cellAt(endMs) !== undefined) (cellAt(endMs) as { failed: number }).failed += 1;
    cellAt(endMs + ownMs)?.iterations.push(endMs + ownMs - atMs);
  }
  return cells.map(({ waits, iterations, failed, dropped }, i) => ({
    startMs: i * windowMs,
    endMs: (i + 1) * windowMs,
    requests: waits.length + failed,
    faults: failed === 0 ? [] : [{ kind: "HTTP 503", side: "target", count: failed }],
    latencyMs: histogramOf(waits),
    iterationMs: histogramOf(iterations),
    droppedIterations: dropped,
    script: noScriptCounts,
    thresholds: [],
    virtualUsers,
  }));
}

/** Places that each take so long for a request; who finds none free waits in the order of arrival. */
export function places(count: number, takesMs: number): Answer {
  const free = Array.from({ length: count }, () => 0);
  return (atMs) => {
    const place = free.indexOf(Math.min(...free));
    free[place] = Math.max(atMs, free[place] ?? 0) + takesMs;
    return free[place];
  };
}

/** Every request takes so long, however many there are. */
export function sleeps(takesMs: number): Answer {
  return (atMs) => atMs + takesMs;
}

/** Quick, but it stands still for `lastsMs` of each `everyMs`. */
export function pauses(takesMs: number, lastsMs: number, everyMs: number): Answer {
  return (atMs) => {
    const intoMs = atMs % everyMs;
    const resumesMs = intoMs > everyMs - lastsMs ? atMs - intoMs + everyMs : atMs;
    return resumesMs + takesMs;
  };
}

/** Who finds no place free within `patienceMs` is told so. */
export function refuses(count: number, takesMs: number, patienceMs: number): Answer {
  const free = Array.from({ length: count }, () => 0);
  return (atMs) => {
    const place = free.indexOf(Math.min(...free));
    const from = Math.max(atMs, free[place] ?? 0);
    if (from - atMs > patienceMs) return { failsAtMs: atMs + patienceMs };
    free[place] = from + takesMs;
    return from + takesMs;
  };
}

/** The first so many requests are never answered: a connection that is accepted and forgotten. */
export function forgets(count: number, answer: Answer): Answer {
  let asked = 0;
  return (atMs) => {
    asked += 1;
    return asked <= count ? Number.POSITIVE_INFINITY : answer(atMs);
  };
}

function histogramOf(values: number[]): Histogram | null {
  if (values.length === 0) return null;
  const indices = values.map((value) => Math.ceil(Math.log2(Math.max(value, 1e-3)) * 2 ** scale) - 1);
  const [low, high] = [indices.reduce((a, b) => Math.min(a, b)), indices.reduce((a, b) => Math.max(a, b))];
  const counts = new Array<number>(high - low + 1).fill(0);
  for (const index of indices) counts[index - low] = (counts[index - low] ?? 0) + 1;
  return {
    scale,
    zeroCount: 0,
    offset: low,
    counts,
    count: values.length,
    sum: values.reduce((total, value) => total + value, 0),
    min: values.reduce((a, b) => Math.min(a, b)),
    max: values.reduce((a, b) => Math.max(a, b)),
  };
}
