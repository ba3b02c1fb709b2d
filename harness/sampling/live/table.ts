import type { PortRange } from "../../core/ports.ts";
import type { LiveDestination, LiveListener, LiveSample } from "../../results/live-samples.ts";
import { formatAddress } from "../address.ts";
import { busiestSources, createTableReader } from "../ports.ts";
import { cpuMsSince, type Look } from "../sampler.ts";
import type { TableTally } from "../socket-table.ts";

/** Destinations kept in a sample, the busiest first. */
const keptDestinations = 16;

/** Whose table is looked at. */
export interface TableSubject {
  role: string;
  namespacePid: number | "self";
  /** ip_local_port_range as read inside. */
  portRange: PortRange;
}

/** Looks at a namespace's whole socket table. Ends when its pid is gone. */
export function createTableLook(
  { role, namespacePid, portRange }: TableSubject,
  { now, onSample }: { now: () => number; onSample: (sample: LiveSample) => void },
): Look {
  const reader = createTableReader(portRange, true);
  return () => {
    const before = process.cpuUsage();
    const tally = reader.read(namespacePid);
    if (tally === null) return false;
    const { timeWaits, ending, rows, unsentBytes, unreadBytes } = tally;
    const all = destinationsOf(tally);
    onSample({
      ...{
        kind: "table",
        atMs: now(),
        role,
        destinations: all.slice(0, keptDestinations),
        destinationCount: all.length,
      },
      ...{ sources: busiestSources(tally), listeners: listenersOf(tally), rows, timeWaits, ending },
      ...{ unsentBytes, unreadBytes, costMs: cpuMsSince(before) },
    });
    return true;
  };
}

/** The busiest first. An IPv4 destination reached through IPv4 and IPv6 sockets draws on the same ports: it is one. */
function destinationsOf({ destinations }: TableTally): LiveDestination[] {
  const byName = new Map<string, LiveDestination>();
  for (const { addressHex, sourceHex, port, states, inUse, ending } of destinations) {
    const address = formatAddress(addressHex);
    const source = formatAddress(sourceHex ?? "");
    const name = `${source} ${address} ${port}`;
    const twin = byName.get(name);
    const found = { address, source, port, states, inUse, ending };
    byName.set(name, twin === undefined ? found : added(twin, found));
  }
  return [...byName.values()].sort((a, b) => b.inUse - a.inUse);
}

function added(a: LiveDestination, b: LiveDestination): LiveDestination {
  const states = { ...a.states };
  for (const [state, count] of Object.entries(b.states)) states[state] = (states[state] ?? 0) + count;
  const ending = a.ending.map((count, second) => count + (b.ending[second] ?? 0));
  return { ...a, states, inUse: a.inUse + b.inUse, ending };
}

function listenersOf({ listening, halfOpen }: TableTally): LiveListener[] {
  return [...listening].map(([port, queued]) => ({ port, queued, halfOpen: halfOpen.get(port) ?? 0 }));
}
