import { endpointText } from "../../core/endpoint.ts";
import { formatBytes, formatCount, formatDecimal } from "../../core/numbers.ts";
import { formatPercent, formatSeconds } from "../../core/units.ts";
import { sentenceCase } from "../../core/words.ts";
import type { EvidenceOf } from "../../diagnose/evidence.ts";
import type { Finding, ToldFindingOf } from "../../diagnose/finding.ts";
import { roleWords } from "./roles.ts";

/** What services say themselves, and limits that they have of their own. */
export function openFilesWords({ role, limit, evidence: [said] }: ToldFindingOf<"open-files">): string {
  const of = limit === null ? "" : `: ${formatCount(limit.used)} of ${formatCount(limit.of)} were open`;
  return `${sentenceCase(roleWords(role ?? "target"))} ran out of file descriptors (EMFILE, "too many open files")${of}. ${saidWords(said)}`;
}

export function connectionLimitWords({ role, evidence: [said] }: ToldFindingOf<"connection-limit">): string {
  const whose = roleWords(role ?? "target");
  const names: Record<string, string> = {
    WORKER_CONNECTIONS: "worker_connections",
    QUEUE_TIMEOUT: "a server's maxconn",
  };
  const what = names[said.fault] ?? "its limit on connections";
  return `${sentenceCase(whose)} took no more connections: ${what} was reached. ${saidWords(said)}`;
}

export function rateLimitWords({ role, evidence: [said] }: ToldFindingOf<"rate-limit">): string {
  return `${sentenceCase(roleWords(role ?? "target"))} turned requests away by a rate limit of its own. ${saidWords(said)}`;
}

export function poolExhaustedWords({ role, evidence: [said] }: ToldFindingOf<"pool-exhausted">): string {
  return `The connection pool of ${roleWords(role ?? "target")} had none to give in time. ${saidWords(said)}`;
}

export function refusedDialsWords({ evidence: [dials, ...others] }: ToldFindingOf<"refused-dials">): string {
  const { towards, attempts, resets } = dials;
  const who = towards === null ? "An upstream" : sentenceCase(roleWords(towards));
  const counted =
    attempts === 0
      ? ""
      : `: ${formatCount(attempts)} dials of ${roleWords(dials.role)} failed at once${resets === null ? "" : `, and it sent ${formatCount(resets)} resets`}`;
  const said = others.find((one) => one.kind === "said");
  return `${who} refused connections (ECONNREFUSED)${counted}.${said === undefined ? "" : ` ${saidWords(said)}`}`;
}

export function outOfMemoryWords({ evidence: [memory, ...others] }: ToldFindingOf<"out-of-memory">): string {
  const { role, peakBytes, limitBytes, oomKills } = memory;
  const whose = sentenceCase(roleWords(role));
  const peak = peakBytes === null ? "" : `, at its peak ${formatBytes(peakBytes)}`;
  const of = limitBytes === null ? "" : ` of ${formatBytes(limitBytes)}`;
  if (oomKills !== null) {
    return `${whose} was out of memory${peak}${of}: the kernel killed ${formatCount(oomKills)} of its processes (oom_kill of its cgroup).`;
  }
  const said = others.find((one) => one.kind === "said");
  return `${whose} was refused memory${peak}.${said === undefined ? "" : ` ${saidWords(said)}`}`;
}

export function hungWords({ evidence: [silence] }: ToldFindingOf<"hung">): string {
  const { sinceSeconds, served, unansweredUsers, virtualUsers } = silence;
  if (sinceSeconds === null) {
    return (
      `The target never answered ${formatCount(unansweredUsers)} of ${formatCount(virtualUsers)} virtual users, while it served others ` +
      `(${formatCount(served)} requests): their requests are with it, in no queue of the kernel and at no upstream.`
    );
  }
  return `The target stopped answering ${formatSeconds(sinceSeconds)} after the first request, having served ${formatCount(served)}: it accepts, and answers nobody.`;
}

export function sourcePortsWords({ evidence: [ports] }: ToldFindingOf<"source-address-ports">): string {
  const { role, address, peakInUse, usable, connections } = ports;
  return (
    `${sentenceCase(roleWords(role))} used up the ports of its address ${address}: ${formatCount(peakInUse)} of ${formatCount(usable)} in use, over all ` +
    `destinations together (${formatCount(connections)} connections). It binds before it connects, so no two connections share a port (EADDRINUSE), and ` +
    "tcp_tw_reuse does nothing."
  );
}

export function synQueueWords({ evidence: [queue] }: ToldFindingOf<"syn-queue-overflow">): string {
  const { dropped, cookies, listenDrops, limit } = queue;
  const of = limit === null ? "" : ` of ${formatCount(limit)}`;
  const what =
    dropped + cookies === 0
      ? `${formatCount(listenDrops)} SYNs were dropped`
      : cookies > 0
        ? `${formatCount(cookies)} SYNs were answered with cookies`
        : `${formatCount(dropped)} SYNs were dropped`;
  return `The SYN queue${of} was full while the accept queue was not: ${what}. Handshakes come faster than they are finished.`;
}

export function unixQueueWords({ evidence: [queue] }: ToldFindingOf<"unix-socket-queue">): string {
  const { path, peakQueued, refused, somaxconn } = queue;
  const failed = refused === null ? "" : `; ${formatCount(refused)} requests failed with EAGAIN`;
  const most = somaxconn === null ? "" : ` (net.core.somaxconn ${formatCount(somaxconn)})`;
  return `The queue of the Unix socket ${path} was full: ${formatCount(peakQueued)} connections waited to be accepted${most}${failed}.`;
}

export function udpWords({ evidence: [{ role, dropped, received }] }: ToldFindingOf<"udp-drops">): string {
  return (
    `${sentenceCase(roleWords(role))} lost ${formatCount(dropped)} datagrams for want of room in its receive buffer ` +
    `(${formatPercent(dropped / Math.max(1, dropped + received))} of those that came): it reads more slowly than they come.`
  );
}

export function packetLossWords({ evidence: [sent] }: ToldFindingOf<"packet-loss">): string {
  const { role, segments, of, synRetransmits, opens } = sent;
  const syns = opens === 0 ? "" : ` and ${formatPercent(synRetransmits / opens)} of its SYNs`;
  return (
    `Packets were lost on the way: ${roleWords(role)} sent ${formatPercent(segments / Math.max(1, of))} of its segments again` +
    `${syns}, while no listener dropped any. A lost SYN costs a second.`
  );
}

export function bandwidthWords({ evidence: [transfer] }: ToldFindingOf<"bandwidth-cap">): string {
  const { role, outBytesPerSecond, unsentBytes } = transfer;
  return (
    `What ${roleWords(role)} sends is capped at ${formatDecimal((outBytesPerSecond * 8) / 1e6)} Mbit/s, while ` +
    `${formatBytes(unsentBytes)} wait in its sockets to be sent.`
  );
}

export function neighbourWords({ evidence: [{ tableFulls }] }: ToldFindingOf<"neighbour-table-full">): string {
  return `The machine's neighbour table (ARP) was full ${formatCount(tableFulls)} times: packets to new neighbours were dropped.`;
}

export function receiveDropsWords({ evidence: [{ dropped, processed }] }: ToldFindingOf<"receive-drops">): string {
  return `The kernel dropped ${formatCount(dropped)} packets of ${formatCount(processed + dropped)} before anybody saw them: a CPU's receive backlog was full.`;
}

export function slowAcceptWords({ evidence: [queue, demand] }: ToldFindingOf<"slow-accept">): string {
  const full =
    queue.overflows === 0 ? "" : ` (it overflowed ${formatCount(queue.overflows)} times, which follows from that)`;
  return (
    `The target accepts too slowly: ${keptWords(demand)}, and in each of ${formatCount(queue.looks)} looks at least ` +
    `${formatCount(queue.leastQueued ?? 0)} connections waited to be accepted${full}, while its CPU was idle. Too few of its workers accept: a longer backlog is the wrong lever.`
  );
}

export function upstreamWaitWords({ evidence: [open, demand] }: ToldFindingOf<"waits-on-upstream">): string {
  const { destination, upstreamCores } = open;
  const whom = destination.name ?? endpointText(destination.address, destination.port);
  const cpu = upstreamCores === null ? "" : ` ${sentenceCase(whom)} used ${formatDecimal(upstreamCores)} cores.`;
  return (
    `The target waits on ${whom}: ${keptWords(demand)}, with ${formatCount(Math.round(demand.requestsInFlight))} requests in flight and ` +
    `${formatCount(Math.round(open.open))} connections open to ${whom}.${cpu}`
  );
}

export function programLimitWords({ limit, evidence: [demand, cpu] }: ToldFindingOf<"program-limit">): string {
  const places = limit === null ? "" : `, about ${formatCount(limit.of)} at a time`;
  return (
    `A limit inside the target's program${places}: ${keptWords(demand)}, while it used ${formatDecimal(cpu.usedCores)} of ${formatCount(cpu.allowedCores)} ` +
    "cores, no upstream held the requests and no queue of the kernel was full (a pool, a semaphore, a lock, workers)."
  );
}

export function unexplainedWords({ evidence }: ToldFindingOf<"unexplained">): string {
  const sentences = evidence.flatMap((one): string[] => {
    switch (one.kind) {
      case "failures":
        return [`${formatCount(one.requests)} of ${formatCount(one.of)} requests failed with ${one.fault}.`];
      case "demand":
        return [`${sentenceCase(keptWords(one))}.`];
      case "line":
        return [
          `${sentenceCase(roleWords(one.role))} wrote most often (${formatCount(one.lines)} times): "${one.line}".`,
        ];
      case "run-delay":
        return [
          `The CPUs that ${roleWords(one.role)} may use were busy, and it waited for one longer than it ran: what it lacked others had, and limits of its own did not show.`,
        ];
      default:
        return [];
    }
  });
  return `No rule explains it. ${sentences.join(" ")}`;
}

/** Told as what it is: something that follows from another finding. */
export function consequenceWords(
  { consequenceOf }: Pick<Finding, "consequenceOf">,
  titles: Record<string, string>,
): string {
  return consequenceOf === null ? "" : ` This follows from: ${titles[consequenceOf] ?? consequenceOf}.`;
}

/** "kept up to 96 of 300 requests/s asked" */
function keptWords({ servedPerSecond, askedPerSecond }: EvidenceOf<"demand">): string {
  return `it kept up to ${formatCount(Math.round(servedPerSecond))} of ${formatCount(Math.round(askedPerSecond))} requests/s asked`;
}

function saidWords({ requests, seenIn, fault, role, times, line }: EvidenceOf<"said">): string {
  const failed =
    requests === null
      ? ""
      : `${formatCount(requests)} requests failed with ${fault}${seenIn === "log" ? ", by its log" : ""}.`;
  const logged =
    line === null || role === null
      ? ""
      : `${sentenceCase(roleWords(role))} wrote (${formatCount(times ?? 1)} times or more): ${line}`;
  return [failed, logged].filter((part) => part !== "").join(" ");
}
