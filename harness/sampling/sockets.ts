import type { SocketsSample } from "../results/samples.ts";
import type { ObserveRequest, WatchedRole } from "./observer.ts";
import { readProc } from "./proc.ts";
import type { Look } from "./sampler.ts";

/**
 * Looks at sockstat and sockstat6 of every role (0.01 ms each). A role whose pid is gone is left out from then on;
 * the look ends when none is left.
 */
export function createSocketsLook({ roles, now, onSample }: ObserveRequest): Look {
  let left = [...roles];
  return () => {
    left = left.filter((role) => {
      const counts = readSockets(role);
      if (counts !== null) onSample({ kind: "sockets", atMs: now(), role: role.role, ...counts });
      return counts !== null;
    });
    return left.length > 0;
  };
}

/** Shape of the counts in a SocketsSample. */
export type SocketCounts = Pick<SocketsSample, "timeWait" | "inUse">;

function readSockets(role: WatchedRole): SocketCounts | null {
  const net = `/proc/${role.namespacePid}/net`;
  const four = readProc(`${net}/sockstat`);
  return four === null ? null : parseSockstat(four, readProc(`${net}/sockstat6`) ?? "");
}

/**
 * TIME_WAITs (both IP versions: `tw` stands on the IPv4 line only) and TCP sockets in use of one namespace.
 * Source: net/ipv4/proc.c sockstat_seq_show, net/ipv6/proc.c sockstat6_seq_show.
 */
export function parseSockstat(sockstat: string, sockstat6: string): SocketCounts {
  return {
    timeWait: field(sockstat, /^TCP: .*\btw (\d+)/m),
    inUse: field(sockstat, /^TCP: inuse (\d+)/m) + field(sockstat6, /^TCP6: inuse (\d+)/m),
  };
}

function field(text: string, pattern: RegExp): number {
  return Number(pattern.exec(text)?.[1] ?? 0);
}
