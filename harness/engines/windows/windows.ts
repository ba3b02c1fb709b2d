import { mergeHistograms } from "../../core/histogram.ts";
import type { Histogram } from "../../results/histogram.ts";
import type { Threshold } from "../../results/script.ts";
import { sumScriptCounts } from "../../results/script-counts.ts";
import type { FaultCount, Side, Window } from "../../results/window.ts";
import type { Attributes, HistogramPoint, NumberPoint, OtlpPoint } from "./decode-otlp.ts";
import { scriptCounts } from "./script-counts.ts";
import { sessionsIn } from "./sessions.ts";
import { type NamedFault, nothingUnsettled, settleFaults, type Unsettled } from "./settle-faults.ts";
import { phaseTag } from "./tags.ts";
import { sumSeries, thresholdSeries } from "./threshold-series.ts";
import { transportFault } from "./transport-fault.ts";

/** What one window hands on to the next. */
export interface WindowCarry {
  /** End of the window before, on the trial's clock; null before the first. */
  endMs: number | null;
  virtualUsers: number;
  /** Whether the script counts its faults with the lib (scenarios/lib/k6.ts). */
  scriptNamesFaults: boolean;
  unsettled: Unsettled;
  thresholds: readonly Threshold[];
  /** Failed checks for which no request that succeeded was counted yet. */
  failedChecks: FaultCount[];
}

export const firstCarry: WindowCarry = {
  endMs: null,
  virtualUsers: 0,
  scriptNamesFaults: false,
  unsettled: nothingUnsettled,
  thresholds: [],
  failedChecks: [],
};

/** The same moment on both clocks: the wall's, with which generators stamp, and the trial's, which no one sets. */
export interface Reception {
  unixMs: number;
  ms: number;
}

/**
 * The window that one export makes. It begins where the one before ended and ends where its generator collected its numbers;
 * an export without any (k6 sends those too) ends at its reception. null before anything was measured.
 */
export function toWindow(request: { points: OtlpPoint[]; carry: WindowCarry; received: Reception }): {
  window: Window | null;
  carry: WindowCarry;
} {
  const { points, carry, received } = request;
  const endMs = endOf(points, carry.endMs ?? 0, received);
  const startMs = carry.endMs ?? firstStart(points.filter(isOfLoad), endMs);
  if (startMs === null) return { window: null, carry };
  return countedWindow(points, { ...carry, endMs }, startMs);
}

/** The last window: responses whose kind never came, with the kind of their status. null where nothing was left. */
export function lastWindow(carry: WindowCarry, nowMs: number): Window | null {
  if (carry.endMs === null || Object.keys(carry.unsettled.requests).length === 0) return null;
  const endMs = Math.max(carry.endMs, nowMs);
  return countedWindow([], { ...carry, endMs, scriptNamesFaults: false }, carry.endMs).window;
}

/** The window of points whose time is known. */
export function countedWindow(all: OtlpPoint[], before: WindowCarry, startMs: number) {
  const endMs = before.endMs ?? startMs;
  const points = all.filter(isOfLoad);
  const numbers = points.filter((point) => point.kind !== "histogram");
  const trends = points.filter((point) => point.kind === "histogram");
  const sent = numbers.filter((point) => point.metric === "http_reqs");
  const marks = numbers.filter((point) => point.metric === "tunebench_faults");
  const scriptNamesFaults = before.scriptNamesFaults || marks.length > 0;
  const { failed, transport } = failures(sent);
  const others = sessionsIn(numbers, trends);
  const settled = settleFaults({
    failed,
    named: marks.flatMap(namedFault),
    before: before.unsettled,
    scriptNamesFaults,
  });
  // A response that waits for its kind is counted with the window in which it gets it.
  const requests = total(sent) + others.requests + countOf(before.unsettled) - countOf(settled.unsettled);
  const faults = [...transport, ...settled.faults, ...others.faults];
  const checked = withinSuccesses(requests - countFaults(faults), [
    ...before.failedChecks,
    ...numbers.filter(({ metric }) => metric === "tunebench_check_faults").map(checkFault),
  ]);
  const virtualUsers = numbers.findLast((point) => point.metric === "vus_max")?.value ?? before.virtualUsers;
  const window: Window = {
    startMs,
    endMs,
    requests,
    faults: summed([...faults, ...checked.faults]),
    latencyMs: merged([successLatency(trends), ...others.latenciesMs]),
    iterationMs: merged(histogramsOf(trends.filter(({ metric }) => metric === "iteration_duration"))),
    droppedIterations: total(numbers.filter((point) => point.metric === "dropped_iterations")),
    ...begunIn(numbers),
    script: scriptCounts(points, (point) => isFailure(point.attributes)),
    thresholds: thresholdSeries(before.thresholds, points),
    virtualUsers,
  };
  return {
    window,
    carry: {
      ...before,
      endMs,
      virtualUsers,
      scriptNamesFaults,
      unsettled: settled.unsettled,
      failedChecks: checked.left,
    },
  };
}

/** setup() and teardown() are none. */
function isOfLoad({ attributes }: OtlpPoint): boolean {
  return attributes[phaseTag] === undefined;
}

/**
 * When a generator collected the numbers, by how long before their reception the stamps say that was. Where that can't be (before
 * the window's start, or later than now) the wall clock was set meanwhile, and the reception has to do.
 */
function endOf(points: OtlpPoint[], startMs: number, received: Reception): number {
  if (points.length === 0) return received.ms;
  const endMs = received.ms - (received.unixMs - collectedUnixMs(points));
  return endMs >= startMs && endMs <= received.ms ? endMs : Math.max(startMs, received.ms);
}

/** The first window's start: as long before its end as the stamps say, at the load's start at the earliest. */
function firstStart(points: OtlpPoint[], endMs: number): number | null {
  // A gauge's start is when it was made, not when the window began.
  const starts = points.filter((point) => point.kind !== "gauge").map((point) => point.startUnixMs);
  if (starts.length === 0) return null;
  const lengthMs = collectedUnixMs(points) - Math.min(...starts);
  return Math.min(endMs, Math.max(0, endMs - lengthMs));
}

/** When a generator collected the numbers, by its own wall clock; -Infinity of none. */
export function collectedUnixMs(points: OtlpPoint[]): number {
  return Math.max(...points.map((point) => point.endUnixMs));
}

/** Failed requests: by status where there was a response (the script may name those), by kind where there was none. */
function failures(sent: NumberPoint[]): { failed: Record<string, number>; transport: FaultCount[] } {
  const failed: Record<string, number> = {};
  const transport: FaultCount[] = [];
  for (const { attributes, value } of sent.filter((point) => isFailure(point.attributes))) {
    const { status = "0" } = attributes;
    if (status === "0") transport.push({ ...transportFault(attributes), count: value });
    else failed[status] = (failed[status] ?? 0) + value;
  }
  return { failed, transport };
}

/** k6's expected_response decides; a script that switched it off is judged by the status. */
function isFailure(attributes: Attributes): boolean {
  const { expected_response: expected, status } = attributes;
  if (expected !== undefined) return expected !== "true";
  // No status at all: the SDK's overflow set, which gathers what came after 2,000 different errors in one window.
  return status === undefined || status === "0" || Number(status) >= 400;
}

function namedFault(point: NumberPoint): NamedFault[] {
  const { kind = "", side = "", status = "" } = point.attributes;
  return point.value > 0 ? [{ kind, side: sideOf(side), status, count: point.value }] : [];
}

function checkFault({ attributes: { kind = "" }, value }: NumberPoint): FaultCount {
  return { kind, side: "target", count: value };
}

/** A request and the check that it failed may fall into neighbouring windows: what has no request yet waits for the next. */
function withinSuccesses(successes: number, failed: FaultCount[]): { faults: FaultCount[]; left: FaultCount[] } {
  let free = Math.max(0, successes);
  const parts = failed.map((fault) => {
    const count = Math.min(free, fault.count);
    free -= count;
    return { fault, count };
  });
  return {
    faults: parts.map(({ fault, count }) => ({ ...fault, count })).filter(({ count }) => count > 0),
    left: parts.map(({ fault, count }) => ({ ...fault, count: fault.count - count })).filter(({ count }) => count > 0),
  };
}

function countFaults(faults: FaultCount[]): number {
  return faults.reduce((sum, { count }) => sum + count, 0);
}

function sideOf(text: string): Side {
  return text === "generator" || text === "upstream" || text === "node" ? text : "target";
}

/**
 * Of a duet the times in fine buckets (scenarios/lib/duet.ts). Else the lib's own times, which hold the wait for a connection; without them
 * (connections kept, or no lib) k6's, which begin after it.
 */
function successLatency(trends: HistogramPoint[]): Histogram | null {
  const fine = trends.filter((point) => point.metric === "tunebench_duet_latency");
  if (fine.length > 0) return merged(histogramsOf(fine));
  const own = trends.filter((point) => point.metric === "tunebench_latency");
  const duration = trends.filter((point) => point.metric === "http_req_duration" && !isFailure(point.attributes));
  return merged(histogramsOf(own.length > 0 ? own : duration));
}

function histogramsOf(points: HistogramPoint[]): Histogram[] {
  return points.map(({ histogram }) => histogram);
}

/** null of none. */
function merged(histograms: (Histogram | null)[]): Histogram | null {
  const [first, ...others] = histograms.filter((histogram) => histogram !== null);
  return first === undefined ? null : others.reduce(mergeHistograms, first);
}

/** What several runners completed in one stretch of time, as one window: counts added up, histograms merged exactly. */
export function mergeWindows(windows: Window[], stretch: Pick<Window, "startMs" | "endMs" | "virtualUsers">): Window {
  return {
    ...stretch,
    requests: windows.reduce((sum, window) => sum + window.requests, 0),
    faults: summed(windows.flatMap((window) => window.faults)),
    latencyMs: merged(windows.map(({ latencyMs }) => latencyMs)),
    iterationMs: merged(windows.map(({ iterationMs }) => iterationMs)),
    droppedIterations: windows.reduce((sum, window) => sum + window.droppedIterations, 0),
    ...sumBegun(windows),
    script: sumScriptCounts(windows.map(({ script }) => script)),
    thresholds: sumSeries(windows.map(({ thresholds }) => thresholds)),
  };
}

function sumBegun(windows: Window[]): Pick<Window, "begunIterations"> {
  const begun = windows.flatMap(({ begunIterations }) => begunIterations ?? []);
  return begun.length === 0 ? {} : { begunIterations: begun.reduce((sum, one) => sum + one, 0) };
}

/** Of k6 nothing: its iterations begin by the clock. */
function begunIn(numbers: NumberPoint[]): Pick<Window, "begunIterations"> {
  const begun = numbers.filter(({ metric }) => metric === "tunebench_begun");
  return begun.length === 0 ? {} : { begunIterations: total(begun) };
}

/** One count for each kind and side, those known by their status alone apart; the most frequent first. */
function summed(faults: FaultCount[]): FaultCount[] {
  const byKind = new Map<string, FaultCount>();
  for (const fault of faults) {
    const key = JSON.stringify([fault.kind, fault.side, fault.status]);
    byKind.set(key, { ...fault, count: fault.count + (byKind.get(key)?.count ?? 0) });
  }
  return [...byKind.values()].sort((a, b) => b.count - a.count);
}

function total(points: NumberPoint[]): number {
  return points.reduce((sum, point) => sum + point.value, 0);
}

function countOf(unsettled: Unsettled): number {
  return Object.values(unsettled.requests).reduce((sum, count) => sum + count, 0);
}
