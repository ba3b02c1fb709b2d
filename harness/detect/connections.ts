import type { OpenConnections, SourcePorts } from "../results/evidence.ts";
import type { DestinationPorts, PortsSample, Role } from "../results/samples.ts";
import type { Window } from "../results/window.ts";
import type { Span } from "./deltas.ts";
import { loadSpan, type Phases } from "./phases.ts";
import { partAt, samplesIn, type TrialInput } from "./trial-input.ts";
import { sum } from "./windows.ts";

/** Destinations of a role that are kept, the busiest first. */
const keptDestinations = 4;

/** Connections that each role but the generator kept open to its busiest destinations. */
export function openConnections(input: TrialInput, phases: Phases): OpenConnections[] {
  // The look before the load has what is open without any.
  const looks = portLooks(input, { ...loadSpan(phases), fromMs: Number.NEGATIVE_INFINITY });
  return dialling(looks).flatMap((role) => {
    const own = looks.filter((look) => look.role === role);
    const names = new Map(own.flatMap(({ destinations }) => destinations.map((one) => [keyOf(one), one] as const)));
    return [...names.values()]
      .map((destination) => openTo(input, own, destination, phases))
      .filter(({ open }) => open > 0)
      .sort((a, b) => b.open - a.open)
      .slice(0, keptDestinations);
  });
}

function openTo(input: TrialInput, looks: PortsSample[], to: DestinationPorts, phases: Phases): OpenConnections {
  const seen = looks.map((look) => ({
    atMs: look.atMs,
    open: sum(look.destinations.filter((one) => keyOf(one) === keyOf(to)).map(openOf)),
    inFlight: look.atMs < phases.firstMs ? 0 : inFlightAt(input.windows, look.atMs),
  }));
  const steady = seen.filter(({ atMs }) => atMs >= phases.rampEndMs);
  const { address, port } = to;
  return {
    role: looks[0]?.role ?? "",
    destination: { address, port, name: partAt(input, to) },
    open: steady.length === 0 ? 0 : sum(steady.map(({ open }) => open)) / steady.length,
    growth: growthOf(seen.flatMap(({ open, inFlight }) => (inFlight === null ? [] : [{ open, inFlight }]))),
  };
}

function growthOf(looks: { open: number; inFlight: number }[]): OpenConnections["growth"] {
  const sorted = looks.toSorted((a, b) => a.inFlight - b.inFlight);
  const [few, many] = [sorted[0], sorted.at(-1)];
  if (few === undefined || many === undefined || few === many) return null;
  return {
    fewInFlight: few.inFlight,
    openAtFew: few.open,
    manyInFlight: many.inFlight,
    openAtMany: many.open,
  };
}

/** Mean of the requests in flight in the window of a moment; null where nothing was completed then. */
function inFlightAt(windows: readonly Window[], atMs: number): number | null {
  const window = windows.find(({ startMs, endMs }) => startMs <= atMs && atMs < endMs);
  if (window?.latencyMs == null) return null;
  return window.latencyMs.sum / Math.max(1, window.endMs - window.startMs);
}

/** The samplers' last look counts for ports, as in portEvidence. */
export function sourcePorts(input: TrialInput, { fromMs, toMs }: Span): SourcePorts[] {
  const looks = portLooks(input, { fromMs, toMs: toMs + 1500 });
  return dialling(looks).flatMap((role) => {
    const all = looks
      .filter((look) => look.role === role)
      .flatMap(({ usable, sources }) => sources.map((source) => ({ usable, ...source })));
    const most = all.toSorted((a, b) => b.inUse - a.inUse)[0];
    if (most === undefined) return [];
    const { address, usable, inUse, connections } = most;
    return [{ role, address, usable, peakInUse: inUse, connections }];
  });
}

function portLooks(input: TrialInput, span: Span): PortsSample[] {
  return samplesIn(input, span).filter((sample): sample is PortsSample => sample.kind === "ports");
}

/** Roles that dial somebody, but for the generator. */
function dialling(looks: PortsSample[]): Role[] {
  return [...new Set(looks.map(({ role }) => role))].filter((role) => role !== "generator");
}

function keyOf({ address, port }: DestinationPorts): string {
  return `${address} ${port}`;
}

function openOf({ states }: DestinationPorts): number {
  return sum(Object.entries(states).map(([state, count]) => (state === "TIME_WAIT" ? 0 : count)));
}
