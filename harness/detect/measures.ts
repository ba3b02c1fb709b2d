import { isTargetRole, targetRoles } from "../core/roles.ts";
import type { Caveat } from "../results/caveats.ts";
import type { Evidence, PortEvidence } from "../results/evidence.ts";
import type { PortsSample, Sample, SocketsSample } from "../results/samples.ts";
import type { Measures } from "../results/trial.ts";
import type { Window } from "../results/window.ts";
import { calmWindows } from "./condition-spans.ts";
import { coresOf, type Span, targetRises } from "./deltas.ts";
import { latencyOf } from "./latency.ts";
import { missingMeasures } from "./missing-measures.ts";
import { healthySpan, loadSpan, type Phases, steadySpan } from "./phases.ts";
import { busiestInUse, portUse } from "./port-use.ts";
import { inputRoles, type TrialInput } from "./trial-input.ts";
import { coveredSeconds, largest, servedFaults, successesOf, sum, within } from "./windows.ts";

/** A histogram whose buckets are wider than this says little about small differences. */
const coarseRatio = 0.1;

/**
 * A trial's measures by their definitions (see Measures), and a caveat for each that could not be had. Only windows that
 * lie wholly in a span count towards it; the window that holds the first fault counts as before the wall, since next to
 * nothing succeeds after it. Of a load in conditions, rate, latency and failures are those of the conditions without actions; what the
 * harness stood still in is left out as well.
 */
export function measureTrial(
  input: TrialInput,
  phases: Phases,
  evidence: Pick<Evidence, "interrupts" | "netRxSoftirqs" | "ports">,
): { measures: Measures; caveats: Caveat[] } {
  const calm = { ...input, windows: calmWindows(input.windows, phases.disturbed) };
  const latency = healthyLatency(calm, phases);
  const sustained = sustainedPerSecond(calm, phases);
  const ports = portMeasures(input.samples, loadSpan(phases), evidence.ports);
  const opened = targetRises(input.samples, steadySpan(phases))?.ActiveOpens;
  const steadySeconds = (phases.stopMs - phases.rampEndMs) / 1000;
  const measures: Measures = {
    requestsBeforeWall: requestsBeforeWall(input, phases),
    timeToWallSeconds: phases.fault?.record.firstSeconds ?? null,
    scanCliffSeconds: phases.cliff === null ? null : (phases.cliff.atMs - phases.firstMs) / 1000,
    sustainableRatePerSecond: null,
    faultRatio: faultRatio(calm, phases),
    sustainedPerSecond: sustained.value,
    latencyMs: latency.value,
    latencyFirstMs: firstLatencies(calm, phases),
    latencyAfterCliffMs: latencyAfterCliff(input, phases),
    ...ports.value,
    connectionsPerSecond: opened === undefined || steadySeconds <= 0 ? null : opened / countedSeconds(input, phases),
    interruptMaxShare: evidence.interrupts?.maxShare ?? null,
    softirqMaxShare: evidence.netRxSoftirqs?.maxShare ?? null,
    cpuCores: Object.fromEntries(
      inputRoles(input).map((role) => [role, coresOf(input.samples, role, steadySpan(phases))]),
    ),
    memoryPeakBytes: Object.fromEntries(
      inputRoles(input).map((role) => [role, memoryPeakOf(input.samples, role, loadSpan(phases))]),
    ),
    cpuMsPerRequest: cpuMsPerRequest(calm, phases),
  };
  return {
    measures,
    caveats: [...sustained.caveats, ...latency.caveats, ...ports.caveats, ...missingMeasures(input, phases, measures)],
  };
}

interface Measured<T> {
  value: T;
  caveats: Caveat[];
}

/** Without a fault all that was served, k6's last export after the stop included. */
function requestsBeforeWall({ windows }: TrialInput, { firstMs, fault, stopMs }: Phases): number {
  if (fault === null) return sum(windows.map(successesOf));
  const before = within(windows, firstMs, stopMs).filter(({ startMs }) => startMs <= fault.atMs);
  return sum(before.map(successesOf));
}

/** null where no request was completed. */
function faultRatio({ windows }: TrialInput, phases: Phases): number | null {
  const { fromMs, toMs } = loadSpan(phases);
  const all = within(windows, fromMs, toMs);
  const requests = sum(all.map((window) => window.requests));
  return requests === 0 ? null : 1 - sum(all.map(successesOf)) / requests;
}

/** null where the target's CPU time was not sampled, or nothing was completed. */
function cpuMsPerRequest({ windows, samples, replicas }: TrialInput, phases: Phases): number | null {
  const { fromMs, toMs } = steadySpan(phases);
  const steady = within(windows, fromMs, toMs);
  const requests = sum(steady.map((window) => window.requests));
  const cores = targetRoles(replicas).flatMap((role) => coresOf(samples, role, { fromMs, toMs }) ?? []);
  return requests === 0 || cores.length < replicas ? null : (sum(cores) * coveredSeconds(steady) * 1000) / requests;
}

function memoryPeakOf(samples: Sample[], role: string, { fromMs, toMs }: Span): number | null {
  const seen = samples.flatMap((s) =>
    s.kind === "roleCpu" && s.role === role && s.atMs >= fromMs && s.atMs <= toMs ? (s.memoryBytes ?? []) : [],
  );
  return seen.length === 0 ? null : largest(seen);
}

const allDisturbed: Caveat = { code: "all-disturbed" };

function sustainedPerSecond({ windows, steadyLoad }: TrialInput, phases: Phases): Measured<number | null> {
  if (!steadyLoad) return { value: null, caveats: [{ code: "bursts" }] };
  const { fromMs, toMs } = steadySpan(phases);
  const steady = within(windows, fromMs, toMs);
  if (steady.length === 0 && phases.disturbed.length > 0) return { value: null, caveats: [allDisturbed] };
  if (steady.length === 0) return { value: null, caveats: [{ code: "ramp-not-over" }] };
  return { value: sum(steady.map(successesOf)) / coveredSeconds(steady), caveats: oneWindow("sustained-rate", steady) };
}

function healthyLatency({ windows }: TrialInput, phases: Phases): Measured<Measures["latencyMs"]> {
  const { fromMs, toMs } = healthySpan(phases);
  const healthy = within(windows, fromMs, toMs);
  const latency = latencyOf(healthy);
  if (latency === null && phases.disturbed.length > 0) return { value: null, caveats: [allDisturbed] };
  if (latency === null) return { value: null, caveats: [{ code: "no-healthy-latency" }] };
  const value = { ...latency, seconds: (toMs - fromMs) / 1000, failedShare: failedShare(healthy) };
  return { value, caveats: [...oneWindow("latency", healthy), ...coarse(value.resolutionRatio), ...dropped(healthy)] };
}

/** Of stretches that double in length, those that end before the first wall. */
function firstLatencies({ windows }: TrialInput, phases: Phases): Measures["latencyFirstMs"] {
  const { fromMs, toMs } = healthySpan(phases);
  const healthy = within(windows, fromMs, toMs);
  const lengths: number[] = [];
  for (let seconds = 1; fromMs + seconds * 1000 <= toMs; seconds *= 2) lengths.push(seconds);
  return lengths.flatMap((seconds) => {
    const first = within(healthy, fromMs, fromMs + seconds * 1000);
    const latency = latencyOf(first);
    return latency === null ? [] : [{ ...latency, seconds, failedShare: failedShare(first) }];
  });
}

function failedShare(windows: Window[]): number {
  return sum(windows.map(servedFaults)) / Math.max(1, sum(windows.map(({ requests }) => requests)));
}

function latencyAfterCliff({ windows }: TrialInput, { cliff, stopMs }: Phases): Measures["latencyAfterCliffMs"] {
  if (cliff === null) return null;
  const after = within(windows, cliff.atMs, stopMs);
  const latency = latencyOf(after);
  return latency === null
    ? null
    : { ...latency, lowerBound: after.some(({ droppedIterations }) => droppedIterations > 0) };
}

/** The peak of the tables, and, where there is one destination only, of the TIME_WAITs between two tables. */
function portMeasures(
  samples: Sample[],
  span: Span,
  ports: PortEvidence[],
): Measured<Pick<Measures, "timeWaitPeak" | "portUsePeakRatio">> {
  const inside = samples.filter(({ atMs }) => atMs >= span.fromMs && atMs <= span.toMs);
  const sockets = inside.filter((s): s is SocketsSample => s.kind === "sockets" && isTargetRole(s.role));
  const tables = inside.filter((s): s is PortsSample => s.kind === "ports" && isTargetRole(s.role));
  const peak = sockets.length === 0 ? null : largest(sockets.map(({ timeWait }) => timeWait));
  const read = tables.map((table) => busiestInUse(table) / table.usable);
  const single = tables.length > 0 && tables.every(({ destinations }) => destinations.length <= 1);
  const use = portUse(samples);
  const usable = tables[0]?.usable ?? 1;
  const between = single ? sockets.map(({ atMs }) => (use(atMs) ?? 0) / usable) : [];
  // The evidence's peak holds the last look, just after the stop.
  const seen = ports.filter(({ role }) => isTargetRole(role)).map((one) => one.peakInUse / one.usable);
  const ratio = tables.length === 0 ? null : largest([...read, ...between, ...seen]);
  const value = { timeWaitPeak: peak, portUsePeakRatio: ratio };
  return { value, caveats: tables.length === 0 ? [{ code: "missing-sampler", sampler: "port-table" }] : [] };
}

/** Seconds between the samples that the counters' rise was taken from. */
function countedSeconds({ samples }: TrialInput, phases: Phases): number {
  const { fromMs, toMs } = steadySpan(phases);
  const times = samples.flatMap((s) =>
    s.kind === "counters" && s.role === "target" && s.atMs <= toMs ? [s.atMs] : [],
  );
  const first = times.findLast((ms) => ms <= fromMs) ?? times[0] ?? fromMs;
  return ((times.at(-1) ?? toMs) - first) / 1000;
}

function oneWindow(of: "sustained-rate" | "latency", windows: unknown[]): Caveat[] {
  return windows.length > 1 ? [] : [{ code: "one-window", of }];
}

function coarse(resolutionRatio: number): Caveat[] {
  return resolutionRatio <= coarseRatio ? [] : [{ code: "coarse-histogram", resolutionRatio }];
}

function dropped(windows: { droppedIterations: number }[]): Caveat[] {
  const iterations = sum(windows.map(({ droppedIterations }) => droppedIterations));
  return iterations === 0 ? [] : [{ code: "dropped-iterations", iterations }];
}
