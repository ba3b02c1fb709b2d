import { isTargetRole } from "../core/roles.ts";
import { suggestedValue } from "../knowledge/settings.ts";
import { strengths } from "./finding.ts";
import { program, type Remedy } from "./remedy.ts";
import { rule } from "./rule.ts";
import { inTrouble } from "./trouble.ts";

const backlogKey = "net.ipv4.tcp_max_syn_backlog";
/** Drops per request below which a full queue was no bottleneck. */
const leastShare = 0.001;

/**
 * Handshakes found the SYN queue full: SYNs dropped (TCPReqQFullDrop) or answered with cookies (TCPReqQFullDoCookies) though the accept queue was not full, or,
 * without cookies, dropped because three quarters of tcp_max_syn_backlog were taken (ListenDrops alone). Its length is that of the accept queue:
 * min(backlog, somaxconn). Source: net/ipv4/tcp_input.c tcp_conn_request.
 */
export const synQueueOverflow = rule("syn-queue-overflow", ["counters", "load"], (seen) => {
  const roles = Object.entries(seen.counters).filter(([role]) => isTargetRole(role));
  const total = (name: string) => roles.reduce((sum, [, values]) => sum + (values[name] ?? 0), 0);
  const [full, cookies, drops] = [total("TCPReqQFullDrop"), total("TCPReqQFullDoCookies"), total("ListenDrops")];
  // A SYN that nobody can be answered to is dropped and counted as well.
  if (total("ListenOverflows") > 0 || total("PassiveOpens") === 0 || !inTrouble(seen)) return null;
  if (Math.max(full, cookies, drops) < Math.max(3, leastShare * seen.load.requests)) return null;
  const queue = seen.acceptQueues?.find(({ role }) => isTargetRole(role));
  const reading = seen.settings.find(({ role, key }) => role === "target" && key === backlogKey)?.effective ?? null;
  const byBacklog = full + cookies > 0;
  const of = byBacklog ? (queue?.effectiveLimit ?? null) : reading === null ? null : Number(reading);
  const raised: Remedy = {
    kind: "setting",
    role: "target",
    key: backlogKey,
    value: suggestedValue(backlogKey),
    gain: "room",
  };
  const longer = { ...program("target", "backlog"), to: queue?.somaxconn ?? null };
  const cookie: Remedy = { kind: "setting", role: "target", key: "net.ipv4.tcp_syncookies", value: "1", gain: "cure" };
  return {
    side: "target",
    role: "target",
    limit: of === null ? null : { used: of, of, unit: "connections" },
    strength: byBacklog ? strengths.said : strengths.hinted,
    evidence: [{ kind: "syn-queue", dropped: full, cookies, listenDrops: drops, limit: of }],
    remedies: [byBacklog ? longer : raised, cookie],
  };
});

const somaxconnKey = "net.core.somaxconn";

/** connect() to a Unix socket gave EAGAIN: its queue was full. The queue's length is min(backlog, somaxconn), as a TCP listener's. */
export const unixSocketQueue = rule("unix-socket-queue", ["load", "unixQueues"], (seen) => {
  const queue = seen.unixQueues.reduce((most, next) => (next.peakQueued > most.peakQueued ? next : most));
  const failed = seen.load.faults.find(({ kind, side }) => kind === "EAGAIN" && side !== "generator");
  const logged = seen.logged?.find(({ fault }) => fault === "EAGAIN");
  if (queue.peakQueued === 0 || (failed === undefined && logged === undefined) || !inTrouble(seen)) return null;
  const { role } = queue;
  const somaxconn = seen.settings.find((one) => one.role === role && one.key === somaxconnKey)?.effective ?? null;
  return {
    side: isTargetRole(role) ? "target" : "upstream",
    role,
    limit: { used: queue.peakQueued, of: queue.peakQueued, unit: "connections" },
    strength: failed === undefined ? strengths.hinted : strengths.said,
    evidence: [
      {
        kind: "unix-queue",
        ...queue,
        somaxconn: somaxconn === null ? null : Number(somaxconn),
        refused: failed?.count ?? null,
      },
    ],
    remedies: [
      { kind: "setting", role, key: somaxconnKey, value: suggestedValue(somaxconnKey), gain: "room" },
      program(role, "backlog"),
      program(role, "accept-rate"),
    ],
  };
});
