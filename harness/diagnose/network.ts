import { suggestedValue } from "../knowledge/settings.ts";
import type { Role } from "../results/samples.ts";
import { hasLittleCpuLeft } from "./cpu-left.ts";
import type { EvidenceOf } from "./evidence.ts";
import { strengths } from "./finding.ts";
import type { ObservedWith } from "./observed.ts";
import { program } from "./remedy.ts";
import { rule, sideOf } from "./rule.ts";
import { fellBehind, inTrouble } from "./trouble.ts";

/** Share of segments sent again, and of SYNs, from which packets are lost; a busy machine sends some again in vain. */
const lossShare = 0.005;
const leastRetransmitted = 10;

/**
 * Segments had to be sent again, and no listener dropped them: they were lost on the way. Half the seconds that a lost SYN costs are its first timeout
 * (1 s). Who retransmits, and against how many sent, are Tcp RetransSegs and OutSegs, TcpExt TCPSynRetrans and Tcp ActiveOpens.
 */
export const packetLoss = rule("packet-loss", ["counters"], (seen) => {
  if (!inTrouble(seen) || dropsAtListeners(seen) > 0) return null;
  const roles = Object.keys(seen.counters).map((role) => retransmits(seen, role));
  const total = roles.reduce((sum, { segments, of }) => ({ segments: sum.segments + segments, of: sum.of + of }), {
    segments: 0,
    of: 0,
  });
  const worst = roles.reduce(
    (most, next) => (next.segments > most.segments ? next : most),
    roles[0] ?? retransmits(seen, ""),
  );
  if (total.segments < leastRetransmitted || total.of === 0 || worst.of === 0) return null;
  if (worst.segments / worst.of < lossShare && worst.synRetransmits < lossShare * worst.opens) return null;
  return {
    side: "node",
    role: null,
    limit: null,
    strength: strengths.implied,
    evidence: [worst],
    remedies: [{ kind: "node", what: "path" }],
  };
});

function retransmits({ counters }: ObservedWith<"counters">, role: Role): EvidenceOf<"retransmits"> {
  const { RetransSegs = 0, OutSegs = 0, TCPSynRetrans = 0, ActiveOpens = 0 } = counters[role] ?? {};
  return {
    kind: "retransmits",
    role,
    segments: RetransSegs,
    of: OutSegs,
    synRetransmits: TCPSynRetrans,
    opens: ActiveOpens,
  };
}

function dropsAtListeners({ counters }: ObservedWith<"counters">): number {
  return Object.values(counters).reduce(
    (sum, { ListenDrops = 0, ListenOverflows = 0, TCPReqQFullDrop = 0, TCPReqQFullDoCookies = 0 }) =>
      sum + ListenDrops + ListenOverflows + TCPReqQFullDrop + TCPReqQFullDoCookies,
    0,
  );
}

/** What a role sends varies less than this from second to second where a cap holds it. */
const flat = 0.12;
/** Written and not acknowledged, at the median look: more than a connection or two has in flight. */
const leastUnsentBytes = 200_000;

/** What a part sends is flat at a cap while what it has written waits in its sockets: a shaper, a cloud's limit, a slow link. */
export const bandwidthCap = rule("bandwidth-cap", ["transfers", "demand"], (seen) => {
  if (!fellBehind(seen)) return null;
  const [role, transfer] =
    Object.entries(seen.transfers).find(
      ([name, { variation, unsentBytes }]) =>
        name !== "generator" && variation < flat && unsentBytes >= leastUnsentBytes,
    ) ?? [];
  if (role === undefined || transfer === undefined || hasLittleCpuLeft(seen, role)) return null;
  return {
    side: "node",
    role: null,
    limit: { used: transfer.outBytesPerSecond, of: transfer.outBytesPerSecond, unit: "bytes/s" },
    strength: strengths.implied,
    evidence: [
      { kind: "transfer", role, ...transfer },
      { kind: "demand", ...seen.demand },
    ],
    remedies: [{ kind: "node", what: "bandwidth" }],
  };
});

/** Datagrams were dropped for want of room in a socket's buffer (Udp RcvbufErrors), over those that came, from which they explain anything. */
const udpShare = 0.001;

/** A program reads its datagrams more slowly than they come, or its receive buffer is too small for the bursts. */
export const udpDrops = rule("udp-drops", ["counters"], (seen) => {
  const [role, dropped, received] = Object.entries(seen.counters)
    .filter(([name]) => name !== "generator")
    .map(([name, { UdpRcvbufErrors = 0, UdpInDatagrams = 0 }]) => [name, UdpRcvbufErrors, UdpInDatagrams] as const)
    .reduce((most, next) => (next[1] > most[1] ? next : most), ["", 0, 0] as const);
  if (dropped === 0 || dropped < udpShare * (dropped + received) || !inTrouble(seen)) return null;
  return {
    side: sideOf(role),
    role,
    limit: null,
    strength: strengths.said,
    evidence: [{ kind: "datagrams", role, dropped, received }],
    remedies: [program(role, "read-rate"), program(role, "receive-buffer")],
  };
});

/** The machine's table of neighbours was full: packets to a new one were dropped (arp_cache table_fulls). */
export const neighbourTableFull = rule("neighbour-table-full", ["neighbourTableFulls"], (seen) => {
  if (seen.neighbourTableFulls === 0 || !inTrouble(seen)) return null;
  const key = "net.ipv4.neigh.default.gc_thresh3";
  return {
    side: "node",
    role: null,
    limit: null,
    strength: strengths.said,
    evidence: [{ kind: "neighbours", tableFulls: seen.neighbourTableFulls }],
    remedies: [{ kind: "node", what: "setting", key, value: "16384" }],
  };
});

/** Share of the packets that the kernel's receive backlog dropped from which it explains anything. */
const backlogShare = 0.0005;

/** Packets came faster than a CPU took them off its backlog queue (softnet_stat dropped; net.core.netdev_max_backlog). */
export const receiveDrops = rule("receive-drops", ["softnet"], (seen) => {
  const { dropped, squeezed, processed } = seen.softnet;
  if (dropped === 0 || dropped < backlogShare * processed || !inTrouble(seen)) return null;
  const key = "net.core.netdev_max_backlog";
  return {
    side: "node",
    role: null,
    limit: null,
    strength: strengths.said,
    evidence: [{ kind: "softnet", dropped, squeezed, processed }],
    remedies: [{ kind: "node", what: "setting", key, value: suggestedValue(key) }],
  };
});
