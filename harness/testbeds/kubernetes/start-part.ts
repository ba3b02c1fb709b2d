import { join } from "node:path";
import type { V1Pod } from "@kubernetes/client-node";
import { isTargetRole } from "../../core/roles.ts";
import { abortable } from "../../core/waits.ts";
import { interpolate, referenceValues } from "../../suite/interpolate.ts";
import type { Suite } from "../../suite/suite.ts";
import { PartFailure } from "../failures.ts";
import { logName, partOf, type RunningPart } from "../testbed.ts";
import { type PlacedPod, untilReady } from "./api/await-pod.ts";
import { createPod } from "./api/create-pod.ts";
import type { PodPatience } from "./api/observe-pod.ts";
import { PodFailure } from "./api/pod-failure.ts";
import { type ClusterTrial, ownSettings, placeTarget } from "./cluster-trial.ts";
import { podPaths } from "./objects/containers.ts";
import { nodeObserverPod } from "./objects/node-observer.ts";
import { type PartObjects, partObjects } from "./objects/part.ts";
import type { PartSpec } from "./objects/part-spec.ts";
import { externalPart, followPart, untilSaid } from "./pod-part.ts";
import { prepareRoute } from "./route-settings.ts";
import type { ProbedRoute } from "./routes/routes.ts";
import { serviceHosts } from "./service-names.ts";
import { askedSettings, untilSettings, watchedKeys } from "./settings.ts";

/**
 * Starts a part's pod and waits until it is ready and its settings were read inside. Rejects with PartFailure where
 * the pod fails.
 */
export async function startPart(trial: ClusterTrial, role: string): Promise<RunningPart> {
  const { suite, profile } = trial.spec;
  const part = partOf(suite, profile, role);
  if (part.external !== null) return externalPart(role);
  try {
    // The pods of a trial are removed together, once none is being made any more.
    return await trial.scope.acquire(
      `the start of ${role}`,
      (signal) => startOwn(trial, role, signal),
      () => {},
    );
  } catch (error) {
    const told = inWords(role, error);
    if (role === "target") trial.placed.reject(told);
    throw told;
  }
}

async function startOwn(trial: ClusterTrial, role: string, signal: AbortSignal): Promise<RunningPart> {
  const { work, observer, spec: trialSpec, scope } = trial;
  if (isTargetRole(role) && role !== "target") await abortable(trial.placed.promise, signal);
  const part = partOf(trialSpec.suite, trialSpec.profile, role);
  const spec = specOf(trial, role);
  const made = partObjects(spec);
  const others = [];
  for (const other of made.others) others.push(await work.api.create(other));
  const services = others.flatMap((other) => ("spec" in other ? [other] : []));
  const placed = await runPod(trial, await routed(trial, role, made), part.ready.withinMs + startMs);
  trial.addresses[role] = placed.address;
  if (!isTargetRole(role) && spec.manifest !== null) {
    trial.hosts.push(...serviceHosts({ manifest: spec.manifest, podAddress: placed.address, services }));
  }
  const logFile = join(trialSpec.logFolder, logName(role));
  const onTakenAway = (words: string) => trial.failed.resolve(`${role}'s pod ended under load: ${words}`);
  const followed = { role, pod: placed.name, container: made.container, logFile, onTakenAway };
  const running = followPart(work, followed, scope);
  if (part.ready.check.kind === "log") await untilSaid(running, part.ready.check.text, part.ready.withinMs, signal);
  observer.add({ role, pod: placed.name });
  if (role === "target") await settle(trial, placed);
  await untilSettings(observer, role, signal);
  return running;
}

/** Makes a pod and waits until it is ready. */
async function runPod(trial: ClusterTrial, pod: V1Pod, ownMs: number): Promise<PlacedPod> {
  const { api } = trial.work;
  trial.scope.signal.throwIfAborted();
  await createPod(api, pod);
  return await untilReady(api, pod.metadata?.name ?? "", patienceOf(trial, ownMs));
}

function patienceOf({ work, scope }: ClusterTrial, ownMs: number): PodPatience {
  return { timeouts: work.cluster.timeouts, ownMs, signal: scope.signal };
}

/** Beside what the part itself may take: the sampler's start, and the kubelet's own pace. */
const startMs = 15_000;

function specOf(trial: ClusterTrial, role: string): PartSpec {
  const { objects, sources } = trial;
  const { suite, profile } = trial.spec;
  const isTarget = isTargetRole(role);
  const part = partOf(suite, profile, role);
  const { manifest = null, files = {} } = sources[isTarget ? "target" : role] ?? {};
  const fill = filler(trial);
  const command = part.command.map(fill);
  const kubernetes = part.kubernetes;
  return {
    trial: objects,
    role,
    component: isTarget ? "target" : "upstream",
    part: {
      port: part.port,
      ready: part.ready,
      writable: part.writable,
      command,
      kubernetes: kubernetes === null ? null : { ...kubernetes, command: kubernetes.command?.map(fill) ?? null },
    },
    profile: isTarget
      ? {
          ...profile,
          command: profile.command?.map(fill) ?? null,
          nodeSelector: { ...profile.nodeSelector, ...trial.nodeLabels },
        }
      : null,
    manifest,
    // Upstreams start side by side: none knows where another is.
    hosts: isTarget ? trial.hosts : [],
    files,
    env: {
      PORT: String(part.port),
      ...Object.fromEntries(Object.entries(part.env).map(([key, value]) => [key, fill(value)])),
    },
    node: isTarget ? trial.node : null,
    sampler: {
      role,
      keys: watchedKeys(askedSettings(suite, profile, role), ownSettings(trial, role)),
      listenPort: part.port,
      looks: role === "target" && !trial.work.cluster.observeNode ? "pod-and-node" : "pod",
    },
  };
}

/** Puts values in place of references. What has no address yet can't be referred to in a cluster (where-it-runs.ts). */
function filler({ spec: { suite }, addresses }: ClusterTrial): (text: string) => string {
  const unknown = Object.fromEntries(rolesWithAddress(suite).map((role) => [role, ""]));
  const values = valuesAt(suite, { ...unknown, ...addresses });
  return (text) => interpolate(text, values);
}

/** Values of the references that are known by now. */
export function knownValues({ spec: { suite }, addresses }: ClusterTrial): Record<string, string> {
  const known = Object.fromEntries(rolesWithAddress(suite).map((role) => [role, addresses[role] ?? ""]));
  const entries = Object.entries(valuesAt(suite, known));
  return Object.fromEntries(entries.filter(([, value]) => value !== "" && !value.startsWith(":")));
}

function valuesAt(suite: Suite, addresses: Record<string, string>): Record<string, string> {
  return referenceValues({ ...suite, folder: podPaths.suite }, { addresses, dataFolder: podPaths.data });
}

function rolesWithAddress(suite: Suite): string[] {
  return ["target", ...Object.keys(suite.upstreams)];
}

/** The pod with its settings on it, and what the route wants beside it. The route none, and a role without settings, want nothing. */
async function routed(trial: ClusterTrial, role: string, { pod }: PartObjects): Promise<V1Pod> {
  const { work, objects, route, scope } = trial;
  const settings = askedSettings(trial.spec.suite, trial.spec.profile, role);
  const isTarget = isTargetRole(role);
  // An upstream's settings are the experiment's surroundings, the same under each profile: they go the way that the cluster file names.
  const way = isTarget ? routeOfCopy(route, role) : work.cluster.route;
  const node = isTarget ? trial.node : null;
  const prepared = await prepareRoute(work, pod, { trial: objects, route: way, settings, node, signal: scope.signal });
  if (isTarget && prepared.node !== null) trial.node = prepared.node;
  return prepared.pod;
}

/** The first target's pod holds the node's settings for its copies, too, which are on the same node. */
function routeOfCopy(route: ProbedRoute, role: string): ProbedRoute {
  return route === "node" && role !== "target" ? "none" : route;
}

/** The target has its place: further copies and the node's observer go there. */
async function settle(trial: ClusterTrial, placed: PlacedPod): Promise<void> {
  const { work, objects, scope } = trial;
  await placeTarget(trial, placed.node);
  trial.placed.resolve();
  if (!work.cluster.observeNode) return;
  const pod = nodeObserverPod(objects, placed.node, { role: "node", keys: [], listenPort: null, looks: "node" });
  scope.signal.throwIfAborted();
  await createPod(work.api, pod);
  trial.nodeObserver = pod.metadata?.name ?? null;
}

/** Waits until the node's observer looks, where the cluster file wants one: its pod starts beside what else comes before the load. */
export async function untilNodeObserved(trial: ClusterTrial): Promise<void> {
  const { nodeObserver, observer } = trial;
  if (nodeObserver === null) return;
  try {
    await untilReady(trial.work.api, nodeObserver, patienceOf(trial, startMs));
  } catch (error) {
    throw inWords("target", error);
  }
  observer.add({ role: "node", pod: nodeObserver });
}

function inWords(role: string, error: unknown): unknown {
  if (!(error instanceof PodFailure)) return error;
  const words = error.words === "" || error.lastLines.length > 0 ? "" : `: ${error.words}`;
  return new PartFailure(
    role,
    `(pod ${error.pod}): ${error.reason}${words}`,
    error.lastLines,
    error.remedy ?? undefined,
  );
}
