import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { kernelPortRange, type PortRange, parsePortRange, portRangeKey } from "../core/ports.ts";
import { startTicks } from "../core/process-start.ts";
import type { LiveCaveat } from "../observe/observation.ts";
import type { ObservationInput, Seen } from "../observe/seen.ts";
import { newestFrom } from "../observe/series.ts";
import { originOf, toldKeys } from "../observe/setting-origin.ts";
import type { LiveSample } from "../results/live-samples.ts";
import { startLive } from "../sampling/live/start-live.ts";
import { namespaceOf } from "../sampling/namespace.ts";
import type { Observer } from "../sampling/observer.ts";
import { readProc } from "../sampling/proc.ts";
import { treeOf } from "../sampling/process-tree.ts";
import { insideOf } from "./inside.ts";
import { lookAtMachine } from "./machine.ts";
import { originsOf } from "./origins.ts";
import { namespaces, type Subject } from "./subject.ts";

/** A look that goes on. Whoever opened it asks now and then what it has come to, and closes it. */
export interface LiveLook {
  /** What was seen in the last `windowMs`. */
  input(windowMs: number): ObservationInput;
  /** Resolves when there is nothing left to look at; never otherwise. */
  ended: Promise<void>;
  /** Takes a last look of each kind. */
  close(): Promise<void>;
}

export interface LookOptions {
  /** What counts as soon. */
  withinSeconds: number;
  /** Of how long a time is told. */
  windowMs: number;
}

/** Between two looks whether the processes live still. */
const aliveMs = 250;
/** Settings and limits may be changed while they are watched; reading them inside takes other programs, so that it is done no more often. */
const factsMs = 15_000;

/** Looks at one subject of this machine. Nothing is written anywhere, and no packet sent. */
export async function openLook(subject: Subject, { withinSeconds, windowMs }: LookOptions): Promise<LiveLook> {
  let facts = await readFacts(subject);
  // Whoever reads the table goes by this object: what it has is changed in place.
  const { portRange } = facts;
  const machine = lookAtMachine();
  const samples: LiveSample[] = [];
  const now = () => performance.now();
  const openedMs = now();
  const observer = startLive({
    target: {
      role: "target",
      namespacePid: subject.namespacePid,
      partPids: () => subject.pids,
      portRange,
      usablePorts: 0,
    },
    node: machine.view,
    windowMs,
    now,
    onSample: (sample) => void samples.push(sample),
  });
  const gone = watchEnd(subject, now);
  const closed = new AbortController();
  const refreshed = every(factsMs, closed.signal, async () => {
    const next = await readFacts(subject);
    // Of what has ended meanwhile nothing is there to be read.
    if (startTicks(subject.namespacePid) === null) return;
    facts = next;
    Object.assign(portRange, next.portRange);
  });
  return {
    ended: gone.promise,
    close: async () => {
      gone.stop();
      closed.abort();
      await refreshed;
      await observer.stop();
    },
    input: (windowMs) => {
      samples.splice(0, samples.length, ...newestFrom(samples, now() - windowMs));
      const endedMs = gone.atMs();
      const ended: LiveCaveat[] =
        endedMs === null ? [] : [{ code: "ended", who: subject.name, afterSeconds: (endedMs - openedMs) / 1000 }];
      const own = samples.filter((sample) => sample.kind !== "node");
      const seen: Seen = {
        ...facts.seen,
        samples: own,
        caveats: [...facts.seen.caveats, ...missing(subject, own), ...ended],
      };
      return {
        seen: [seen],
        node: samples.filter((sample) => sample.kind === "node"),
        steering: machine.steering,
        withinSeconds,
        costMs: costOf(observer),
        caveats: machine.caveats,
      };
    },
  };
}

function costOf(observer: Observer): number {
  return observer.costs().reduce((sum, { cpuMs }) => sum + cpuMs, 0);
}

async function readFacts(subject: Subject): Promise<{ seen: Omit<Seen, "samples">; portRange: PortRange }> {
  const inside = insideOf(subject.namespacePid);
  const [values, sockets] = await Promise.all([inside.values(toldKeys), inside.sockets()]);
  const origins = originsOf(subject);
  const settings = [...(values ?? [])].map(([key, value]) => ({ key, value, origin: originOf(key, value, origins) }));
  const seen = {
    subject: subject.name,
    settings,
    listenLimits: sockets?.listenLimits ?? null,
    receiveBuffers: sockets?.receiveBuffers ?? null,
    cpusAllowed: cpusAllowedOf(subject.pids[0]),
    names: {},
    caveats: [
      ...(values === null ? [unreadable("settings")] : []),
      ...(sockets === null ? [unreadable("listen-limits", values === null ? "rights" : "no-ss")] : []),
      ...(subject.hidden > 0 ? [unreadable("processes")] : []),
      ...(subject.alsoIn > 0 ? [{ code: "also-in", namespaces: subject.alsoIn } as const] : []),
      { code: "time-waits-of-namespace", processes: othersIn(subject) } as const,
    ],
  };
  return { seen, portRange: parsePortRange(values?.get(portRangeKey) ?? "") ?? kernelPortRange };
}

function unreadable(
  what: Extract<LiveCaveat, { code: "not-readable" }>["what"],
  kind: "rights" | "no-ss" = "rights",
): LiveCaveat {
  return { code: "not-readable", what, why: { kind }, place: null };
}

/** What the looks themselves did not get to see of processes that are known. */
function missing({ pids }: Subject, samples: readonly LiveSample[]): LiveCaveat[] {
  if (pids.length === 0) return [];
  const files = samples.some((sample) => sample.kind === "process" && sample.openFiles !== null);
  const memory = samples.some((sample) => sample.kind === "group" && sample.memoryBytes !== null);
  return [
    ...(files ? [] : [unreadable("descriptors")]),
    ...(memory ? [] : [{ code: "not-readable", what: "memory", why: { kind: "not-there" }, place: null } as const]),
  ];
}

/** CPUs that a process may run on, as many as there are. */
function cpusAllowedOf(pid: number | undefined): number | null {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readProc(`/proc/${pid ?? "-"}/status`) ?? "")?.[1];
  if (list === undefined) return null;
  const counts = list.split(",").map((part) => {
    const [first = 0, last = first] = part.split("-").map(Number);
    return last - first + 1;
  });
  return Math.min(
    counts.reduce((sum, one) => sum + one, 0),
    availableParallelism(),
  );
}

/** Processes of the namespace that are not meant. */
function othersIn({ namespacePid, pids }: Subject): number {
  const own = new Set(treeOf(pids));
  const all = namespaces().get(namespaceOf(namespacePid) ?? -1) ?? [];
  return all.filter((pid) => !own.has(pid)).length;
}

/** Does it again and again, with such rests, until it is told to end. */
async function every(ms: number, signal: AbortSignal, act: () => Promise<void>): Promise<void> {
  const rest = () => sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
  for (await rest(); !signal.aborted; await rest()) await act();
}

/** Whether any of the processes lives still, as itself: a pid may be given out again. Those that can't be told never end. */
function watchEnd({ pids }: Subject, now: () => number) {
  const stop = new AbortController();
  const starts = pids.map((pid) => ({ pid, start: startTicks(pid) }));
  let endedMs: number | null = null;
  const { promise, resolve } = Promise.withResolvers<void>();
  const watch = async () => {
    while (!stop.signal.aborted) {
      if (starts.length > 0 && starts.every(({ pid, start }) => startTicks(pid) !== start)) {
        endedMs = now();
        resolve();
        return;
      }
      await sleep(aliveMs, undefined, { signal: stop.signal, ref: false }).catch(() => undefined);
    }
  };
  void watch();
  return { promise, stop: () => stop.abort(), atMs: () => endedMs };
}
