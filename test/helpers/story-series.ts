/**
 * The port-exhaustion story as time series, computed from a simple model of facts that were measured by hand: a
 * TIME_WAIT lasts 60 s; past half the ports connect() gets slow; past all of them every request is a 503.
 */
import type { Histogram } from "../../harness/results/histogram.ts";
import type { Sample } from "../../harness/results/samples.ts";
import { noScriptCounts } from "../../harness/results/script-counts.ts";
import type { Window } from "../../harness/results/window.ts";
import { noSources } from "./record-parts.ts";

export interface Story {
  usable: number;
  /** tcp_tw_reuse=1: ports come back after a second, no scan. */
  reuse: boolean;
  stopAfterRequests: number;
  stopAfterSeconds: number;
  cpus: number;
}

export interface StorySeries {
  windows: Window[];
  samples: Sample[];
  cliffSeconds: number | null;
  faultSeconds: number | null;
  stopSeconds: number;
  successes: number;
  faults: number;
  peakTimeWait: number;
}

const windowMs = 500;
const virtualUsers = 200;
const firstRequestMs = 300;

/** Plays a profile until a stop criterion of the story comes. Deterministic. */
export function playStory(story: Story): StorySeries {
  const random = randomNumbers(story.usable + (story.reuse ? 1 : 0));
  const series: StorySeries = {
    windows: [],
    samples: [],
    cliffSeconds: null,
    faultSeconds: null,
    stopSeconds: 0,
    successes: 0,
    faults: 0,
    peakTimeWait: 0,
  };
  let timeWait = 0;
  for (let step = 0; !isOver(story, series, step); step += 1) {
    const seconds = (step * windowMs) / 1000;
    const wanted = wantedPerSecond(seconds) * 0.5;
    const scanning = !story.reuse && timeWait > story.usable / 2;
    const capacity = scanning ? (640 - 220 * (timeWait / story.usable)) * 0.5 * (0.96 + 0.08 * random()) : wanted;
    const served = Math.round(Math.min(wanted * (0.985 + 0.015 * random()), capacity));
    const room = story.reuse ? served : Math.max(0, story.usable - timeWait);
    const successes = Math.min(served, room);
    const faults = Math.min(served - successes, 120);
    if (scanning) series.cliffSeconds ??= seconds;
    if (faults > 0) series.faultSeconds ??= seconds;
    const before = timeWait;
    timeWait = story.reuse ? Math.min(14_050 + Math.round(40 * random()), timeWait + served) : timeWait + successes;
    addWindow(series, step, successes, faults, wanted, scanning, random);
    addSamples(series, story, step, before, timeWait);
  }
  return series;
}

function isOver(story: Story, series: StorySeries, step: number): boolean {
  series.stopSeconds = (step * windowMs) / 1000;
  const sinceFault = series.faultSeconds === null ? 0 : series.stopSeconds - series.faultSeconds;
  const requests = series.successes + series.faults;
  return sinceFault >= 1.5 || requests >= story.stopAfterRequests || series.stopSeconds >= story.stopAfterSeconds;
}

function wantedPerSecond(seconds: number): number {
  return seconds < 5 ? 500 + 500 * seconds : 3000;
}

function addWindow(
  series: StorySeries,
  step: number,
  successes: number,
  faults: number,
  wanted: number,
  scanning: boolean,
  random: () => number,
): void {
  const medianMs = scanning ? (virtualUsers / Math.max(200, (successes + faults) * 2)) * 1000 : 0.55 + 0.2 * random();
  series.successes += successes;
  series.faults += faults;
  series.windows.push({
    startMs: firstRequestMs + step * windowMs,
    endMs: firstRequestMs + (step + 1) * windowMs,
    requests: successes + faults,
    faults: faults === 0 ? [] : [{ kind: "EADDRNOTAVAIL", side: "target", count: faults }],
    latencyMs: successes === 0 ? null : logNormalHistogram(medianMs, successes, scanning ? 0.35 : 0.45),
    iterationMs: null,
    droppedIterations: scanning ? Math.round(wanted - successes - faults) : 0,
    script: noScriptCounts,
    thresholds: [],
    virtualUsers,
  });
}

function addSamples(series: StorySeries, { usable, cpus }: Story, step: number, before: number, after: number): void {
  const startMs = firstRequestMs + step * windowMs;
  series.peakTimeWait = Math.max(series.peakTimeWait, after);
  for (let tenth = 0; tenth < 5; tenth += 1) {
    const timeWait = Math.round(before + ((after - before) * tenth) / 5);
    series.samples.push({ kind: "sockets", atMs: startMs + tenth * 100, role: "target", timeWait, inUse: 210 });
  }
  if (step % 2 === 1) return;
  const address = "198.18.0.6";
  const states = { TIME_WAIT: before, ESTABLISHED: 4 };
  const destinations = [{ address, port: 3306, states, inUse: Math.min(usable, before + 4) }];
  series.samples.push({ kind: "ports", atMs: startMs, role: "target", usable, destinations, ...noSources, costMs: 18 });
  series.samples.push(nodeSample(startMs, series.successes + series.faults, cpus));
}

/** Counters that grow with the requests; the first CPU does more of the receive work than the others. */
function nodeSample(atMs: number, requests: number, cpus: number): Sample {
  const shares = Array.from({ length: cpus }, (_, cpu) => (cpu === 0 ? 1.6 : 1));
  const total = shares.reduce((sum, share) => sum + share, 0);
  const spread = (amount: number) => shares.map((share) => Math.round((amount * share) / total));
  const packets = spread(requests * 14);
  return {
    kind: "node",
    atMs,
    cpuBusyMs: spread(atMs * cpus * 0.6),
    cpuSoftirqMs: spread(atMs * cpus * 0.12),
    runCpuMs: atMs * cpus * 0.48,
    netRxSoftirqs: packets,
    softnetProcessed: packets,
    softnetDropped: packets.map(() => 0),
    softnetTimeSqueeze: packets.map(() => 0),
    networkInterrupts: packets.map(() => 0),
    conntrackCount: null,
    conntrackMax: null,
    conntrackDrops: null,
    conntrackInsertFailed: null,
    neighbourTableFulls: 0,
  };
}

/** A histogram of `count` values around a median, at k6's scale of 5 (buckets 2.2% wide). */
export function logNormalHistogram(medianMs: number, count: number, sigma: number): Histogram {
  const scale = 5;
  const perOctave = 2 ** scale;
  const middle = Math.floor(Math.log2(medianMs) * perOctave);
  const reach = Math.ceil(3 * sigma * perOctave * Math.LOG2E);
  const weights = Array.from({ length: 2 * reach + 1 }, (_, index) => {
    const distance = (index - reach) / perOctave / Math.LOG2E / sigma;
    return Math.exp(-(distance ** 2) / 2);
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const counts = weights.map((weight) => Math.round((weight / total) * count));
  const counted = counts.reduce((sum, value) => sum + value, 0);
  const edge = (index: number) => 2 ** (index / perOctave);
  const [min, max] = [edge(middle - reach), edge(middle + reach + 1)];
  return { scale, zeroCount: 0, offset: middle - reach, counts, count: counted, sum: counted * medianMs, min, max };
}

/** mulberry32: small, seeded, good enough for jitter. */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
