import type { ProfileAnalysis } from "../../analysis/analysis.ts";
import { mainFinding } from "../../analysis/effects.ts";
import { endpointText } from "../../core/endpoint.ts";
import { formatCount, formatDecimal } from "../../core/numbers.ts";
import { formatPercent, formatSeconds } from "../../core/units.ts";
import type { EvidenceOf, PortUse } from "../../diagnose/evidence.ts";
import type { Finding, RuleId } from "../../diagnose/finding.ts";
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
  "cgroup-throttling": "Throttled by cgroup",
  "target-cpu-bound": "Target out of CPU",
  "target-crashed": "Target crashed",
};

/** The bottleneck in a sentence or two, with its numbers. It may quote a part's last words: whoever prints it escapes it. */
export function findingWords(finding: Finding): string {
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
    case "cgroup-throttling": {
      const [{ role, throttledMs, loadSeconds }] = finding.evidence;
      const share = formatPercent(throttledMs / 1000 / loadSeconds);
      return `A cgroup's CPU limit held ${roleWords(role)} back for ${formatSeconds(throttledMs / 1000)} of ${formatSeconds(loadSeconds)} (${share}).`;
    }
    case "receive-work-on-one-cpu":
      return receiveWords(finding.evidence[0]);
    case "target-cpu-bound": {
      const [{ usedCores, allowedCores, bound }] = finding.evidence;
      const limit =
        bound === "all-cpus"
          ? `all it may use (${allowedCores})`
          : "one whole core, as a single-threaded program at its limit does";
      return `The target used ${formatDecimal(usedCores)} cores: ${limit}.`;
    }
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

function crashWords({ role, atSeconds, lastWords }: EvidenceOf<"ended">): string {
  const last = lastWords.at(-1);
  const said = last === undefined ? "" : `; its last words: ${last}`;
  return `${sentenceCase(roleWords(role))} ended under load after ${formatSeconds(atSeconds)}${said}`;
}

function cliffWords(cliff: EvidenceOf<"scan-cliff">, ports: EvidenceOf<"ports">): string {
  const { atSeconds, beforePerSecond, afterPerSecond, isApproximate } = cliff;
  const fall =
    beforePerSecond === null || afterPerSecond === null
      ? ""
      : `, from ${isApproximate ? "about " : ""}${formatCount(beforePerSecond)} to ${formatCount(afterPerSecond)} requests a second`;
  return (
    `Throughput broke at ${formatSeconds(atSeconds)}${fall}, with no error: half of ${roleWords(ports.role)}'s ` +
    `${formatCount(ports.usable)} ports to ${destinationWords(ports)} were in use, and each connect() scanned that half.`
  );
}

function acceptQueueWords(queue: EvidenceOf<"accept-queue">): string {
  return (
    `The accept queue of port ${queue.port} was full ${formatCount(queue.overflows)} times: the program accepts more slowly ` +
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

function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
