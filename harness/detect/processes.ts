import { median, standardDeviation } from "simple-statistics";
import type { ProcessEvidence, Transfer, UnixQueue } from "../results/evidence.ts";
import type { CountersSample, PortsSample, ProcessSample, Role, UnixSample } from "../results/samples.ts";
import { type Span, spanEnds } from "./deltas.ts";
import { loadSpan, type Phases, steadySpan } from "./phases.ts";
import { inputRoles, samplesIn, type TrialInput } from "./trial-input.ts";
import { largest, sum } from "./windows.ts";

/** A process that was killed is counted in its cgroup a moment after the stop. */
const lastLookMs = 1500;

/** Of each role whose processes were looked at. */
export function processEvidence(input: TrialInput, phases: Phases): Record<Role, ProcessEvidence> {
  const span = loadSpan(phases);
  const all = input.samples.filter((sample): sample is ProcessSample => sample.kind === "process");
  return Object.fromEntries(
    inputRoles(input).flatMap((role) => {
      const own = all.filter((sample) => sample.role === role);
      const during = own.filter(({ atMs }) => atMs >= span.fromMs && atMs <= span.toMs + lastLookMs);
      return during.length === 0 ? [] : [[role, evidenceOf(own, during, phases)] as const];
    }),
  );
}

function evidenceOf(own: ProcessSample[], during: ProcessSample[], phases: Phases): ProcessEvidence {
  const nearest = during.reduce((most, next) => ((next.openFiles ?? -1) > (most.openFiles ?? -1) ? next : most));
  const peak = (values: (number | null)[]) => {
    const known = values.filter((value) => value !== null);
    return known.length === 0 ? null : largest(known);
  };
  return {
    runDelayCores: runDelay(own, steadySpan(phases)) ?? runDelay(own, loadSpan(phases)),
    // A list that is read while files are closed and opened may hold one more than there ever were.
    openFiles:
      nearest.openFiles === null ? null : Math.min(nearest.openFiles, nearest.openFilesLimit ?? nearest.openFiles),
    openFilesLimit: nearest.openFilesLimit,
    groupMemoryPeakBytes: peak(during.map(({ groupMemoryBytes }) => groupMemoryBytes)),
    groupMemoryLimitBytes: peak(during.map(({ groupMemoryLimitBytes }) => groupMemoryLimitBytes)),
    oomKills: rise(own, during, "oomKills"),
    cpuPeriods: rise(own, during, "cpuPeriods"),
  };
}

function runDelay(samples: ProcessSample[], span: Span): number | null {
  const bounds = spanEnds(samples, span);
  const [first, last] = [bounds?.first.runDelayMs ?? null, bounds?.last.runDelayMs ?? null];
  if (bounds === null || first === null || last === null) return null;
  return (last - first) / (bounds.last.atMs - bounds.first.atMs);
}

/** Since the first look, which comes before the load. */
function rise(own: ProcessSample[], during: ProcessSample[], field: "oomKills" | "cpuPeriods"): number | null {
  const before = own.find((sample) => sample[field] !== null)?.[field] ?? null;
  const after = during.findLast((sample) => sample[field] !== null)?.[field] ?? null;
  return before === null || after === null ? null : after - before;
}

/** What each role's namespace sent after the ramp, as far as two looks and more saw it. */
export function transfers(input: TrialInput, phases: Phases): Record<Role, Transfer> {
  const steady = samplesIn(input, steadySpan(phases));
  return Object.fromEntries(
    inputRoles(input).flatMap((role) => {
      const looks = steady.filter((one): one is CountersSample => one.kind === "counters" && one.role === role);
      const tables = steady.filter((one): one is PortsSample => one.kind === "ports" && one.role === role);
      const rates = looks.slice(1).map((look, index) => rateBetween(looks[index], look));
      if (rates.length === 0 || tables.length === 0) return [];
      const mean = sum(rates) / rates.length;
      const transfer: Transfer = {
        outBytesPerSecond: mean,
        variation: mean === 0 ? 0 : standardDeviation(rates) / mean,
        unsentBytes: median(tables.map(({ unsentBytes }) => unsentBytes)),
        unreadBytes: median(tables.map(({ unreadBytes }) => unreadBytes)),
      };
      return [[role, transfer] as const];
    }),
  );
}

function rateBetween(first: CountersSample | undefined, last: CountersSample): number {
  if (first === undefined) return 0;
  const octets = (last.values.OutOctets ?? 0) - (first.values.OutOctets ?? 0);
  return (octets * 1000) / Math.max(1, last.atMs - first.atMs);
}

/** The longest queue of each listening Unix socket of a role's namespace. */
export function unixQueues(input: TrialInput, span: Span): UnixQueue[] {
  const seen = samplesIn(input, span)
    .filter((sample): sample is UnixSample => sample.kind === "unix")
    .flatMap(({ role, listeners }) => listeners.map(({ path, queued }) => ({ role, path, peakQueued: queued })));
  const longest = new Map<string, UnixQueue>();
  for (const queue of seen) {
    const key = JSON.stringify([queue.role, queue.path]);
    const known = longest.get(key);
    if (known === undefined || queue.peakQueued > known.peakQueued) longest.set(key, queue);
  }
  return [...longest.values()];
}
