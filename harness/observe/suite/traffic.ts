import { endpointText, isLoopback } from "../../core/endpoint.ts";
import { sum } from "../../detect/windows.ts";
import type { LiveDestination, LiveSample, TableSample } from "../../results/live-samples.ts";
import type { Seen } from "../seen.ts";

/** Connections of a service while it was looked at, as far as its namespace shows them. */
export interface Traffic {
  /** Ports that it listens on, rising. */
  listeners: number[];
  /** What comes in: new connections a second, and those that are open; null: not seen. */
  incoming: { openedPerSecond: number | null; open: number | null };
  /** Where it goes, the busiest first. */
  destinations: Destination[];
}

export interface Destination {
  address: string;
  port: number;
  /** What people call it; null where nobody said. */
  name: string | null;
  /** New connections a second; null: not seen. */
  openedPerSecond: number | null;
  /** Open now. */
  open: number;
}

/**
 * Pure. The namespace's counters say how many, its table of connections where to. `port` is the service's own: who dials it from the same namespace is
 * no destination of the service, and what comes in at its neighbours' is not its own.
 */
export function trafficOf({ samples, names }: Pick<Seen, "samples" | "names">, port: number): Traffic {
  const tables = samples.filter((sample) => sample.kind === "table");
  const last = tables.at(-1);
  const listeners = [...new Set((last?.listeners ?? []).map((listener) => listener.port))].sort((a, b) => a - b);
  const all = destinationsOf(tables, names, riseOf(samples, "ActiveOpens"));
  const isHere = (one: Destination) => isLoopback(one.address) && listeners.includes(one.port);
  const neighbours = all.filter((one) => isHere(one) && one.port !== port);
  const inUse = samples.findLast((sample) => sample.kind === "sockets")?.inUse ?? null;
  const passive = riseOf(samples, "PassiveOpens");
  const toNeighbours = sum(neighbours.map(({ openedPerSecond }) => openedPerSecond ?? 0));
  // A connection within the namespace is two sockets of it.
  const outgoing = sum(all.map((one) => (isHere(one) ? 2 : 1) * one.open));
  const ownClients = sum(all.filter((one) => isHere(one) && one.port === port).map(({ open }) => open));
  return {
    listeners,
    incoming: {
      openedPerSecond: passive === null ? null : Math.max(0, passive - toNeighbours),
      open: inUse === null ? null : Math.max(0, inUse - outgoing - listeners.length) + ownClients,
    },
    destinations: all.filter((one) => isUsed(one) && !(isHere(one) && one.port === port)),
  };
}

/** Of what was seen, that which goes on: not a TIME_WAIT that is left of an earlier connection. */
function isUsed({ open, openedPerSecond }: Destination): boolean {
  return open > 0 || openedPerSecond === null || openedPerSecond >= leastPerSecond;
}

const leastPerSecond = 0.1;

/** Whether connections serve more than one request each: more of them are open than come in a second, or none come. */
export function isReused({
  openedPerSecond,
  open,
}: Pick<Destination, "openedPerSecond"> & { open: number | null }): boolean {
  return (open ?? 0) > 0 && (openedPerSecond ?? 0) <= (open ?? 0);
}

/** One for each remote address and port, whatever the local address. */
function destinationsOf(
  tables: TableSample[],
  names: Record<string, string>,
  openedPerSecond: number | null,
): Destination[] {
  const seen = new Map<string, { of: LiveDestination; names: string[]; open: number; taken: number }>();
  for (const table of tables) {
    const isLast = table === tables.at(-1);
    for (const of of table.destinations) {
      const key = `${of.address} ${of.port}`;
      const before = seen.get(key) ?? { of, names: [], open: 0, taken: 0 };
      const open = (before.open ?? 0) + (isLast ? (of.states.ESTABLISHED ?? 0) : 0);
      seen.set(key, { ...before, of, open, taken: Math.max(before.taken, of.inUse) });
    }
  }
  const all = [...seen.values()].sort((a, b) => b.taken - a.taken);
  const made = all.map(({ of }) => youngIn(of));
  const total = sum(made);
  return all.map(({ of: { address, port }, open }, at) => ({
    address,
    port,
    name: names[endpointText(address, port)] ?? null,
    openedPerSecond: openedPerSecond === null ? null : shareOf(openedPerSecond, made[at] ?? 0, total, all.length),
    open,
  }));
}

/** The namespace's new connections go where TIME_WAITs are made; where most leave none here, because the other side closes first, to all alike. */
function shareOf(openedPerSecond: number, made: number, total: number, count: number): number {
  const isTold = total >= leastTold * openedPerSecond * youngSeconds;
  return isTold && total > 0 ? (openedPerSecond * made) / total : openedPerSecond / count;
}

/** Of the connections that are opened so many have to leave a TIME_WAIT here, or what is left is chance. */
const leastTold = 0.5;

const youngSeconds = 10;

/** TIME_WAITs of the last seconds. */
function youngIn({ ending }: LiveDestination): number {
  return sum(ending.slice(-youngSeconds));
}

/** A counter's rise a second between the first and the last look; null with fewer than two. */
function riseOf(samples: readonly LiveSample[], counter: string): number | null {
  const looks = samples.flatMap((sample) =>
    sample.kind === "counters" && sample.values[counter] !== undefined
      ? [{ atMs: sample.atMs, value: sample.values[counter] ?? 0 }]
      : [],
  );
  const [first, last] = [looks[0], looks.at(-1)];
  if (first === undefined || last === undefined || last.atMs <= first.atMs) return null;
  return ((last.value - first.value) * 1000) / (last.atMs - first.atMs);
}
