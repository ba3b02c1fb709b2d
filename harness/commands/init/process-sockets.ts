import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** Where a process and what it started listen, and what they dial, by /proc of this machine. */
export interface ProcessSockets {
  /** `host` is IPv4, or as /proc has it. */
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
  const inodes = new Set(familyOf(pid).flatMap(inodesOf));
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

/** The process and its descendants. */
function familyOf(pid: number): number[] {
  const parents = new Map(
    pids().flatMap((one) => {
      const stat = readable(`/proc/${one}/stat`);
      const parent = stat === null ? null : /^.*\) \S (\d+)/s.exec(stat)?.[1];
      return parent == null ? [] : [[one, Number(parent)] as const];
    }),
  );
  const family = new Set([pid]);
  for (let grown = true; grown; ) {
    const more = [...parents].filter(([one, parent]) => family.has(parent) && !family.has(one));
    for (const [one] of more) family.add(one);
    grown = more.length > 0;
  }
  return [...family];
}

function pids(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function inodesOf(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).flatMap((fd) => /^socket:\[(\d+)\]$/.exec(link(`${folder}/${fd}`))?.[1] ?? []);
  } catch {
    return [];
  }
}

function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}

function tableOf(pid: number): Socket[] {
  return ["tcp", "tcp6"].flatMap((table) => {
    const rows = (readable(`/proc/${pid}/net/${table}`) ?? "").trim().split("\n").slice(1);
    return rows.flatMap((row) => {
      const [, local = "", remote = "", state = "", , , , , , inode = ""] = row.trim().split(/\s+/);
      const [localHost = "", localPort = ""] = local.split(":");
      const [remoteHost = "", remotePort = ""] = remote.split(":");
      return [
        {
          localHost: hostOf(localHost),
          localPort: Number.parseInt(localPort, 16),
          remoteHost: hostOf(remoteHost),
          remotePort: Number.parseInt(remotePort, 16),
          state,
          inode,
        },
      ];
    });
  });
}

/** Hex in the machine's byte order, word by word; IPv4 in IPv6 as IPv4. Another IPv6 address is left as it is written there. */
function hostOf(hex: string): string {
  const word = hex.length === 8 ? hex : /^0{16}FFFF0000([0-9A-F]{8})$/.exec(hex)?.[1];
  if (word === undefined) return hex;
  return (word.match(/../g) ?? [])
    .reverse()
    .map((byte) => Number.parseInt(byte, 16))
    .join(".");
}

export function isLoopback(host: string): boolean {
  return host.startsWith("127.") || host === "00000000000000000000000001000000";
}

function listenerAt(all: Socket[], port: number): string[] | null {
  const inode = all.find(({ state, localPort }) => state === listen && localPort === port)?.inode;
  const pid = inode === undefined ? undefined : pids().find((one) => inodesOf(one).includes(inode));
  const words = pid === undefined ? null : readable(`/proc/${pid}/cmdline`);
  return words === null || words === "" ? null : words.replace(/\0$/, "").split("\0");
}

function readable(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
