import type { V1Pod } from "@kubernetes/client-node";
import type { Sysctls } from "../../suite/suite.ts";
import { untilRunning } from "./api/await-pod.ts";
import { createPod } from "./api/create-pod.ts";
import { readLog } from "./api/log.ts";
import { PodFailure } from "./api/pod-failure.ts";
import { ApiRefusal } from "./api/refusal.ts";
import { settingRefusal } from "./api/sandbox-failure.ts";
import type { ClusterWork } from "./cluster-work.ts";
import { podOnNode } from "./objects/placement.ts";
import type { TrialObjects } from "./objects/run-objects.ts";
import { admissionMeaning } from "./platform-words.ts";
import { onRoute, type Refusal, routeRefusal } from "./routes/refusals.ts";
import { applyRoute, type ProbedRoute } from "./routes/routes.ts";

/** A pod that is to get settings by a route. */
export interface Delivery {
  trial: TrialObjects;
  route: ProbedRoute;
  settings: Sysctls;
  /** Where it is to run; null = any node that fits. */
  node: string | null;
  /** Ends what is waited for: rejects with its reason. */
  signal: AbortSignal;
}

/** The pod of the route node holds its settings until it is deleted; it says so within this time of its start. */
const holdMs = 20_000;

/**
 * Makes what a route wants beside the pod, and gives the pod as the route wants it: with what the route node changed, the node that the
 * pod must run on. Rejects with PodFailure or ApiRefusal where the platform does not let it.
 */
export async function prepareRoute(
  work: ClusterWork,
  pod: V1Pod,
  { trial, route, settings, node, signal }: Delivery,
): Promise<{ pod: V1Pod; node: string | null }> {
  const { api, hasNetworkAttachments } = work;
  const routed = applyRoute(route, pod, settings, { trial, node, hasNetworkAttachments });
  let changed = node;
  for (const other of routed.others) {
    if (other.kind === "Pod") changed = await holdNode(work, other as V1Pod, signal);
    else await api.create(other);
  }
  // A pod that was given a node is on it already.
  const placed = node === null && changed !== null ? podOnNode(routed.pod, changed) : routed.pod;
  return { pod: placed, node: changed };
}

/** Starts the pod that changes its node, and waits until it has done so: the node's name. */
async function holdNode({ api, cluster, openLog }: ClusterWork, pod: V1Pod, signal: AbortSignal): Promise<string> {
  const name = pod.metadata?.name ?? "";
  await createPod(api, pod);
  const placed = await untilRunning(api, name, { timeouts: cluster.timeouts, ownMs: holdMs, signal });
  const container = "node-settings";
  const ended = AbortSignal.any([signal, AbortSignal.timeout(holdMs)]);
  for await (const line of openLog({ pod: name, container, signal: ended })) {
    if (isApplied(line)) return placed.node;
  }
  signal.throwIfAborted();
  const words = (await readLog(api, { pod: name, container, tailLines: 1 })).join("\n");
  throw new PodFailure(name, { kind: "init", container, ...settingRefusal(words) });
}

/** Whether a line of the pod's says that all is written: `{"applied": true}`. */
function isApplied(line: string): boolean {
  try {
    const said: unknown = JSON.parse(line);
    return typeof said === "object" && said !== null && "applied" in said && said.applied === true;
  } catch {
    return false;
  }
}

/** What a failure says about the route; null where it is about something else. */
export function refusalIn(error: unknown, route: ProbedRoute): Refusal | null {
  if (error instanceof PodFailure && (error.refusesProfile || onRoute(route, error.words) !== null)) {
    return routeRefusal(route, error.words || error.reason, error);
  }
  const means = error instanceof ApiRefusal ? admissionMeaning(error.words) : null;
  if (error instanceof ApiRefusal && means?.kind === "network-attachment")
    return routeRefusal(route, error.words, means);
  return null;
}
