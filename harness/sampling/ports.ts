import { closeSync, openSync, readSync } from "node:fs";
import type { PortRange } from "../core/ports.ts";
import type { DestinationPorts, PortsSample } from "../results/samples.ts";
import { formatAddress } from "./address.ts";
import type { ObserveRequest, WatchedRole } from "./observer.ts";
import { readProc } from "./proc.ts";
import { cpuMsSince, type Look } from "./sampler.ts";
import { createTableCounter, type TableCounter, type TableTally } from "./socket-table.ts";
import { parseSockstat } from "./sockets.ts";

/** Destinations kept in a sample, the busiest first. */
const keptDestinations = 8;
/** Local addresses kept in a sample: a program that spreads its connections over more has no want of ports. */
const keptSources = 4;
/** Rows are collected up to here before they are counted; fits a core's cache. The kernel gives a page a read. */
const bufferBytes = 64 * 1024;
const pageBytes = 4096;
/** A page that is not the last one lacks at most the row that no longer fitted. */
const lastPageBelow = pageBytes - 512;

/**
 * Looks at a role's whole socket table: ports in use per destination and, where the role listens, its accept queue.
 * 28,000 rows are some 30 ms of kernel time, nearly all of it to print them, so the sampler paces it. Ends when the role's pid is gone.
 */
export function createPortsLook({ now, onSample }: ObserveRequest, role: WatchedRole): Look {
  const reader = createTableReader(role.portRange);
  return () => {
    const before = process.cpuUsage();
    const tally = reader.read(role.namespacePid);
    if (tally === null) return false;
    const destinations = busiest(tally);
    const costMs = cpuMsSince(before);
    const { unsentBytes, unreadBytes } = tally;
    const sources = busiestSources(tally);
    onSample({
      ...{ kind: "ports", atMs: now(), role: role.role, usable: role.usablePorts, destinations, sources },
      ...{ unsentBytes, unreadBytes, costMs },
    });
    const queued = role.listenPort === null ? undefined : tally.listening.get(role.listenPort);
    if (role.listenPort !== null && queued !== undefined) {
      onSample({ kind: "listen", atMs: now(), role: role.role, port: role.listenPort, queued });
    }
    return true;
  };
}

/** Reads tcp and tcp6 of a namespace into one tally; null when the pid is gone. Keeps its buffer between looks. `perSource`: see createTableCounter. */
export function createTableReader(
  range: PortRange,
  perSource = false,
): {
  read(pid: number | "self"): TableTally | null;
} {
  const counter = createTableCounter(range, perSource);
  const buffer = new Uint8Array(bufferBytes);
  return {
    read: (pid) => {
      const net = `/proc/${pid}/net`;
      const hasSockets6 = lookForSockets6(net);
      counter.begin();
      if (!readTable(`${net}/tcp`, counter, buffer)) return null;
      const tally = counter.tally();
      if (!hasSockets6(tally.timeWaits)) return tally;
      readTable(`${net}/tcp6`, counter, buffer);
      return counter.tally();
    },
  };
}

/**
 * Whether tcp6 has rows, told from sockstat: the walk of an empty table visits every bucket of the machine's hash all
 * the same (a tenth of a look). It has where an IPv6 socket is in use, or where more TIME_WAITs were there at the look's
 * start than tcp shows at its end; as many as tcp grew by meanwhile can hide, until the next look.
 */
function lookForSockets6(net: string): (timeWaits: number) => boolean {
  const sockstat6 = readProc(`${net}/sockstat6`);
  const { timeWait } = parseSockstat(readProc(`${net}/sockstat`) ?? "", "");
  const { inUse } = parseSockstat("", sockstat6 ?? "");
  return (timeWaits) => sockstat6 !== null && (inUse > 0 || timeWait > timeWaits);
}

/** False where the table can't be opened or vanishes while it is read. */
function readTable(path: string, counter: TableCounter, buffer: Uint8Array): boolean {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return false;
  }
  try {
    countFile(file, counter, buffer);
    return true;
  } catch {
    return false;
  } finally {
    closeSync(file);
  }
}

/**
 * Reads until the first page that is not full. Not until a read gives nothing: past the end the kernel walks the whole
 * table again (tcp_seq_start falls back to tcp_get_idx) and returns what was added meanwhile, so that under load a look
 * would chase a growing table for most of a second, counting rows twice. [seen on 6.18]
 */
function countFile(file: number, counter: TableCounter, buffer: Uint8Array): void {
  let filled = 0;
  for (;;) {
    const bytes = readSync(file, buffer, filled, buffer.length - filled, null);
    filled += bytes;
    const isLast = bytes < lastPageBelow;
    if (!isLast && buffer.length - filled >= pageBytes) continue;
    const done = counter.rows(buffer, 0, filled);
    if (isLast) return;
    buffer.copyWithin(0, done, filled);
    filled -= done;
  }
}

/** The busiest destinations by ports in use, addresses readable. */
function busiest(tally: TableTally): DestinationPorts[] {
  const byName = new Map<string, DestinationPorts>();
  for (const { addressHex, port, states, inUse } of tally.destinations) {
    const found: DestinationPorts = { address: formatAddress(addressHex), port, states, inUse };
    const name = `${found.address} ${port}`;
    const twin = byName.get(name);
    byName.set(name, twin === undefined ? found : addPorts(twin, found));
  }
  return [...byName.values()].sort((a, b) => b.inUse - a.inUse).slice(0, keptDestinations);
}

/** An address used by IPv4 and IPv6 sockets is one. */
export function busiestSources(tally: TableTally): PortsSample["sources"] {
  const byAddress = new Map<string, PortsSample["sources"][number]>();
  for (const { addressHex, inUse, connections } of tally.sources) {
    const address = formatAddress(addressHex);
    const twin = byAddress.get(address) ?? { address, inUse: 0, connections: 0 };
    byAddress.set(address, { address, inUse: twin.inUse + inUse, connections: twin.connections + connections });
  }
  return [...byAddress.values()].sort((a, b) => b.inUse - a.inUse).slice(0, keptSources);
}

/** An IPv4 destination reached through IPv4 and through IPv6 sockets: both draw on the same ports, so none counts twice. */
function addPorts(a: DestinationPorts, b: DestinationPorts): DestinationPorts {
  const states = { ...a.states };
  for (const [state, count] of Object.entries(b.states)) states[state] = (states[state] ?? 0) + count;
  return { ...a, states, inUse: a.inUse + b.inUse };
}
