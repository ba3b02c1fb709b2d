import { kernelPortRange, portsOf } from "../core/ports.ts";
import type { LiveCaveat } from "../observe/observation.ts";
import type { Seen } from "../observe/seen.ts";
import { originOf, toldKeys } from "../observe/setting-origin.ts";
import type { LiveSample } from "../results/live-samples.ts";
import { createCountersLook } from "../sampling/counters.ts";
import { liveOnly } from "../sampling/live/start-live.ts";
import { createTableLook } from "../sampling/live/table.ts";
import { createTrackingLook } from "../sampling/live/tracking.ts";
import { createNodeLook } from "../sampling/node.ts";
import type { NodeView } from "../sampling/observer.ts";
import { cpuMsSince } from "../sampling/sampler.ts";
import { createSocketsLook } from "../sampling/sockets.ts";
import { insideOf } from "./inside.ts";
import type { LiveLook } from "./look.ts";
import { lookAtMachine } from "./machine.ts";
import { nameOfNamespace } from "./name-namespace.ts";
import { originsOf } from "./origins.ts";
import { namespaces } from "./subject.ts";

/** A table of so many rows, or of such a share of the range, is read: all others hold nothing that could be near a limit. */
const leastRows = 50;
const leastShare = 0.05;
/** A namespace with fewer sockets is not entered: a listener alone is near nothing. */
const leastSockets = 2;
/** Namespaces that are entered at a time. */
const atOnce = 4;

/** One namespace of this machine. */
interface Place {
  pid: number;
  seen: Seen;
  /** What costs next to nothing: sockstat, counters and how many connections are tracked. */
  small: () => void;
  /** The table, where it is worth reading. */
  table: (() => void) | null;
}

/**
 * Looks at every network namespace of this machine, twice: when it is opened and when it is closed. First at what costs next to nothing; a namespace is
 * entered, and its table read, only where that says that it could matter.
 */
export async function openLookAtAll(withinSeconds: number): Promise<LiveLook> {
  const cpu = process.cpuUsage();
  const now = () => performance.now();
  const machine = lookAtMachine();
  const node: LiveSample[] = [];
  const lookAtNode = createNodeLook({ now, onSample: liveOnly((sample) => void node.push(sample)) }, machine.view);
  lookAtNode();
  const places = [...namespaces().values()].flatMap((pids) => placeOf(pids, machine.view, now));
  // Our own stands first, and stays whatever it holds: beside it each limit says in which namespace it is.
  const worth = places.filter(({ seen }, at) => at === 0 || socketsOf(seen) >= leastSockets || trackedOf(seen) > 0);
  await inTurns(worth, (place) => enter(place, now));
  for (const { table } of worth) table?.();
  return {
    ended: new Promise(() => undefined),
    close: async () => {
      lookAtNode();
      for (const { small, table } of worth) {
        small();
        table?.();
      }
      await inTurns(worth.filter(hasQueue), readLimits);
    },
    input: () => ({
      seen: worth.map(({ seen }) => seen),
      ...{ node, steering: machine.steering, withinSeconds, costMs: cpuMsSince(cpu) },
      caveats: [...machine.caveats, ...caveatsOf(places, worth)],
    }),
  };
}

function placeOf(pids: readonly number[], node: NodeView, now: () => number): Place[] {
  const [pid] = pids;
  if (pid === undefined) return [];
  const samples: LiveSample[] = [];
  const keep = (sample: LiveSample) => void samples.push(sample);
  const watched = {
    roles: [
      {
        role: "target",
        namespacePid: pid,
        partPids: () => [],
        listenPort: null,
        portRange: { low: 0, high: 0 },
        usablePorts: 0,
      },
    ],
    now,
    onSample: liveOnly(keep),
  };
  const tracking = createTrackingLook({ role: "target", namespacePid: pid, node }, { now, onSample: keep });
  const looks = [createSocketsLook(watched), createCountersLook(watched), tracking];
  const small = () => void looks.map((look) => look());
  small();
  const seen: Seen = {
    subject: nameOfNamespace(pids),
    samples,
    ...{ settings: [], listenLimits: null, receiveBuffers: null, cpusAllowed: null, names: {}, caveats: [] },
  };
  return [{ pid, seen, small, table: null }];
}

/** Sockets in use and in TIME_WAIT, as sockstat has them. */
function socketsOf({ samples }: Seen): number {
  const last = samples.findLast((sample) => sample.kind === "sockets");
  return last === undefined ? 0 : last.inUse + last.timeWait;
}

/** A namespace that only passes packets on has no sockets. */
function trackedOf({ samples }: Seen): number {
  return samples.findLast((sample) => sample.kind === "tracking")?.conntrackCount ?? 0;
}

/** Reads its settings inside, and decides by them whether its table matters. */
async function enter(place: Place, now: () => number): Promise<void> {
  const { pid, seen } = place;
  const values = await insideOf(pid).values(toldKeys);
  const origins = originsOf({ namespacePid: pid, spec: null });
  seen.settings = [...(values ?? [])].map(([key, value]) => ({ key, value, origin: originOf(key, value, origins) }));
  const readings = seen.settings.map(({ key, value }) => ({ role: "target", key, effective: value }));
  const ports = portsOf(readings, "target");
  const sockets = socketsOf(seen);
  if (sockets < leastRows && (ports === null || sockets < leastShare * ports.usable)) return;
  const target = { role: "target", namespacePid: pid, portRange: ports?.range ?? kernelPortRange };
  place.table = createTableLook(target, { now, onSample: (sample) => void seen.samples.push(sample) });
}

async function readLimits({ pid, seen }: Place): Promise<void> {
  seen.listenLimits = (await insideOf(pid).sockets())?.listenLimits ?? null;
}

/** A queue's limit is asked only of who has one. */
function hasQueue({ seen: { samples } }: Place): boolean {
  return samples.some(
    (sample) => sample.kind === "table" && sample.listeners.some(({ queued, halfOpen }) => queued > 0 || halfOpen > 0),
  );
}

/** What was left out, or not to be had, once for all namespaces. */
function caveatsOf(places: readonly Place[], worth: readonly Place[]): LiveCaveat[] {
  const skipped = places.length - worth.filter(({ table }) => table !== null).length;
  const closed = worth.flatMap(({ seen }) => (seen.settings.length === 0 ? [seen.subject] : []));
  const place = closed.length === 1 ? (closed[0] ?? null) : `${closed.length} namespaces`;
  return [
    ...(skipped === 0 ? [] : [{ code: "tables-skipped", namespaces: skipped, of: places.length } as const]),
    ...(closed.length === 0
      ? []
      : [{ code: "not-readable", what: "settings", why: { kind: "rights" }, place } as const]),
    { code: "processes-not-looked-at" },
  ];
}

async function inTurns<T>(all: readonly T[], act: (one: T) => Promise<void>): Promise<void> {
  const left = [...all];
  const turn = async () => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) await act(one);
  };
  await Promise.all(Array.from({ length: atOnce }, turn));
}
