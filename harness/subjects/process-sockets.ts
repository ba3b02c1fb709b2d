import { isLoopback } from "../core/endpoint.ts";
import { formatAddress } from "../sampling/address.ts";
import { allPids, readProc } from "../sampling/proc.ts";
import { treeOf } from "../sampling/process-tree.ts";
import { holdersOf, socketsHeldBy } from "./processes.ts";
import { argumentsOf } from "./program.ts";

/** Where a process and what it started listen, and what they dial, by /proc of this machine. */
export interface ProcessSockets {
  listening: { host: string; port: number }[];
  dialled: Dialled[];
}

export interface Dialled {
  host: string;
  port: number;
  /** argv of what listens there, where that is on this machine and may be looked at. */
  command: string[] | null;
}

interface Socket {
  localHost: string;
  localPort: number;
  remoteHost: string;
  remotePort: number;
  state: string;
  inode: string;
}

const listen = "0A";
const timeWait = "06";

export function socketsOf(pid: number): ProcessSockets {
  const inodes = socketsHeldBy(treeOf([pid]));
  const all = tableOf(pid);
  const own = all.filter(({ inode }) => inodes.has(inode));
  const listening = own.filter(({ state }) => state === listen);
  const ports = new Set(listening.map(({ localPort }) => localPort));
  const calls = own.filter(({ state, localPort }) => state !== listen && !ports.has(localPort));
  return {
    listening: listening.map(({ localPort: port, localHost: host }) => ({ host, port })),
    dialled: calls.map(({ remoteHost, remotePort }) => ({
      host: remoteHost,
      port: remotePort,
      command: isLoopback(remoteHost) ? listenerAt(all, remotePort) : null,
    })),
  };
}

/** A connection that was closed from this side a while ago: it belongs to no process any more. */
export interface ClosedCall extends Dialled {
  localPort: number;
}

/** Connections in TIME_WAIT, in the network namespace of a process. */
export function closedCalls(pid: number): ClosedCall[] {
  const all = tableOf(pid);
  const closed = all.filter(({ state }) => state === timeWait);
  return closed.map(({ localPort, remoteHost: host, remotePort: port }) => ({
    localPort,
    host,
    port,
    command: isLoopback(host) ? listenerAt(all, port) : null,
  }));
}

function tableOf(pid: number): Socket[] {
  return ["tcp", "tcp6"].flatMap((table) => {
    const rows = (readProc(`/proc/${pid}/net/${table}`) ?? "").trim().split("\n").slice(1);
    return rows.flatMap((row) => {
      const [, local = "", remote = "", state = "", , , , , , inode = ""] = row.trim().split(/\s+/);
      const [localHost = "", localPort = ""] = local.split(":");
      const [remoteHost = "", remotePort = ""] = remote.split(":");
      return [
        {
          localHost: formatAddress(localHost),
          localPort: Number.parseInt(localPort, 16),
          remoteHost: formatAddress(remoteHost),
          remotePort: Number.parseInt(remotePort, 16),
          state,
          inode,
        },
      ];
    });
  });
}

function listenerAt(all: Socket[], port: number): string[] | null {
  const inode = all.find(({ state, localPort }) => state === listen && localPort === port)?.inode;
  const [pid] = inode === undefined ? [] : holdersOf([inode], allPids()).holders;
  const words = pid === undefined ? null : argumentsOf(pid);
  return words?.length === 0 ? null : words;
}
