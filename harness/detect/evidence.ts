import type { RolePorts } from "../core/ports.ts";
import type { Evidence, PortEvidence } from "../results/evidence.ts";
import type { NodeSample, PortsSample } from "../results/samples.ts";
import { acceptQueues } from "./accept-queues.ts";
import { openConnections, sourcePorts } from "./connections.ts";
import { counterRises, nodesOf, rises, roleCpuOf, type Span, type SpanEnds, spanEnds } from "./deltas.ts";
import { demandOf } from "./demand.ts";
import { loggedFaults, repeatedLines } from "./logged.ts";
import { otherCpuOf } from "./other-cpu.ts";
import { loadSpan, type Phases, steadySpan } from "./phases.ts";
import { processEvidence, transfers, unixQueues } from "./processes.ts";
import { spread } from "./spread.ts";
import { inputRoles, partAt, samplesIn, type TrialInput } from "./trial-input.ts";
import { largest, sum } from "./windows.ts";

/** The numbers behind findings, taken from the first request to the stop; CPU shares from the ramp's end where it came. */
export function gatherEvidence(input: TrialInput, phases: Phases): Evidence {
  const span = loadSpan(phases);
  const roles = inputRoles(input);
  const counters = Object.fromEntries(roles.map((role) => [role, counterRises(input.samples, role, span) ?? {}]));
  const watched = new Set(input.samples.flatMap((sample) => (sample.kind === "ports" ? [sample.role] : [])));
  return {
    // Of a role whose table was never read nothing is known, also not that it used no port.
    ports: Object.entries(input.ports)
      .filter(([role]) => watched.has(role))
      .map(([role, ports]) => portEvidence(input, role, ports, span)),
    acceptQueues: acceptQueues(input, phases),
    timeWaits: peakTimeWaits(input, span),
    counters,
    ...machineEvidence(input, phases),
    otherCpu: otherCpuOf(input.samples, span),
    ...throttling(input, roles, span),
    cliff:
      phases.cliff === null
        ? null
        : { beforePerSecond: phases.cliff.beforePerSecond, afterPerSecond: phases.cliff.afterPerSecond },
    cpusAllowed: input.cpusAllowed,
    demand: demandOf(input, phases),
    connections: openConnections(input, phases),
    sources: sourcePorts(input, span),
    processes: processEvidence(input, phases),
    transfers: transfers(input, phases),
    unixQueues: unixQueues(input, span),
    logged: loggedFaults(input, phases),
    repeatedLines: repeatedLines(input),
    steering: { ...input.steering, rpsCpus: input.rpsCpus },
  };
}

/**
 * The samplers' last look comes just after the stop, up to a grace of k6's later. It counts for ports: a TIME_WAIT of the
 * load stays for 60 s, and with full tables the look before may be seconds old.
 */
const lastLookMs = 1500;

/** The destination with the highest peak of ports in use, over all looks. */
function portEvidence(input: TrialInput, role: string, ports: RolePorts, span: Span): PortEvidence {
  const looks = samplesIn(input, { ...span, toMs: span.toMs + lastLookMs })
    .filter((sample): sample is PortsSample => sample.kind === "ports" && sample.role === role)
    .flatMap(({ destinations }) => destinations);
  const peak = looks.toSorted((a, b) => b.inUse - a.inUse)[0];
  const same = looks.filter(({ address, port }) => address === peak?.address && port === peak?.port);
  return {
    role,
    ...ports,
    destination: peak === undefined ? null : { address: peak.address, port: peak.port, name: partAt(input, peak) },
    peakInUse: peak?.inUse ?? 0,
    peakTimeWait: largest(same.map(({ states }) => states.TIME_WAIT ?? 0)),
  };
}

function peakTimeWaits(input: TrialInput, span: Span): Evidence["timeWaits"] {
  const looks = samplesIn(input, { ...span, toMs: span.toMs + lastLookMs }).filter(
    (sample) => sample.kind === "sockets",
  );
  const roles = Map.groupBy(looks, ({ role }) => role);
  return Object.fromEntries([...roles].map(([role, own]) => [role, largest(own.map(({ timeWait }) => timeWait))]));
}

type MachineEvidence = Pick<
  Evidence,
  | "interrupts"
  | "netRxSoftirqs"
  | "softnetProcessed"
  | "softnetDropped"
  | "softnetTimeSqueeze"
  | "cpuBusy"
  | "cpuSoftirq"
  | "conntrack"
  | "neighbourTableFulls"
>;

function machineEvidence(input: TrialInput, phases: Phases): MachineEvidence {
  const nodes = nodesOf(input.samples);
  const load = spanEnds(nodes, loadSpan(phases));
  const steady = phases.rampEndMs < phases.stopMs ? spanEnds(nodes, steadySpan(phases)) : load;
  const risen = (field: PerCpu) => (load === null ? [] : rises(load.first[field], load.last[field]));
  const total = (field: PerCpu) => (load === null ? null : sum(risen(field)));
  return {
    interrupts: spread(risen("networkInterrupts")),
    netRxSoftirqs: spread(risen("netRxSoftirqs")),
    softnetProcessed: spread(risen("softnetProcessed")),
    softnetDropped: total("softnetDropped"),
    softnetTimeSqueeze: total("softnetTimeSqueeze"),
    cpuBusy: cpuShares(steady, "cpuBusyMs"),
    cpuSoftirq: cpuShares(steady, "cpuSoftirqMs"),
    conntrack: conntrack(nodes, load, loadSpan(phases)),
    neighbourTableFulls: neighbourFulls(load),
  };
}

function neighbourFulls(load: SpanEnds<NodeSample> | null): number | null {
  const [first, last] = [load?.first.neighbourTableFulls ?? null, load?.last.neighbourTableFulls ?? null];
  return first === null || last === null ? null : last - first;
}

/** Fields of a NodeSample that are counted per CPU. */
type PerCpu = { [Field in keyof NodeSample]: NodeSample[Field] extends number[] ? Field : never }[keyof NodeSample];

/** Ticks of 10 ms may add up to a hair more than the time between two looks. */
function cpuShares(bounds: SpanEnds<NodeSample> | null, field: PerCpu): number[] {
  if (bounds === null) return [];
  const { first, last } = bounds;
  return rises(first[field], last[field]).map((ms) => Math.min(1, ms / (last.atMs - first.atMs)));
}

function conntrack(nodes: NodeSample[], bounds: SpanEnds<NodeSample> | null, span: Span): Evidence["conntrack"] {
  const during = nodes.filter(({ atMs }) => atMs >= span.fromMs && atMs <= span.toMs);
  const counts = during.flatMap(({ conntrackCount }) => conntrackCount ?? []);
  const max = during.at(-1)?.conntrackMax ?? null;
  if (bounds === null || counts.length === 0 || max === null) return null;
  const drops = (bounds.last.conntrackDrops ?? 0) - (bounds.first.conntrackDrops ?? 0);
  const insertFailed = (bounds.last.conntrackInsertFailed ?? 0) - (bounds.first.conntrackInsertFailed ?? 0);
  return { peak: largest(counts), max, drops, insertFailed };
}

function throttling(
  input: TrialInput,
  roles: string[],
  span: Span,
): Pick<Evidence, "throttledMs" | "throttledPeriods"> {
  const risen = (role: string, field: "throttledMs" | "throttledPeriods"): number | null => {
    const bounds = spanEnds(roleCpuOf(input.samples, role), span);
    const [first, last] = [bounds?.first[field] ?? null, bounds?.last[field] ?? null];
    return first === null || last === null ? null : last - first;
  };
  const byRole = (field: "throttledMs" | "throttledPeriods") =>
    Object.fromEntries(roles.map((role) => [role, risen(role, field)]));
  return { throttledMs: byRole("throttledMs"), throttledPeriods: byRole("throttledPeriods") };
}
