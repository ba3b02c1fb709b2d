import { measureOf } from "../../core/measures.ts";
import { formatCount, formatDecimal } from "../../core/numbers.ts";
import { formatPercent, formatQuantity, type Unit, units } from "../../core/units.ts";
import type { EvidenceOf, FindingEvidence } from "../../diagnose/evidence.ts";
import type { Finding } from "../../diagnose/finding.ts";
import type { GeneratorSign } from "../../results/generator-signs.ts";
import { destinationWords } from "./findings.ts";
import { partDeathWords } from "./stop-reasons.ts";

/** One number, or a word, of what a finding stands on, ready to be shown. It may be a part's own words. */
export interface Fact {
  what: string;
  amount: string;
}

/** How many of an ended part's last lines are shown. */
const shownLines = 5;

/** What a finding stands on, the most telling first; last, of which trial that is. */
export function evidenceFacts({ evidence, shownBy }: Finding): Fact[] {
  const shown = fact("evidence of", `trial ${shownBy.sequence} (block ${shownBy.block})`);
  return [...evidence.flatMap(factsIn), shown];
}

/** What one piece of evidence says in numbers. */
export function factsIn(evidence: FindingEvidence): Fact[] {
  switch (evidence.kind) {
    case "ended":
      return [
        fact("ended after", evidence.atSeconds, "s"),
        ...(evidence.how === null ? [] : [fact("how", partDeathWords(evidence.role, evidence.how))]),
        ...evidence.lastWords.slice(-shownLines).map((line) => fact("last words", line)),
      ];
    case "generator":
      return [
        fact("dropped iterations", evidence.droppedIterations, "iterations"),
        fact("virtual users", evidence.virtualUsers),
        ...known("generator's CPU", evidence.usedCores, "cores"),
        ...evidence.signs.flatMap(ownFailures),
      ];
    case "ports":
      return [
        fact("destination", destinationWords(evidence)),
        fact("peak ports in use", evidence.inUse, "ports"),
        fact("usable ports", evidence.usable, "ports"),
        fact("share of ports in use", formatPercent(evidence.inUse / evidence.usable)),
        fact("peak TIME_WAIT", evidence.timeWait, "sockets"),
      ];
    case "fault":
      return faultFacts(evidence);
    case "measure": {
      const { label, unit } = measureOf(evidence.measure);
      return [fact(label, evidence.value, unit)];
    }
    case "scan-cliff":
      return [
        fact("time of the cliff", evidence.atSeconds, "s"),
        fact("half the usable ports", evidence.halfOfPorts, "ports"),
        ...known("throughput before", evidence.beforePerSecond, "1/s"),
        ...known("throughput after", evidence.afterPerSecond, "1/s"),
      ];
    case "time-wait-overflow":
      return [
        fact("TCPTimeWaitOverflow", evidence.sockets, "sockets"),
        ...known("net.ipv4.tcp_max_tw_buckets", evidence.buckets),
        ...known("usable ports", evidence.usablePorts, "ports"),
      ];
    case "accept-queue":
      return [
        fact("ListenOverflows", evidence.overflows, "connections"),
        fact("ListenDrops (SYN queue included)", evidence.drops, "connections"),
        fact("effective limit", evidence.effectiveLimit ?? "unknown"),
        fact("net.core.somaxconn", evidence.somaxconn ?? "unknown"),
        fact("longest queue seen", evidence.peakQueued, "connections"),
      ];
    case "conntrack":
      return [
        fact("peak entries", evidence.peakEntries),
        fact("net.netfilter.nf_conntrack_max", evidence.maxEntries),
        fact("share", formatPercent(evidence.peakEntries / evidence.maxEntries)),
        fact("drops and early drops", evidence.drops, "packets"),
      ];
    case "insert-failed":
      return [
        fact("flows without a port (insert_failed)", evidence.flows),
        fact("SYNs sent again", evidence.synRetransmits),
        fact("conntrack entries", evidence.entries),
      ];
    case "throttling":
      return [
        fact("throttled", evidence.throttledMs, "ms"),
        fact("share of the load's time", formatPercent(evidence.throttledMs / 1000 / evidence.loadSeconds)),
        fact("throttled periods", evidence.periods ?? "unknown"),
      ];
    case "receive-work":
      return receiveFacts(evidence);
    case "steering":
      return steeringFacts(evidence);
    case "cpu":
      return [fact("target's CPU", evidence.usedCores, "cores"), fact("allowed", evidence.allowedCores, "cores")];
    case "run-delay":
      return [fact(`${evidence.role} waited for a CPU`, evidence.waitedCores, "cores")];
    case "other-cpu":
      return [fact("CPU of others", formatPercent(evidence.share))];
    case "said":
      return saidFacts(evidence);
    case "failures":
      return [fact(evidence.fault, evidence.requests, "requests")];
    case "line":
      return [fact(`${evidence.role} wrote, ${formatCount(evidence.lines)} times`, evidence.line)];
    case "demand":
      return demandFacts(evidence);
    case "connections":
      return connectionFacts(evidence);
    case "source-ports":
      return [
        fact(`ports of ${evidence.address}`, evidence.peakInUse, "ports"),
        fact("usable ports", evidence.usable, "ports"),
        fact("connections from it", evidence.connections),
      ];
    case "descriptors":
      return [...known("open descriptors", evidence.open), fact("RLIMIT_NOFILE", evidence.limit)];
    case "memory":
      return [
        ...known("peak memory", evidence.peakBytes, "bytes"),
        ...known("limit of its cgroup", evidence.limitBytes, "bytes"),
        ...known("oom_kill", evidence.oomKills),
      ];
    case "refused-dials":
      return [
        fact(`AttemptFails of ${evidence.role}`, evidence.attempts),
        ...known(`resets sent by ${evidence.towards ?? "upstreams"}`, evidence.resets),
      ];
    case "retransmits":
      return [
        fact(`RetransSegs of ${evidence.role}`, evidence.segments),
        fact("OutSegs", evidence.of),
        fact("TCPSynRetrans", evidence.synRetransmits),
        fact("ActiveOpens", evidence.opens),
      ];
    case "transfer":
      return [
        fact(`sent by ${evidence.role}`, evidence.outBytesPerSecond, "bytes/s"),
        fact("variation from second to second", formatPercent(evidence.variation)),
        fact("written and not acknowledged", evidence.unsentBytes, "bytes"),
      ];
    case "datagrams":
      return [
        fact(`UdpRcvbufErrors of ${evidence.role}`, evidence.dropped),
        fact("datagrams received", evidence.received),
      ];
    case "neighbours":
      return [fact("arp_cache table_fulls", evidence.tableFulls)];
    case "softnet":
      return [
        fact("softnet dropped", evidence.dropped, "packets"),
        fact("softnet time_squeeze", evidence.squeezed),
        fact("softnet processed", evidence.processed, "packets"),
      ];
    case "syn-queue":
      return [
        fact("TCPReqQFullDrop", evidence.dropped),
        fact("TCPReqQFullDoCookies", evidence.cookies),
        fact("ListenDrops", evidence.listenDrops),
        fact("effective limit", evidence.limit ?? "unknown"),
      ];
    case "unix-queue":
      return [
        fact("Unix socket", evidence.path),
        fact("longest queue seen", evidence.peakQueued, "connections"),
        fact("net.core.somaxconn", evidence.somaxconn ?? "unknown"),
        ...known("EAGAIN", evidence.refused, "requests"),
      ];
    case "silence":
      return [
        ...known("no answer since", evidence.sinceSeconds, "s"),
        fact("served before", evidence.served, "requests"),
        fact("virtual users that waited", evidence.unansweredUsers),
        fact("virtual users", evidence.virtualUsers),
      ];
    case "reserved-ports":
      return [fact("reserved ports within the range", evidence.reserved, "ports")];
    case "ruled-out":
      return [fact(`${evidence.key}=${evidence.value}`, `did not help in profile ${evidence.profile}`)];
    case "setting":
      return [fact(evidence.key, evidence.value)];
  }
}

function saidFacts({ fault: kind, requests, role, times, line }: EvidenceOf<"said">): Fact[] {
  return [
    fact("fault", kind),
    ...known("failed with it", requests, "requests"),
    ...(role === null || line === null ? [] : [fact(`${role} wrote, ${formatCount(times ?? 1)} times or more`, line)]),
  ];
}

function demandFacts(demand: EvidenceOf<"demand">): Fact[] {
  return [
    fact("asked", demand.askedPerSecond, "1/s"),
    fact("served", demand.servedPerSecond, "1/s"),
    fact("requests in flight", demand.requestsInFlight),
    fact("virtual users", demand.virtualUsers),
    ...known("quickest answer", demand.leastLatencyMs, "ms"),
    ...known("median answer", demand.medianLatencyMs, "ms"),
  ];
}

function connectionFacts({ destination, open, growth, upstreamCores }: EvidenceOf<"connections">): Fact[] {
  return [
    fact("destination", destinationWords({ destination })),
    fact("open connections", open),
    ...(growth === null
      ? []
      : [
          fact("open with fewest requests in flight", growth.openAtFew),
          fact("open with most requests in flight", growth.openAtMany),
        ]),
    ...known("its CPU", upstreamCores, "cores"),
  ];
}

function ownFailures(sign: GeneratorSign): Fact[] {
  return sign.kind === "own-failures"
    ? [fact(`${sign.fault} in the generator's own dials`, sign.requests, "requests")]
    : [];
}

function faultFacts({ fault: kind, seenIn, requests }: EvidenceOf<"fault">): Fact[] {
  return [
    fact("fault", kind),
    fact("fault seen in", seenIn === "inferred" ? "nowhere: inferred from port use" : seenIn),
    ...known("EADDRNOTAVAIL", requests, "requests"),
  ];
}

function receiveFacts(work: EvidenceOf<"receive-work">): Fact[] {
  const { cpu, packetShare, netRxShare, packets, busyShare, softirqShare, othersBusyShare } = work;
  return [
    fact("CPU", cpu),
    fact("share of packets received", formatPercent(packetShare)),
    ...(netRxShare === null ? [] : [fact("share of NET_RX softirqs", formatPercent(netRxShare))]),
    fact("packets received", packets),
    fact("busy", formatPercent(busyShare)),
    fact("in softirqs", formatPercent(softirqShare)),
    fact("the others' mean busy", formatPercent(othersBusyShare)),
  ];
}

function steeringFacts({ rpsCpus, interruptMaxShare, irqbalanceRunning }: EvidenceOf<"steering">): Fact[] {
  const masks = Object.entries(rpsCpus).map(([role, mask]) => `${role} ${mask}`);
  return [
    ...(masks.length === 0 ? [] : [fact("rps_cpus", masks.join(", "))]),
    ...(interruptMaxShare === null
      ? []
      : [fact("network interrupts on the busiest CPU", formatPercent(interruptMaxShare))]),
    ...(irqbalanceRunning === null ? [] : [fact("irqbalance", irqbalanceRunning ? "running" : "not running")]),
  ];
}

function known(what: string, value: number | string | null, unit: string | null = null): Fact[] {
  return value === null ? [] : [fact(what, value, unit)];
}

/** Numbers as everywhere else, text as it is. */
function fact(what: string, value: number | string, unit: string | null = null): Fact {
  return { what, amount: typeof value === "string" ? value : amountOf(value, unit) };
}

function amountOf(value: number, unit: string | null): string {
  if (unit !== null && isUnit(unit)) return formatQuantity(value, unit);
  const number = Number.isInteger(value) ? formatCount(value) : formatDecimal(value);
  return unit === null ? number : `${number} ${value === 1 ? unit.replace(/^(\w+)s$/, "$1") : unit}`;
}

function isUnit(unit: string): unit is Unit {
  return Object.hasOwn(units, unit);
}
