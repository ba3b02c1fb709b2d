import type { LiveSample } from "../../results/live-samples.ts";
import type { Sample } from "../../results/samples.ts";
import { createCountersLook } from "../counters.ts";
import { createNodeLook } from "../node.ts";
import { type NodeView, type ObserveRequest, type Observer, observerOf, type WatchedRole } from "../observer.ts";
import { createProcessLook } from "../process.ts";
import { createRoleCpuLook } from "../role-cpu.ts";
import { type Look, type Pace, startSampler } from "../sampler.ts";
import { createSocketsLook } from "../sockets.ts";
import { createUnixLook } from "../unix.ts";
import { createGroupLook } from "./cgroup-limits.ts";
import { createDatagramsLook } from "./datagrams.ts";
import { createTableLook } from "./table.ts";
import { createTrackingLook } from "./tracking.ts";

/** What is watched of a live service. Node's built-ins alone are used, so that this is bundled for a pod, too. */
export interface LiveRequest {
  /** A namespace, and the processes in it that are meant; [] of partPids where none can be seen. */
  target: Omit<WatchedRole, "listenPort">;
  /** Where the machine beneath is seen; null: it is not looked at. */
  node: NodeView | null;
  /** How long is looked: over a long time a table is read less often, so that its samples stay few. Absent: a minute at most. */
  windowMs?: number;
  now: () => number;
  onSample: (sample: LiveSample) => void;
}

/** What a first look may take before anything is compiled, of what takes a few ms afterwards. */
const coldMs = 50;

/**
 * As a trial's, but slower: together they rest so long that all stay below one per cent of a core. A table of few rows is read ten times a
 * second, for queues fill and empty meanwhile; one of 28,000 rows every seven seconds.
 */
const paces = {
  sockets: { shortestMs: 500, restPerCost: 2000, coldMs },
  small: { shortestMs: 1000, restPerCost: 2000, coldMs },
} satisfies Record<string, Pace>;

/** Of a whole look. */
const mostTables = 600;

function tablePace(windowMs: number): Pace {
  return { shortestMs: Math.max(100, windowMs / mostTables), restPerCost: 200, coldMs };
}

/** Starts watching: each sampler takes a first look at once, then at its pace, and a last one at the stop. Throws nothing. */
export function startLive(request: LiveRequest): Observer {
  const { now, onSample, node } = request;
  const target = { ...request.target, listenPort: null };
  const watched: ObserveRequest = {
    roles: [target],
    now,
    onSample: liveOnly(onSample),
  };
  return observerOf([
    startSampler("sockets", paces.sockets, now, createSocketsLook(watched)),
    startSampler("counters", paces.small, now, createCountersLook(watched)),
    startSampler("roleCpu", paces.small, now, createRoleCpuLook(watched)),
    startSampler(
      "process",
      paces.small,
      now,
      all([
        createProcessLook(watched),
        createUnixLook(watched),
        createGroupLook(target, request),
        createDatagramsLook(target, request),
      ]),
    ),
    startSampler("node", paces.small, now, createTrackingLook({ ...target, node }, request)),
    ...(node === null ? [] : [startSampler("node", paces.small, now, createNodeLook(watched, node))]),
    startSampler("ports", tablePace(request.windowMs ?? 0), now, createTableLook(target, request)),
  ]);
}

/** For the looks that a trial has as well. Its table and its one listener are not among the kinds that a live look takes. */
export function liveOnly(onSample: (sample: LiveSample) => void): (sample: Sample) => void {
  return (sample) => void (sample.kind === "ports" || sample.kind === "listen" || onSample(sample));
}

/** Goes on as long as one of them does. */
function all(looks: Look[]): Look {
  return () => looks.map((look) => look()).includes(true);
}
