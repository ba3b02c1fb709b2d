import type { PortRange } from "../core/ports.ts";

/**
 * /proc/net/tcp and tcp6 read as bytes: a row is about 150 bytes and there are tens of thousands of them, so no string
 * is made per row. Row: `sl: local:port remote:port st tx_queue:rx_queue ...`, addresses in hex, each 32-bit word in
 * the machine's order (little endian here), ports in hex. Source: net/ipv4/tcp_ipv4.c get_tcp4_sock, tcp_ipv6.c.
 */

/** TCP state names by their number (include/net/tcp_states.h). */
const stateNames = [
  "NONE",
  "ESTABLISHED",
  "SYN_SENT",
  "SYN_RECV",
  "FIN_WAIT1",
  "FIN_WAIT2",
  "TIME_WAIT",
  "CLOSE",
  "CLOSE_WAIT",
  "LAST_ACK",
  "LISTEN",
  "CLOSING",
  "NEW_SYN_RECV",
] as const;
const establishedState = 1;
const halfOpenState = 3;
const timeWaitState = 6;
const listenState = 10;
const newline = 10;
const colon = 58;

/** What one look at the tables found; addresses still as the kernel's hex. */
export interface TableTally {
  destinations: {
    addressHex: string;
    port: number;
    /** The local address, where it was asked to tell them apart; null otherwise. */
    sourceHex: string | null;
    states: Record<string, number>;
    inUse: number;
    /** Its TIME_WAITs by the seconds that they have left. */
    ending: number[];
  }[];
  /** Local port of each listening socket -> connections waiting to be accepted (the longest, where several share it). */
  listening: Map<number, number>;
  /** Local port -> handshakes under way (SYN_RECV). */
  halfOpen: Map<number, number>;
  /** Local addresses of outgoing connections: distinct local ports in use, and connections, over all destinations. */
  sources: { addressHex: string; inUse: number; connections: number }[];
  /** TIME_WAIT rows of every local port, incoming connections included. */
  timeWaits: number;
  /** All of these by the seconds that they have left. */
  ending: number[];
  /** Rows but for the head lines. */
  rows: number;
  /** Bytes in the send and receive queues of established connections, incoming ones included. */
  unsentBytes: number;
  unreadBytes: number;
}

/** Counts rows. begin() once a look, rows() for each piece of whole rows (listening rows come first, as the kernel has it), then tally(). */
export interface TableCounter {
  begin(): void;
  /** Counts the whole rows between two places of the buffer; returns where the first unfinished row starts. */
  rows(bytes: Uint8Array, start: number, end: number): number;
  tally(): TableTally;
}

interface Destination {
  addressHex: string;
  port: number;
  sourceHex: string | null;
  ending: Uint32Array;
  states: Uint32Array;
  inUse: number;
  /** Look in which a local port was last seen: counts distinct ports without clearing 64 K entries every time. */
  seenIn: Uint32Array;
}

interface Source {
  addressHex: string;
  inUse: number;
  connections: number;
  /** As a destination's. */
  seenIn: Uint32Array;
}

/** TIME_WAIT lasts 60 s (TCP_TIMEWAIT_LEN). */
const endingSeconds = 60;

/**
 * A counter for outgoing connections: rows whose local port lies in [low, high] and is nobody's listening port. `perSource`: the same destination
 * from two local addresses is two, for each has the whole range.
 */
export function createTableCounter(range: PortRange, perSource = false): TableCounter {
  const halfOpen = new Map<number, number>();
  const ending = new Uint32Array(endingSeconds);
  let rowCount = 0;
  const listening = new Map<number, number>();
  const listeningPort = new Uint8Array(65536);
  let destinations = new Map<string, Destination>();
  let last: Destination | null = null;
  const lastRemote = new Uint8Array(40);
  const lastOwn = new Uint8Array(40);
  let look = 0;
  let sources = new Map<string, Source>();
  let lastSource: Source | null = null;
  const lastLocal = new Uint8Array(40);
  let timeWaits = 0;
  let unsentBytes = 0;
  let unreadBytes = 0;

  const row = (bytes: Uint8Array, rowStart: number, rowEnd: number) => {
    const local = afterSlot(bytes, rowStart);
    if (local === null) return;
    const digits = bytes[local + 8] === colon ? 8 : 32;
    const remote = local + digits + 6;
    const stateAt = remote + digits + 6;
    if (stateAt + 20 > rowEnd || bytes[local + digits] !== colon || bytes[remote + digits] !== colon) return;
    const localPort = hex(bytes, local + digits + 1, 4);
    const state = hex(bytes, stateAt, 2);
    rowCount += 1;
    const leftSeconds = state === timeWaitState ? secondsLeft(bytes, stateAt) : -1;
    if (state === timeWaitState) {
      timeWaits += 1;
      ending[leftSeconds] = (ending[leftSeconds] ?? 0) + 1;
    }
    if (state === halfOpenState) halfOpen.set(localPort, (halfOpen.get(localPort) ?? 0) + 1);
    if (state === establishedState) {
      unsentBytes += hex(bytes, stateAt + 3, 8);
      unreadBytes += hex(bytes, stateAt + 12, 8);
    }
    if (state === listenState) {
      listeningPort[localPort] = 1;
      listening.set(localPort, Math.max(listening.get(localPort) ?? 0, hex(bytes, stateAt + 12, 8)));
      return;
    }
    if (localPort < range.low || localPort > range.high || listeningPort[localPort] === 1) return;
    const destination = destinationAt(bytes, local, remote, digits);
    count(destination, localPort, state);
    if (leftSeconds >= 0) destination.ending[leftSeconds] = (destination.ending[leftSeconds] ?? 0) + 1;
    countSource(sourceAt(bytes, local, digits), localPort);
  };

  const sourceAt = (bytes: Uint8Array, at: number, digits: number): Source => {
    if (lastSource !== null && sameBytes(bytes, at, lastLocal, digits)) return lastSource;
    lastLocal.fill(0).set(bytes.subarray(at, at + digits));
    const addressHex = textAt(bytes, at, digits);
    lastSource = sources.get(addressHex) ?? { addressHex, inUse: 0, connections: 0, seenIn: new Uint32Array(65536) };
    sources.set(addressHex, lastSource);
    return lastSource;
  };

  const countSource = (source: Source, localPort: number) => {
    source.connections += 1;
    if (source.seenIn[localPort] === look) return;
    source.seenIn[localPort] = look;
    source.inUse += 1;
  };

  const destinationAt = (bytes: Uint8Array, own: number, at: number, digits: number): Destination => {
    const isSameSource = !perSource || sameBytes(bytes, own, lastOwn, digits);
    if (last !== null && isSameSource && sameBytes(bytes, at, lastRemote, digits + 5)) return last;
    lastRemote.fill(0).set(bytes.subarray(at, at + digits + 5));
    lastOwn.fill(0).set(bytes.subarray(own, own + digits));
    const remote = textAt(bytes, at, digits + 5);
    const source = perSource ? textAt(bytes, own, digits) : null;
    const key = source === null ? remote : `${source} ${remote}`;
    last = destinations.get(key) ?? newDestination(remote, source);
    destinations.set(key, last);
    return last;
  };

  const count = (destination: Destination, localPort: number, state: number) => {
    destination.states[state] = (destination.states[state] ?? 0) + 1;
    if (destination.seenIn[localPort] === look) return;
    destination.seenIn[localPort] = look;
    destination.inUse += 1;
  };

  return {
    begin: () => {
      look += 1;
      last = null;
      lastSource = null;
      timeWaits = 0;
      ending.fill(0);
      rowCount = 0;
      unsentBytes = 0;
      unreadBytes = 0;
      halfOpen.clear();
      listening.clear();
      listeningPort.fill(0);
      destinations = forgetIdle(destinations);
      sources = new Map([...sources].filter(([, { connections }]) => connections > 0));
      for (const source of sources.values()) source.inUse = source.connections = 0;
    },
    rows: (bytes, start, end) => eachRow(bytes, start, end, row),
    tally: () => ({
      destinations: [...destinations.values()].filter(used).map(toTally),
      sources: [...sources.values()]
        .filter(({ connections }) => connections > 0)
        .map(({ addressHex, inUse, connections }) => ({ addressHex, inUse, connections })),
      listening: new Map(listening),
      halfOpen: new Map(halfOpen),
      timeWaits,
      ending: [...ending],
      rows: rowCount,
      unsentBytes,
      unreadBytes,
    }),
  };
}

function eachRow(
  bytes: Uint8Array,
  start: number,
  end: number,
  row: (bytes: Uint8Array, start: number, end: number) => void,
): number {
  let at = start;
  while (at < end) {
    const rowEnd = bytes.indexOf(newline, at);
    if (rowEnd < 0 || rowEnd >= end) return at;
    row(bytes, at, rowEnd);
    at = rowEnd + 1;
  }
  return at;
}

/** Where the local address begins: after `  sl: `, a right-aligned number of any width; null on the head line. */
function afterSlot(bytes: Uint8Array, rowStart: number): number | null {
  for (let at = rowStart + 1; at < rowStart + 14; at++) if (bytes[at] === colon) return at + 2;
  return null;
}

/** Whole seconds that a TIME_WAIT row has left: the column after both queues. Source: get_timewait4_sock, in clock ticks of 1/100 s. */
function secondsLeft(bytes: Uint8Array, stateAt: number): number {
  return Math.min(endingSeconds - 1, Math.floor(hex(bytes, stateAt + 24, 8) / 100));
}

function textAt(bytes: Uint8Array, at: number, length: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + at, length).toString("latin1");
}

function newDestination(remote: string, sourceHex: string | null): Destination {
  const split = remote.length - 5;
  return {
    addressHex: remote.slice(0, split),
    port: Number.parseInt(remote.slice(split + 1), 16),
    sourceHex,
    ending: new Uint32Array(endingSeconds),
    states: new Uint32Array(256),
    inUse: 0,
    seenIn: new Uint32Array(65536),
  };
}

/** Destinations of the last look, emptied; those that were empty already are dropped. */
function forgetIdle(destinations: Map<string, Destination>): Map<string, Destination> {
  const kept = [...destinations].filter(([, destination]) => used(destination));
  for (const [, destination] of kept) {
    destination.states.fill(0);
    destination.ending.fill(0);
    destination.inUse = 0;
  }
  return new Map(kept);
}

function used(destination: Destination): boolean {
  return destination.inUse > 0;
}

function toTally({
  addressHex,
  port,
  sourceHex,
  states,
  inUse,
  ending,
}: Destination): TableTally["destinations"][number] {
  const named: Record<string, number> = {};
  states.forEach((count, state) => {
    if (count > 0) named[stateNames[state] ?? `STATE_${state}`] = count;
  });
  return { addressHex, port, sourceHex, states: named, inUse, ending: [...ending] };
}

function sameBytes(bytes: Uint8Array, at: number, other: Uint8Array, length: number): boolean {
  for (let i = length - 1; i >= 0; i--) if (bytes[at + i] !== other[i]) return false;
  return other[length] === 0;
}

/** Upper-case hex digits as the kernel writes them. */
function hex(bytes: Uint8Array, at: number, digits: number): number {
  let value = 0;
  for (let i = at; i < at + digits; i++) {
    const byte = bytes[i] ?? 48;
    value = value * 16 + (byte < 58 ? byte - 48 : byte - 55);
  }
  return value;
}
