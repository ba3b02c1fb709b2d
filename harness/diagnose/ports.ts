import { endpointText } from "../core/endpoint.ts";
import { type MeasureName, measureNumber, measureOf } from "../core/measures.ts";
import { formatCount } from "../core/numbers.ts";
import { formatPercent, formatSeconds } from "../core/units.ts";
import { suggestion } from "../knowledge/settings.ts";
import type { TrialRecord } from "../results/trial.ts";
import { busiestPorts, type PortUse } from "./port-use.ts";
import { called, fact, type Rule, sideOf, type TrialFinding } from "./rule.ts";

/** Ports are looked at once a second at most: at 3,000 connections a second the last look is up to 5% of a range old. */
const exhaustedShare = 0.95;

/**
 * Every usable port to one destination is taken, and connect() was refused for it: seen in the response or the log, or
 * inferred from the port use. EADDRNOTAVAIL alone is not enough: a bind to a wrong address gives it as well.
 */
export const portExhaustion: Rule = { rule: "port-exhaustion", find: findExhaustion };

/**
 * With half the range in use connect() scans the busy half before it finds a port, and throughput falls without any
 * error. Source: __inet_hash_connect, which walks the ports of one parity first.
 */
export const scanCliff: Rule = { rule: "scan-cliff", find: findCliff };

/** TIME_WAITs beyond net.ipv4.tcp_max_tw_buckets are destroyed at once: ports come back early, and so do stray segments. */
export const timeWaitBucketOverflow: Rule = { rule: "time-wait-bucket-overflow", find: findBucketOverflow };

function findExhaustion(trial: TrialRecord): TrialFinding | null {
  const ports = busiestPorts(trial);
  if (ports === null || ports.inUse < exhaustedShare * ports.usable) return null;
  const side = sideOf(ports.role);
  const refused = trial.faults.find((fault) => fault.kind === "EADDRNOTAVAIL" && fault.side === side);
  const inferred = trial.fault?.inferred === true && trial.fault.side === side;
  if (refused === undefined && !inferred) return null;
  const use = `${formatCount(ports.inUse)} of ${formatCount(ports.usable)} in use, ${formatCount(ports.timeWait)} in TIME_WAIT`;
  return {
    side,
    bottleneck: `${sentenceCase(called(ports.role))} ran out of local ports to ${destinationOf(ports)}: ${use}.`,
    evidence: [
      ...portFacts(ports),
      fact("fault", trial.fault?.kind ?? "EADDRNOTAVAIL"),
      fact("fault seen in", inferred ? "nowhere: inferred from port use" : (trial.fault?.seenIn ?? "totals")),
      ...(refused === undefined ? [] : [fact("EADDRNOTAVAIL", refused.count, "requests")]),
      ...ofMeasure(trial, "requestsBeforeWall"),
      ...ofMeasure(trial, "timeToWallSeconds"),
    ],
    remedy: exhaustionRemedy(trial, ports),
  };
}

function findCliff(trial: TrialRecord): TrialFinding | null {
  const cliff = trial.measures.scanCliffSeconds;
  const ports = busiestPorts(trial);
  if (cliff === null || ports === null) return null;
  const { before, after, about } = ratesAround(trial, cliff);
  const fall =
    before === null || after === null
      ? ""
      : `, from ${about}${formatCount(before)} to ${formatCount(after)} requests a second`;
  const half = Math.floor(ports.usable / 2);
  return {
    side: sideOf(ports.role),
    bottleneck:
      `Throughput broke at ${formatSeconds(cliff)}${fall}, with no error: half of ${called(ports.role)}'s ` +
      `${formatCount(ports.usable)} ports to ${destinationOf(ports)} were in use, and each connect() scanned that half.`,
    evidence: [
      fact("time of the cliff", cliff, "s"),
      fact("half the usable ports", half, "ports"),
      ...measured("throughput before", before, "1/s"),
      ...measured("throughput after", after, "1/s"),
      ...portFacts(ports),
    ],
    remedy:
      `Keep connections open (a pool). ${suggestion("net.ipv4.tcp_tw_reuse")} (with net.ipv4.tcp_timestamps=1) removes the cliff; ` +
      "a wider net.ipv4.ip_local_port_range only moves it.",
  };
}

function findBucketOverflow(trial: TrialRecord): TrialFinding | null {
  const [role, lost] = Object.entries(trial.evidence.counters)
    .filter(([name]) => name !== "generator")
    .map(([name, values]) => [name, values.TCPTimeWaitOverflow ?? 0] as const)
    .reduce((most, next) => (next[1] > most[1] ? next : most), ["", 0] as const);
  if (lost === 0) return null;
  const ports = trial.evidence.ports.find((entry) => entry.role === role);
  const buckets = ports?.maxTimeWaitBuckets ?? null;
  return {
    side: sideOf(role),
    bottleneck:
      `The kernel destroyed ${formatCount(lost)} TIME_WAIT sockets of ${called(role)} early, for want of buckets: ` +
      "ports came back before their time, so that the absence of a wall is a fake win.",
    evidence: [
      fact("TCPTimeWaitOverflow", lost, "sockets"),
      ...measured("net.ipv4.tcp_max_tw_buckets", buckets, null),
      ...measured("usable ports", ports?.usable ?? null, "ports"),
    ],
    remedy:
      "Raise net.ipv4.tcp_max_tw_buckets above the usable ports and measure again; never lower it to gain ports: " +
      "without TIME_WAIT late segments of an old connection can reach a new one.",
  };
}

function destinationOf({ destination }: PortUse): string {
  if (destination === null) return "its destination";
  const address = endpointText(destination.address, destination.port);
  return destination.name === null ? address : `${destination.name} (${address})`;
}

function portFacts(ports: PortUse) {
  return [
    fact("destination", destinationOf(ports)),
    fact("peak ports in use", ports.inUse, "ports"),
    fact("usable ports", ports.usable, "ports"),
    fact("share of ports in use", formatPercent(ports.inUse / ports.usable)),
    fact("peak TIME_WAIT", ports.timeWait, "sockets"),
  ];
}

function exhaustionRemedy(trial: TrialRecord, ports: PortUse): string {
  if (ports.timeWait < ports.inUse / 2) {
    return (
      "Most of these connections are open, not in TIME_WAIT: bound the number of connections (a pool with a limit), " +
      "or give the destination more addresses. tcp_tw_reuse frees no open connection."
    );
  }
  const pool = `Keep connections to ${ports.destination?.name ?? "the destination"} open (a pool): that removes the cause.`;
  const reading = trial.sysctls.find(({ role, key }) => role === ports.role && key === "net.ipv4.tcp_tw_reuse");
  if (reading?.effective === "1") {
    return (
      `${pool} net.ipv4.tcp_tw_reuse is 1 already: check net.ipv4.tcp_timestamps=1 on both ends; ` +
      "a port is reused only after net.ipv4.tcp_tw_reuse_delay (1 s)."
    );
  }
  return (
    `${pool} Where the program can't change: ${suggestion("net.ipv4.tcp_tw_reuse")} in its namespace (needs net.ipv4.tcp_timestamps=1 ` +
    `on both ends). ${suggestion("net.ipv4.ip_local_port_range")} only moves the wall; tcp_fin_timeout does not shorten TIME_WAIT.`
  );
}

/** Throughput on both sides of the cliff: as detection judged it, or, where a record does not have that, about. */
function ratesAround(trial: TrialRecord, cliff: number) {
  const seen = trial.evidence.cliff ?? null;
  if (seen === null) return { ...phaseRates(trial, cliff), about: "about " };
  return { before: Math.round(seen.beforePerSecond), after: Math.round(seen.afterPerSecond), about: "" };
}

/**
 * Mean rates from the ramp's end to the cliff and from there to the wall or the stop; null where a phase has no length.
 * To two digits, and low for a short phase: only windows that lie wholly in it are counted.
 */
function phaseRates(trial: TrialRecord, cliff: number): { before: number | null; after: number | null } {
  const { latencyMs, latencyAfterCliffMs, timeToWallSeconds } = trial.measures;
  const rampEnd = (trial.load.rampEndMs - (trial.load.firstRequestMs ?? 0)) / 1000;
  const wall = trial.outcome === "broke" ? timeToWallSeconds : null;
  const end = wall ?? trial.stoppedBy?.atSeconds ?? cliff;
  const rate = (count: number | undefined, seconds: number) =>
    count === undefined || seconds <= 0 ? null : Number((count / seconds).toPrecision(2));
  return { before: rate(latencyMs?.count, cliff - rampEnd), after: rate(latencyAfterCliffMs?.count, end - cliff) };
}

function ofMeasure({ measures }: TrialRecord, name: MeasureName) {
  const { label, unit } = measureOf(name);
  return measured(label, measureNumber(measures, name), unit);
}

function measured(what: string, value: number | null, unit: string | null) {
  return value === null ? [] : [fact(what, value, unit)];
}

function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
