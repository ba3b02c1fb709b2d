import type { ProfileAnalysis } from "../../analysis/analysis.ts";
import { mainFinding } from "../../analysis/effects.ts";
import { endpointText } from "../../core/endpoint.ts";
import { quotable, tellingLine } from "../../core/log-line.ts";
import { formatCount, formatDecimal } from "../../core/numbers.ts";
import { formatPercent, formatSeconds } from "../../core/units.ts";
import { sentenceCase } from "../../core/words.ts";
import type { EvidenceOf, PortUse } from "../../diagnose/evidence.ts";
import type { RuleId, ToldFinding, ToldFindingOf } from "../../diagnose/finding.ts";
import { isFall } from "./cliff.ts";
import {
  bandwidthWords,
  connectionLimitWords,
  consequenceWords,
  hungWords,
  neighbourWords,
  openFilesWords,
  outOfMemoryWords,
  packetLossWords,
  poolExhaustedWords,
  programLimitWords,
  rateLimitWords,
  receiveDropsWords,
  refusedDialsWords,
  slowAcceptWords,
  sourcePortsWords,
  synQueueWords,
  udpWords,
  unexplainedWords,
  unixQueueWords,
  upstreamWaitWords,
} from "./finding-causes.ts";
import { generatorSignWords } from "./generator-signs.ts";
import { roleWords } from "./roles.ts";

/** What a finding is called. */
export const findingTitles: Record<RuleId, string> = {
  "port-exhaustion": "Port exhaustion",
  "scan-cliff": "Scan cliff",
  "accept-queue-overflow": "Accept queue overflow",
  "generator-bound": "Generator was the limit",
  "time-wait-bucket-overflow": "TIME_WAIT buckets overflowed",
  "receive-work-on-one-cpu": "Receive work on one CPU",
  "conntrack-full": "Connection tracking full",
  "masquerade-ports": "Out of ports behind a masquerade address",
  "cgroup-throttling": "Throttled by cgroup",
  "target-cpu-bound": "Target out of CPU",
  "target-crashed": "Target crashed",
  "out-of-memory": "Out of memory",
  hung: "Target stopped answering",
  "source-address-ports": "Ports of a source address used up",
  "open-files": "Out of file descriptors",
  "connection-limit": "Connection limit reached",
  "rate-limit": "Rate limit of the service",
  "pool-exhausted": "Connection pool exhausted",
  "refused-dials": "Upstream refuses connections",
  "unix-socket-queue": "Unix socket's queue full",
  "syn-queue-overflow": "SYN queue overflow",
  "udp-drops": "Datagrams dropped",
  "packet-loss": "Packet loss",
  "neighbour-table-full": "Neighbour table full",
  "receive-drops": "Packets dropped on receipt",
  "slow-accept": "Too few workers accept",
  "bandwidth-cap": "Bandwidth capped",
  "waits-on-upstream": "Waits on an upstream",
  "program-limit": "Limit inside the program",
  unexplained: "Not explained",
};

/** The bottleneck in a sentence or two, with its numbers. It may quote a part's last words: whoever prints it escapes it. */
export function findingWords(finding: ToldFinding): string {
  const words = causeWords(finding);
  const follows = consequenceWords(finding, findingTitles);
  return follows === "" || /[.!?]$/.test(words) ? `${words}${follows}` : `${words}.${follows}`;
}

function causeWords(finding: ToldFinding): string {
  switch (finding.rule) {
    case "target-crashed":
      return crashWords(finding.evidence[0]);
    case "generator-bound": {
      const [{ signs }] = finding.evidence;
      const why = signs.length > 0 ? `: ${signs.map(generatorSignWords).join("; ")}` : "";
      return `The load generator was the limit, not the target${why}. The target's capacity is at least what was measured.`;
    }
    case "time-wait-bucket-overflow": {
      const [{ role, sockets }] = finding.evidence;
      return (
        `The kernel destroyed ${formatCount(sockets)} TIME_WAIT sockets of ${roleWords(role)} early, for want of buckets: ` +
        "ports came back before their time, so that the absence of a wall is a fake win."
      );
    }
    case "port-exhaustion": {
      const [ports] = finding.evidence;
      const use = `${formatCount(ports.inUse)} of ${formatCount(ports.usable)} in use, ${formatCount(ports.timeWait)} in TIME_WAIT`;
      return `${sentenceCase(roleWords(ports.role))} ran out of local ports to ${destinationWords(ports)}: ${use}.`;
    }
    case "scan-cliff":
      return cliffWords(finding.evidence[0], finding.evidence[1]);
    case "accept-queue-overflow":
      return acceptQueueWords(finding.evidence[0]);
    case "conntrack-full": {
      const [{ peakEntries, maxEntries, drops }] = finding.evidence;
      return (
        `The conntrack table was full: ${formatCount(peakEntries)} of ${formatCount(maxEntries)} entries, ` +
        `${formatCount(drops)} packets dropped or entries thrown out early.`
      );
    }
    case "masquerade-ports": {
      const [{ flows, synRetransmits }] = finding.evidence;
      return (
        "Connections left by a masquerade address of the node (SNAT) that had no port free towards their destination: " +
        `${formatCount(flows)} of their first packets were dropped, and ${formatCount(synRetransmits)} SYNs sent again.`
      );
    }
    case "cgroup-throttling": {
      const [{ role, throttledMs, loadSeconds, periods, ofPeriods }] = finding.evidence;
      if (periods !== null && ofPeriods !== null) {
        const share = formatPercent(Math.min(1, periods / ofPeriods));
        return `A cgroup's CPU limit held ${roleWords(role)} back in ${formatCount(periods)} of ${formatCount(ofPeriods)} periods (${share}).`;
      }
      const share = formatPercent(throttledMs / 1000 / loadSeconds);
      return `A cgroup's CPU limit held ${roleWords(role)} back for ${formatSeconds(throttledMs / 1000)} of ${formatSeconds(loadSeconds)} (${share}).`;
    }
    case "receive-work-on-one-cpu":
      return receiveWords(finding.evidence[0]);
    case "target-cpu-bound":
      return cpuWords(finding);
    case "out-of-memory":
      return outOfMemoryWords(finding);
    case "hung":
      return hungWords(finding);
    case "source-address-ports":
      return sourcePortsWords(finding);
    case "open-files":
      return openFilesWords(finding);
    case "connection-limit":
      return connectionLimitWords(finding);
    case "rate-limit":
      return rateLimitWords(finding);
    case "pool-exhausted":
      return poolExhaustedWords(finding);
    case "refused-dials":
      return refusedDialsWords(finding);
    case "unix-socket-queue":
      return unixQueueWords(finding);
    case "syn-queue-overflow":
      return synQueueWords(finding);
    case "udp-drops":
      return udpWords(finding);
    case "packet-loss":
      return packetLossWords(finding);
    case "neighbour-table-full":
      return neighbourWords(finding);
    case "receive-drops":
      return receiveDropsWords(finding);
    case "slow-accept":
      return slowAcceptWords(finding);
    case "bandwidth-cap":
      return bandwidthWords(finding);
    case "waits-on-upstream":
      return upstreamWaitWords(finding);
    case "program-limit":
      return programLimitWords(finding);
    case "unexplained":
      return unexplainedWords(finding);
  }
}

/** A profile's most telling finding; null where it has none. */
export function mainFindingWords(profile: ProfileAnalysis): string | null {
  const main = mainFinding(profile);
  return main === undefined ? null : findingWords(main);
}

/** "db (198.18.0.10:3306)" */
export function destinationWords({ destination: { address, port, name } }: Pick<PortUse, "destination">): string {
  const endpoint = endpointText(address, port);
  return name === null ? endpoint : `${name} (${endpoint})`;
}

/** Of cores: who uses so much of them has none left. */
const wholeShare = 0.9;

/** What it used, and what it could not get. */
function cpuWords({
  evidence: [{ usedCores, allowedCores, bound }, ...others],
}: ToldFindingOf<"target-cpu-bound">): string {
  const waited = others.find((one) => one.kind === "run-delay");
  const taken = others.find((one) => one.kind === "other-cpu");
  const [cores, whole] =
    bound === "all-cpus"
      ? [allowedCores, `all it may use (${allowedCores})`]
      : [1, "one whole core, as a single-threaded program at its limit does"];
  const limit =
    usedCores >= wholeShare * cores
      ? whole
      : `all it could get of ${cores}, its threads waiting for ${formatDecimal(waited?.waitedCores ?? 0)} more`;
  const taken_ =
    taken === undefined || taken.share < 0.1
      ? ""
      : ` Programs outside the run used ${formatPercent(taken.share)} of all CPUs meanwhile.`;
  return `The target used ${formatDecimal(usedCores)} cores: ${limit}.${taken_}`;
}

function crashWords({ role, atSeconds, lastWords }: EvidenceOf<"ended">): string {
  const last = tellingLine(lastWords);
  const said = last === null ? "" : `; it wrote: ${quotable(last)}`;
  return `${sentenceCase(roleWords(role))} ended under load after ${formatSeconds(atSeconds)}${said}`;
}

function cliffWords(cliff: EvidenceOf<"scan-cliff">, ports: EvidenceOf<"ports">): string {
  return (
    `${fallWords(cliff)}, with no error: half of ${roleWords(ports.role)}'s ` +
    `${formatCount(ports.usable)} ports to ${destinationWords(ports)} were in use, and each connect() scanned that half.`
  );
}

/** Where only the latency told of it, as much is answered as before. */
function fallWords({ atSeconds, beforePerSecond, afterPerSecond, isApproximate }: EvidenceOf<"scan-cliff">): string {
  const at = `at ${formatSeconds(atSeconds)}`;
  if (beforePerSecond === null || afterPerSecond === null) return `Throughput broke ${at}`;
  if (!isFall({ beforePerSecond, afterPerSecond })) return `Latency rose ${at}, at much the same throughput`;
  const rates = `${formatCount(beforePerSecond)} to ${formatCount(afterPerSecond)} requests a second`;
  return `Throughput broke ${at}, from ${isApproximate ? "about " : ""}${rates}`;
}

function acceptQueueWords(queue: EvidenceOf<"accept-queue">): string {
  const whose = queue.role === "target" ? "" : ` of ${roleWords(queue.role)}`;
  return (
    `The accept queue of port ${queue.port}${whose} was full ${formatCount(queue.overflows)} times: the program accepts more slowly ` +
    `than connections come. ${bindingWords(queue)}`
  );
}

function bindingWords({ binding, effectiveLimit, somaxconn }: EvidenceOf<"accept-queue">): string {
  if (binding === null || effectiveLimit === null || somaxconn === null) {
    return "Which of the two limits binds is not known.";
  }
  const limit = `Its limit of ${formatCount(effectiveLimit)} is`;
  return binding === "somaxconn"
    ? `${limit} net.core.somaxconn: the program asked for as much or more.`
    : `${limit} the program's own backlog (somaxconn allows ${formatCount(somaxconn)}): raising somaxconn alone does nothing.`;
}

function receiveWords(work: EvidenceOf<"receive-work">): string {
  const { cpu, packetShare, netRxShare, busyShare, softirqShare, otherCpus, othersBusyShare } = work;
  const softirqs = netRxShare === null ? "" : ` (${formatPercent(netRxShare)} of NET_RX softirqs)`;
  return (
    `CPU ${cpu} received ${formatPercent(packetShare)} of all packets${softirqs} ` +
    `and was ${formatPercent(busyShare)} busy, ${formatPercent(softirqShare)} in softirqs, ` +
    `while the other${otherCpus > 1 ? "s were" : " was"} ${formatPercent(othersBusyShare)} busy.`
  );
}
