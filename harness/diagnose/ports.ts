import { isLoopback } from "../core/endpoint.ts";
import { type MeasureName, measureNumber } from "../core/measures.ts";
import { portRangeKey, reservedPortsKey, reuseKey } from "../core/ports.ts";
import { suggestedValue } from "../knowledge/settings.ts";
import type { EvidenceOf, FindingEvidence, PortUse } from "./evidence.ts";
import { strengths } from "./finding.ts";
import type { Observed, ObservedWith } from "./observed.ts";
import { busiestPorts } from "./port-use.ts";
import { type ProgramRemedy, program, type Remedy, type SettingRemedy } from "./remedy.ts";
import { rule, sideOf } from "./rule.ts";

/** Ports are looked at once a second at most: at 3,000 connections a second the last look is up to 5% of a range old. */
const exhaustedShare = 0.95;
/** Without a load nobody tells of a refused connect(): it is inferred from ports that are all taken. */
const usedUpShare = 0.99;

/** Reserved ports over usable ones from which giving them back matters. */
const reservedShare = 0.1;

/**
 * Every usable port to one destination is taken, and connect() was refused for it: seen in the response or the log, or
 * inferred from the port use. EADDRNOTAVAIL alone is not enough: a bind to a wrong address gives it as well.
 */
export const portExhaustion = rule("port-exhaustion", ["ports"], (seen) => {
  const ports = busiestPorts(seen.ports);
  const least = seen.load === null ? usedUpShare : exhaustedShare;
  if (ports === null || ports.inUse < least * ports.usable) return null;
  const fault = refusalOf(seen, ports);
  if (fault === null) return null;
  return {
    side: sideOf(ports.role),
    role: ports.role,
    limit: { used: ports.inUse, of: ports.usable, unit: "ports" },
    strength: fault.seenIn === "inferred" ? strengths.implied : strengths.said,
    evidence: [
      { kind: "ports", ...ports },
      fault,
      ...measured(seen, "requestsBeforeWall"),
      ...measured(seen, "timeToWallSeconds"),
      ...reuseSet(seen, ports),
      ...reservedPorts(seen, ports.role),
    ],
    remedies: exhaustionRemedies(seen, ports),
  };
});

/**
 * With half the range in use connect() scans the busy half before it finds a port, and throughput falls without any
 * error. Source: __inet_hash_connect, which walks the ports of one parity first.
 */
export const scanCliff = rule("scan-cliff", ["load", "ports"], (seen) => {
  const atSeconds = seen.load.measures.scanCliffSeconds;
  const ports = busiestPorts(seen.ports);
  if (atSeconds === null || ports === null) return null;
  const { role, usable } = ports;
  const halfOfPorts = Math.floor(usable / 2);
  return {
    side: sideOf(role),
    role,
    limit: { used: ports.inUse, of: halfOfPorts, unit: "ports" },
    // No counter shows the scan: throughput fell when half the ports were in use.
    strength: strengths.implied,
    evidence: [
      { kind: "scan-cliff", atSeconds, halfOfPorts, ...ratesAround(seen, atSeconds) },
      { kind: "ports", ...ports },
    ],
    remedies: [pool(ports), suggested(role, reuseKey, "cure"), suggested(role, portRangeKey, "room")],
  };
});

/** TIME_WAITs beyond net.ipv4.tcp_max_tw_buckets are destroyed at once: ports come back early, and so do stray segments. */
export const timeWaitBucketOverflow = rule("time-wait-bucket-overflow", ["counters"], ({ counters, ports }) => {
  const [role, sockets] = Object.entries(counters)
    .filter(([name]) => name !== "generator")
    .map(([name, values]) => [name, values.TCPTimeWaitOverflow ?? 0] as const)
    .reduce((most, next) => (next[1] > most[1] ? next : most), ["", 0] as const);
  if (sockets === 0) return null;
  const own = ports?.find((entry) => entry.role === role);
  const buckets = own?.maxTimeWaitBuckets ?? null;
  const usablePorts = own?.usable ?? null;
  return {
    side: sideOf(role),
    role,
    limit: buckets === null ? null : { used: buckets, of: buckets, unit: "sockets" },
    strength: strengths.said,
    evidence: [{ kind: "time-wait-overflow", role, sockets, buckets, usablePorts }],
    remedies: [suggested(role, "net.ipv4.tcp_max_tw_buckets", "cure")],
  };
});

/** What tells that ports were what connect() was refused for; null where nothing does. */
function refusalOf({ load }: Pick<Observed, "load">, ports: PortUse): EvidenceOf<"fault"> | null {
  if (load === null) return { kind: "fault", fault: "EADDRNOTAVAIL", seenIn: "inferred", requests: null };
  const side = sideOf(ports.role);
  const refused = load.faults.find(({ kind, side: whose }) => kind === "EADDRNOTAVAIL" && whose === side);
  const inferred = load.fault?.inferred === true && load.fault.side === side;
  if (refused === undefined && !inferred) return impliedRefusal(load, ports);
  return {
    kind: "fault",
    fault: load.fault?.kind ?? "EADDRNOTAVAIL",
    seenIn: load.fault?.seenIn ?? "totals",
    requests: refused?.count ?? null,
  };
}

/** What an upstream was refused is in its own log alone: all its ports are taken, and the target answers with failures. */
function impliedRefusal({ faults }: NonNullable<Observed["load"]>, ports: PortUse): EvidenceOf<"fault"> | null {
  const isTaken = sideOf(ports.role) === "upstream" && ports.inUse >= usedUpShare * ports.usable;
  if (!isTaken || !faults.some(({ side }) => side === "target")) return null;
  return { kind: "fault", fault: "EADDRNOTAVAIL", seenIn: "inferred", requests: null };
}

/** What to do about ports that run out, or will. */
export function exhaustionRemedies(seen: ObservedWith<"ports">, ports: PortUse): Remedy[] {
  const { role, destination } = ports;
  const unreserved = reservedPorts(seen, role).map(
    (): Remedy => ({ kind: "setting", role, key: reservedPortsKey, value: "", gain: "room" }),
  );
  if (ports.timeWait < ports.inUse / 2) {
    return [program(role, "pool-limit"), { kind: "upstream", name: destination.name, what: "addresses" }];
  }
  if (reuseSet(seen, ports).length === 0)
    return [pool(ports), suggested(role, reuseKey, "cure"), ...unreserved, suggested(role, portRangeKey, "room")];
  return [pool(ports), { kind: "setting", role, key: "net.ipv4.tcp_timestamps", value: "1", gain: "cure" }];
}

function pool({ role, destination }: PortUse): ProgramRemedy {
  return { ...program(role, "pool"), towards: destination.name };
}

/** A setting with the value that is worth trying first. */
function suggested(role: string, key: string, gain: SettingRemedy["gain"]): SettingRemedy {
  return { kind: "setting", role, key, value: suggestedValue(key), gain };
}

/** That TIME_WAIT ports are to be reused already ("2": on the loopback only); [] where they are not. */
function reuseSet({ settings }: Pick<ObservedWith<never>, "settings">, ports: PortUse): FindingEvidence[] {
  const { role: whose, destination } = ports;
  const value = settings.find(({ role, key }) => role === whose && key === reuseKey)?.effective ?? null;
  const isSet = value === "1" || (value === "2" && isLoopback(destination.address));
  return isSet && value !== null ? [{ kind: "setting", role: whose, key: reuseKey, value }] : [];
}

/** Reserved ports of the range, where they are a good part of it: they are nobody's, and count against it. [] otherwise. */
function reservedPorts({ ports }: ObservedWith<"ports">, whose: string): EvidenceOf<"reserved-ports">[] {
  const own = ports.find(({ role }) => role === whose);
  if (own === undefined || own.reserved < reservedShare * own.usable) return [];
  return [{ kind: "reserved-ports", role: whose, reserved: own.reserved, range: own.range }];
}

type CliffRates = Pick<EvidenceOf<"scan-cliff">, "beforePerSecond" | "afterPerSecond" | "isApproximate">;

/** Throughput on both sides of the cliff: as detection judged it, or, where a record does not have that, about. */
function ratesAround({ load, cliff }: ObservedWith<"load">, atSeconds: number): CliffRates {
  if (cliff === null) return { ...phaseRates(load, atSeconds), isApproximate: true };
  const { beforePerSecond, afterPerSecond } = cliff;
  return {
    beforePerSecond: Math.round(beforePerSecond),
    afterPerSecond: Math.round(afterPerSecond),
    isApproximate: false,
  };
}

/**
 * Mean rates from the ramp's end to the cliff and from there to the wall or the stop; null where a phase has no length.
 * To two digits, and low for a short phase: only windows that lie wholly in it are counted.
 */
function phaseRates(trial: ObservedWith<"load">["load"], cliff: number): Omit<CliffRates, "isApproximate"> {
  const { latencyMs, latencyAfterCliffMs, timeToWallSeconds } = trial.measures;
  const rampEnd = (trial.load.rampEndMs - (trial.load.firstRequestMs ?? 0)) / 1000;
  const wall = trial.outcome === "broke" ? timeToWallSeconds : null;
  const end = wall ?? trial.stoppedBy?.atSeconds ?? cliff;
  const rate = (count: number | undefined, seconds: number) =>
    count === undefined || seconds <= 0 ? null : Number((count / seconds).toPrecision(2));
  return {
    beforePerSecond: rate(latencyMs?.count, cliff - rampEnd),
    afterPerSecond: rate(latencyAfterCliffMs?.count, end - cliff),
  };
}

function measured({ load }: Pick<Observed, "load">, measure: MeasureName): EvidenceOf<"measure">[] {
  const value = load === null ? null : measureNumber(load.measures, measure);
  return value === null ? [] : [{ kind: "measure", measure, value }];
}
