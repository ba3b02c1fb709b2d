import { join } from "node:path";
import type { V1HostAlias, V1Pod } from "@kubernetes/client-node";
import { isTargetRole } from "../../core/roles.ts";
import { abortable } from "../../core/waits.ts";
import { interpolate, referenceValues } from "../../suite/interpolate.ts";
import type { Suite } from "../../suite/suite.ts";
import { logName, partOf, type RunningPart } from "../testbed.ts";
import type { ClusterTrial } from "./cluster-trial.ts";
import { startInstalled } from "./installed/start-installed.ts";
import { podPaths } from "./objects/containers.ts";
import { type PartObjects, partObjects } from "./objects/part.ts";
import type { PartSpec } from "./objects/part-spec.ts";
import { inWords, runPod, settle, startMs } from "./place-pod.ts";
import { externalPart, followPart, untilSaid } from "./pod-part.ts";
import { prepareRoute } from "./route-settings.ts";
import type { ProbedRoute } from "./routes/routes.ts";
import { serviceHosts } from "./service-hosts.ts";
import { askedSettings, untilSettings, watchedKeys } from "./settings.ts";

/**
 * Starts a part's pod and waits until it is ready and its settings were read inside. Rejects with PartFailure where
 * the pod fails.
 */
export async function startPart(trial: ClusterTrial, role: string): Promise<RunningPart> {
  const { suite, profile } = trial.spec;
  const part = partOf(suite, profile, role);
  if (part.external !== null && !isTargetRole(role)) return externalPart(role);
  const { installed } = trial;
  try {
    // The pods of a trial are removed together, once none is being made any more.
    return await trial.scope.acquire(
      `the start of ${role}`,
      (signal) => (installed === null ? startOwn(trial, role, signal) : startInstalled(trial, installed)),
      () => {},
    );
  } catch (error) {
    const told = inWords(role, error);
    if (role === "target") trial.placed.reject(told);
    trial.located(role).reject(told);
    throw told;
  }
}

async function startOwn(trial: ClusterTrial, role: string, signal: AbortSignal): Promise<RunningPart> {
  const { work, observer, spec: trialSpec, scope } = trial;
  if (isTargetRole(role) && role !== "target") await abortable(trial.placed.promise, signal);
  const dialled = trial.order[role] ?? [];
  await Promise.all(dialled.map((other) => abortable(trial.located(other).promise, signal)));
  const part = partOf(trialSpec.suite, trialSpec.profile, role);
  const spec = specOf(trial, role);
  const made = partObjects(spec);
  const others = [];
  for (const other of made.others) others.push(await work.api.create(other));
  const services = others.flatMap((other) => ("spec" in other ? [other] : []));
  const placed = await runPod(trial, await routed(trial, role, made), part.ready.withinMs + startMs);
  trial.addresses[role] = placed.address;
  if (!isTargetRole(role) && spec.manifest !== null) {
    const tellers = Object.values(trial.sources).flatMap(({ manifest }) => manifest ?? []);
    trial.hosts[role] = serviceHosts({ manifest: spec.manifest, podAddress: placed.address, services, tellers });
  }
  trial.located(role).resolve();
  const logFile = join(trialSpec.logFolder, logName(role));
  const onTakenAway = (words: string) => trial.failed.resolve(`${role}'s pod ended under load: ${words}`);
  const followed = { role, pod: placed.name, container: made.container, logFile, onTakenAway };
  const running = followPart(work, followed, scope);
  if (part.ready.check.kind === "log") await untilSaid(running, part.ready.check.text, part.ready.withinMs, signal);
  observer.add({ role, pod: placed.name });
  if (role === "target") await settle(trial, placed.node);
  await untilSettings(observer, role, signal);
  return running;
}

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
    hosts: hostsOf(trial, role),
    files,
    env: {
      PORT: String(part.port),
      ...Object.fromEntries(Object.entries(part.env).map(([key, value]) => [key, fill(value)])),
    },
    node: isTarget ? trial.node : null,
    sampler: {
      role,
      keys: watchedKeys(askedSettings(suite, profile, role), trial.ownKeys[role]),
      listenPort: part.port,
      looks: role === "target" && !trial.work.cluster.observeNode ? "pod-and-node" : "pod",
    },
  };
}

/** Of all upstreams for the target; for an upstream of those that it waited for: others may not be there yet. */
function hostsOf({ hosts, order }: ClusterTrial, role: string): V1HostAlias[] {
  const known = isTargetRole(role) ? Object.keys(hosts) : (order[role] ?? []);
  return known.flatMap((other) => hosts[other] ?? []);
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
