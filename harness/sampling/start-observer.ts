import { isTargetRole } from "../core/roles.ts";
import { createCountersLook } from "./counters.ts";
import { createNodeLook } from "./node.ts";
import { type ObserveRequest, type Observer, observerOf, type WatchedRole } from "./observer.ts";
import { createPortsLook } from "./ports.ts";
import { createProcessLook } from "./process.ts";
import { createRoleCpuLook } from "./role-cpu.ts";
import { type Look, type Pace, type Sampler, startSampler } from "./sampler.ts";
import { createSocketsLook } from "./sockets.ts";
import { createUnixLook } from "./unix.ts";

/**
 * Paces by what is looked at. Each rests at least a hundred times its cost, which is one per cent of a core; the tables
 * of all roles together keep to that too: the target's takes most of it.
 */
const paces = {
  sockets: { shortestMs: 100, restPerCost: 100 },
  targetPorts: { shortestMs: 1000, restPerCost: 200 },
  otherPorts: { shortestMs: 5000, restPerCost: 1000 },
  everySecond: { shortestMs: 1000, restPerCost: 100 },
} satisfies Record<string, Pace>;

/**
 * Starts watching: every sampler takes a first look at once, then at its own pace, slower where a look costs more than
 * one per cent of a core. A role whose processes are gone ends its samples quietly. Throws nothing.
 */
export function startObserver(request: ObserveRequest): Observer {
  return observerOf([
    ...roleSamplers(request),
    ...nodeSamplers(request),
    ...request.roles.map((role) => portsSampler(request, role)),
  ]);
}

/** Looks that serve all roles in one go: what they read is small. */
function roleSamplers(request: ObserveRequest): Sampler[] {
  if (request.roles.length === 0) return [];
  return [
    startSampler("sockets", paces.sockets, request.now, createSocketsLook(request)),
    startSampler("counters", paces.everySecond, request.now, createCountersLook(request)),
    startSampler("roleCpu", paces.everySecond, request.now, createRoleCpuLook(request)),
    startSampler("process", paces.everySecond, request.now, both(createProcessLook(request), createUnixLook(request))),
  ];
}

function both(one: Look, other: Look): Look {
  return () => [one(), other()].includes(true);
}

function nodeSamplers(request: ObserveRequest): Sampler[] {
  const target = request.roles.find(({ role }) => role === "target");
  const runRoots = () => [process.pid, ...request.roles.flatMap((role) => role.partPids())];
  const here = { proc: "/proc", conntrack: target?.namespacePid ?? null, runRoots };
  const view = request.node === undefined ? here : request.node;
  return view === null ? [] : [startSampler("node", paces.everySecond, request.now, createNodeLook(request, view))];
}

/** A role's table is large, so each role has a pace of its own, the target's the quickest; copies of it share its part. */
function portsSampler(request: ObserveRequest, role: WatchedRole): Sampler {
  const copies = request.roles.filter((one) => isTargetRole(one.role)).length;
  const targetPace = { ...paces.targetPorts, restPerCost: paces.targetPorts.restPerCost * copies };
  const pace = isTargetRole(role.role) ? targetPace : paces.otherPorts;
  return startSampler("ports", pace, request.now, createPortsLook(request, role));
}
