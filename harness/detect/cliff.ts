import { median } from "simple-statistics";
import type { Sample } from "../results/samples.ts";
import type { Window } from "../results/window.ts";
import { targetRises } from "./deltas.ts";
import { latencyOf } from "./latency.ts";
import { portUse } from "./port-use.ts";
import {
  coveredSeconds,
  firstRequestMs,
  offeredPerSecond,
  servedFaults,
  successesOf,
  successesPerSecond,
  sum,
} from "./windows.ts";

/**
 * The scan: with half the range in use every connect() first walks the busy half (`__inet_hash_connect`), so the fall
 * comes right at half. A window and the tables are not read at the same instant, hence a little less.
 */
const onsetRatio = 0.45;
/** Throughput below this share of what it was, or a median latency above this multiple, is a fall. */
const fallRatio = 0.6;
const latencyRise = 3;
/** Least rise of the median that is a change and not a busy machine: the scan itself costs about a millisecond. */
const latencyRiseMs = 1;
/** Windows that "before" is taken from, and the least that will do. */
const windowsBefore = 6;
const leastBefore = 3;
/** Windows that "after" is taken from: 10 s of the usual 500 ms. */
const windowsAfter = 20;
/** A fall must last so many windows: 2 s of the usual 500 ms. Where only latency tells, longer. */
const lastingWindows = 4;
const lastingForLatency = 6;

export interface Cliff {
  /** Start of the first window that fell, ms on the trial's clock. */
  atMs: number;
  beforePerSecond: number;
  /** Mean of the ten seconds after the fall: past the cliff answers come in lumps, with empty windows between. */
  afterPerSecond: number;
}

export interface CliffOptions {
  usablePorts: number | null;
  /** Windows the fall must have lasted; at least 2 s are asked for anyway. */
  windows?: number;
}

/**
 * The first lasting fall of throughput (or, without it, rise of latency) that the scan cliff explains: half the target's
 * usable ports to one destination in use, nothing recycled, not because of failures, and not because the load asked for
 * less. null where there is none. Cost: linear in the windows.
 */
export function findCliff(windows: readonly Window[], samples: readonly Sample[], options: CliffOptions): Cliff | null {
  const usable = options.usablePorts;
  if (usable === null || firstRequestMs(windows) === null) return null;
  const use = portUse(samples);
  for (const [at, window] of windows.entries()) {
    const ratio = (use(window.endMs) ?? 0) / usable;
    if (ratio < onsetRatio) continue;
    const before = windows.slice(Math.max(0, at - windowsBefore), at).filter(({ requests }) => requests > 0);
    if (before.length < leastBefore) continue;
    const cliff = fallAt(windows.slice(at), before, options.windows ?? 0);
    if (cliff !== null && !recycles(samples, window.startMs, cliff.lasting)) return cliff.cliff;
  }
  return null;
}

interface Fall {
  cliff: Cliff;
  lasting: Window[];
}

function fallAt(rest: readonly Window[], before: readonly Window[], asked: number): Fall | null {
  const beforePerSecond = median(before.map(successesPerSecond));
  const byThroughput = rest.slice(0, Math.max(lastingWindows, asked));
  const byLatency = rest.slice(0, Math.max(lastingForLatency, asked));
  const fell =
    byThroughput.length >= Math.max(lastingWindows, asked) && throughputFell(byThroughput, before, beforePerSecond);
  const rose = !fell && byLatency.length >= Math.max(lastingForLatency, asked) && latencyRose(byLatency, before);
  const lasting = fell ? byThroughput : byLatency;
  const [onset] = lasting;
  if ((!fell && !rose) || onset === undefined || mostlyFaults(lasting.slice(0, 2))) return null;
  const after = rest.slice(0, windowsAfter);
  const afterPerSecond = sum(after.map(successesOf)) / coveredSeconds(after);
  return { cliff: { atMs: onset.startMs, beforePerSecond, afterPerSecond }, lasting };
}

/** Every window well below, though the load went on: iterations were dropped, or requests took longer. */
function throughputFell(windows: readonly Window[], before: readonly Window[], beforePerSecond: number): boolean {
  if (windows.some((window) => successesPerSecond(window) >= fallRatio * beforePerSecond)) return false;
  const offered = sum(windows.map((window) => offeredPerSecond(window))) / windows.length;
  return offered >= 0.8 * median(before.map(offeredPerSecond)) || latencyRose(windows.slice(1), before);
}

function latencyRose(windows: readonly Window[], before: readonly Window[]): boolean {
  const known = before.flatMap((window) => p50(window) ?? []);
  if (known.length === 0) return false;
  const usual = median(known);
  const bound = Math.max(usual * latencyRise, usual + latencyRiseMs);
  return windows.every((window) => (p50(window) ?? Number.POSITIVE_INFINITY) > bound);
}

function p50(window: Window): number | null {
  return latencyOf([window])?.p50 ?? null;
}

/** The hard wall also ends throughput: failures explain that. */
function mostlyFaults(windows: readonly Window[]): boolean {
  const faults = sum(windows.map(servedFaults));
  return faults > 0.1 * (faults + sum(windows.map(successesOf)));
}

/** With tcp_tw_reuse=1 connect() takes a TIME_WAIT over at once: no scan, whatever the count says. */
function recycles(samples: readonly Sample[], fromMs: number, windows: readonly Window[]): boolean {
  const rises = targetRises(samples, { fromMs, toMs: fromMs + coveredSeconds(windows) * 1000 });
  return rises !== null && (rises.TWRecycled ?? 0) > 0.2 * (rises.ActiveOpens ?? 0) && (rises.TWRecycled ?? 0) > 0;
}
