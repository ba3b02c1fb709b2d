import type { Assumption, PredictedWalls } from "../results/prediction.ts";
import { constantRate, msForRequests } from "../suite/rate.ts";
import { type Profile, type Suite, suiteFor } from "../suite/suite.ts";
import { memoryForBuckets, type PortBudget, portBudget, timeWaitMs } from "./port-budget.ts";
import { msUntilHeld } from "./time-waits.ts";

/**
 * Where the kernel's arithmetic expects a profile's walls: at half the usable ports every connect() starts to scan the busy half
 * (the cliff, __inet_hash_connect), with all of them held it fails (the wall). Times are null where the stop bounds come first.
 */
export function predictWalls(asked: Suite, profile: Profile, testbed: "netns" | "cluster" = "netns"): PredictedWalls {
  const suite = hardestLoad(asked, profile);
  const budget = targetBudget(suite, profile);
  const walls = wallPorts(suite, budget);
  return {
    profile: profile.name,
    usablePorts: budget.usable,
    cliffPorts: walls.cliff,
    cliffSeconds: secondsWithinBounds(suite, walls.cliff),
    wallPorts: walls.wall,
    wallSeconds: secondsWithinBounds(suite, walls.wall),
    sustainablePerSecond:
      (budget.usable * suite.target.replicas) / ((budget.reuses ? budget.reuseDelayMs : timeWaitMs) / 1000),
    bucketsBelowPorts: hasUpstreams(suite) && !budget.reuses && budget.buckets < budget.usable,
    assumptions: [
      ...assumptions(suite, budget),
      ...(testbed === "netns" ? [] : nodeAssumptions(suite, profile, budget)),
    ],
  };
}

/** The suite as a profile's trials run it; of a search, the highest rate that it may try. */
export function hardestLoad(asked: Suite, profile: Profile): Suite {
  const suite = suiteFor(asked, profile);
  if (suite.experiment.kind !== "search") return suite;
  const { toPerSecond, rampMs, holdingMs } = suite.experiment.objective;
  const rate = constantRate(toPerSecond);
  return { ...suite, load: { ...suite.load, rate }, stop: { ...suite.stop, afterMs: rampMs + holdingMs } };
}

/** The target's ports under a profile. */
export function targetBudget(suite: Suite, profile: Profile): PortBudget {
  return portBudget({ ...suite.target.sysctls, ...profile.sysctls });
}

/** When the last request is due that the stop bounds let through, ms: an upper bound on an open model that keeps up. */
export function boundMs(suite: Suite): number {
  const { requests, afterMs } = suite.stop;
  return requests === null ? afterMs : Math.min(afterMs, msForRequests(suite.load.rate, requests));
}

/** Ports held at each wall; null where there is none: nothing to dial, reuse, or too few buckets to hold so many TIME_WAITs. */
function wallPorts(suite: Suite, budget: PortBudget): { cliff: number | null; wall: number | null } {
  if (!hasUpstreams(suite) || budget.reuses) return { cliff: null, wall: null };
  const half = Math.floor(budget.usable / 2);
  return {
    cliff: budget.buckets < half ? null : half,
    wall: budget.buckets < budget.usable ? null : budget.usable,
  };
}

function secondsWithinBounds(suite: Suite, ports: number | null): number | null {
  const ms = ports === null ? null : msUntilHeldByEach(suite, ports);
  return ms === null || ms > boundMs(suite) ? null : ms / 1000;
}

/** When each copy of the target holds so many ports: the load is spread over them evenly. */
export function msUntilHeldByEach(suite: Suite, ports: number): number | null {
  return msUntilHeld(suite.load.rate, (ports * suite.target.replicas) / connectionsEach(suite));
}

/** New connections of the target for each iteration: as an earlier run measured, else one. */
function connectionsEach({ perIteration }: Suite): number {
  return Math.max(leastConnections, perIteration?.connections ?? 1);
}

/** A pool opens some now and then: fewer than this are none. */
const leastConnections = 0.001;

function hasUpstreams(suite: Suite): boolean {
  return Object.keys(suite.upstreams).length > 0;
}

function connections({ perIteration }: Suite): Assumption {
  if (perIteration === null || perIteration.connections === null) return { code: "connection-per-request" };
  return { code: "measured-connections", perIteration: perIteration.connections, run: perIteration.run };
}

/** connect() with few free ports became several times faster about then, by a series of March 2025 (6.8 times in its own benchmark). */
export const fastConnectKernel = "6.15";

/** What a prediction takes for granted of a node. In a pod nothing sets tcp_max_tw_buckets but the suite: with less memory the node drops TIME_WAITs before the ports are used up. */
function nodeAssumptions(suite: Suite, profile: Profile, budget: PortBudget): Assumption[] {
  const asked = { ...suite.target.sysctls, ...profile.sysctls };
  if (!hasUpstreams(suite) || budget.reuses) return [];
  const kernel: Assumption = { code: "node-kernel", atLeast: fastConnectKernel };
  const gibibytes = memoryForBuckets(budget.usable) / 2 ** 30;
  if ("net.ipv4.tcp_max_tw_buckets" in asked || gibibytes < 1) return [kernel];
  return [kernel, { code: "node-memory", moreThanGibibytes: gibibytes }];
}

function assumptions(suite: Suite, budget: PortBudget): Assumption[] {
  if (!hasUpstreams(suite)) return [{ code: "no-upstream" }];
  const { replicas } = suite.target;
  return [
    connections(suite),
    ...(replicas === 1 ? [] : [{ code: "even-spread", copies: replicas } as const]),
    budget.reuses ? { code: "ports-reused", afterMs: budget.reuseDelayMs } : { code: "slower-past-cliff" },
  ];
}
