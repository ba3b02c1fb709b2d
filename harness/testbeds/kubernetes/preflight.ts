import { randomBytes } from "node:crypto";
import { CapabilityError, InputError } from "../../core/errors.ts";
import type { Scope } from "../../core/scope.ts";
import type { Refusal } from "../../results/trial.ts";
import { type DeliveryRoute, routeOf } from "../../suite/cluster.ts";
import { distinctRolesOf, type Profile, type Suite, type Sysctls } from "../../suite/suite.ts";
import { clusterProblems } from "../../suite/where-it-runs.ts";
import { schedulableNodes } from "./api/nodes.ts";
import { openRun } from "./api/open-run.ts";
import { PodFailure } from "./api/pod-failure.ts";
import { makePrograms } from "./begin-run.ts";
import type { ClusterWork } from "./cluster-work.ts";
import { checkManifest } from "./manifest/check.ts";
import { nodeChangesLabel } from "./objects/node-settings.ts";
import type { RunObjects } from "./objects/run-objects.ts";
import type { PartSources } from "./part-sources.ts";
import { proveAll } from "./prove-all.ts";
import { proveImages } from "./prove-images.ts";
import { proveRoute, type RouteTrial } from "./prove-route.ts";
import { askedSettings } from "./settings.ts";

export interface PreflightRequest {
  suite: Suite;
  profiles: Profile[];
  sources: PartSources;
  allowNodeChanges: boolean;
  log: (line: string) => void;
}

/** Whether profiles differ in how their settings reach the pod: what a platform refuses then is an answer. */
export function comparesRoutes(suite: Suite, profiles: Profile[], cluster: { route: DeliveryRoute }): boolean {
  const delivering = profiles.filter((profile) => Object.keys(roleSettings(suite, profile, "target")).length > 0);
  return new Set(delivering.map((profile) => routeOf(profile, suite, cluster))).size > 1;
}

/** @throws InputError for what no cluster can do, or what was not allowed, before the cluster is asked for anything */
export function checkAsked(
  { suite, profiles, sources, allowNodeChanges }: PreflightRequest,
  cluster: ClusterWork["cluster"],
): void {
  const problems = [
    ...clusterProblems(suite, profiles, suite.load.runners ?? cluster.runners),
    ...routeProblems(suite, profiles, cluster),
    ...sharedProblems(suite, profiles, sources, cluster),
  ];
  if (problems.length > 0) {
    throw new InputError(
      `the suite can't run in the cluster ${cluster.name}:\n${problems.map((line) => `  ${line}`).join("\n")}`,
    );
  }
  const changing = profiles.filter((profile) => changesNode(suite, profile, cluster)).map(({ name }) => name);
  if (changing.length === 0 || allowNodeChanges) return;
  throw new InputError(`profile ${changing.join(", ")} would change settings of a node itself (route node)`, {
    hint: "if that is meant, run it with --allow-node-changes; only nodes labelled for it are changed, and changed back",
  });
}

/**
 * Tries every profile's settings in the cluster, one bare pod for each, several at once: what a platform refuses is told before anything is
 * measured. Throws CapabilityError in its words, with the remedy, where routes are not compared.
 */
export async function tryProfiles(work: ClusterWork, request: PreflightRequest, scope: Scope): Promise<void> {
  const { suite, profiles } = request;
  warnOfManifests(request);
  if (profiles.some((profile) => changesNode(suite, profile, work.cluster))) await checkLabelled(work);
  const runName = `tb-${new Date()
    .toISOString()
    .replace(/[-:]|\.\d+/g, "")
    .toLowerCase()}-${randomBytes(2).toString("hex")}`;
  const { objects } = await openRun({ ...work, runName, data: { for: "preflight" }, scope });
  await makePrograms(work.api, objects);
  const images = async () => {
    await orCapability(proveImages(work, trialOf(objects, 0, work.cluster)));
    return null;
  };
  const settings = distinctTrials(work, request).map((tried, place) => ({
    changesNode: tried.route === "node",
    prove: () => {
      const trial = trialOf(objects, place + 1, work.cluster);
      return proveSettings(work, request, { ...tried, trial, signal: scope.signal });
    },
  }));
  // What is wrong with an image is wrong with every pod: it comes first, so that it is what is told.
  await proveAll([{ changesNode: false, prove: images }, ...settings], { abort: scope.signal, log: request.log });
}

/** Resolves with a sentence where routes are compared and this one is refused; throws that as CapabilityError elsewhere. */
async function proveSettings(
  work: ClusterWork,
  { suite, profiles }: PreflightRequest,
  tried: Tried & RouteTrial,
): Promise<string | null> {
  const refusal = await orCapability(proveRoute(work, tried));
  if (refusal === null) return null;
  const isAnswer = tried.role === "target" && comparesRoutes(suite, profiles, work.cluster);
  if (!isAnswer) throw refused(tried, refusal);
  return `${tried.places.join(", ")}: ${refusal.route} is refused here: ${refusal.words}`;
}

/** A pod of the preflight that does not come to run: this cluster can't run the suite, as things are. */
async function orCapability<T>(proved: Promise<T>): Promise<T> {
  try {
    return await proved;
  } catch (error) {
    if (!(error instanceof PodFailure)) throw error;
    throw new CapabilityError(error.message, { hint: error.remedy ?? undefined, cause: error });
  }
}

/** After so long a pod of the preflight ends by itself, beside the times that the cluster file grants it and the one before it. */
const ownSeconds = 180;

function trialOf(objects: RunObjects, sequence: number, { timeouts }: ClusterWork["cluster"]): RouteTrial["trial"] {
  const startsMs = 2 * (timeouts.scheduleMs + timeouts.startMs);
  return { ...objects, sequence, deadlineSeconds: ownSeconds + Math.ceil(startsMs / 1000) };
}

function refused({ places }: Tried, { route, words, reason, remedy }: Refusal): CapabilityError {
  return new CapabilityError(`${places.join(", ")} (route ${route}): ${words}\n  ${reason}`, { hint: remedy });
}

/** Settings that are to be tried once, and every profile that asks for them. */
interface Tried extends Omit<RouteTrial, "trial" | "signal"> {
  places: string[];
}

function distinctTrials({ cluster }: ClusterWork, { suite, profiles }: PreflightRequest): Tried[] {
  const tried = new Map<string, Tried>();
  for (const profile of profiles) {
    for (const role of distinctRolesOf(suite)) {
      const settings = roleSettings(suite, profile, role);
      if (Object.keys(settings).length === 0) continue;
      const isTarget = role === "target";
      const route = role === "generator" ? "pod-sysctls" : isTarget ? routeOf(profile, suite, cluster) : cluster.route;
      const nodeSelector = isTarget ? profile.nodeSelector : {};
      const id = JSON.stringify([role, route, settings, nodeSelector]);
      const known = tried.get(id) ?? { role, route, settings, nodeSelector, node: null, places: [] };
      known.places.push(`profile ${profile.name}${isTarget ? "" : ` (${role})`}`);
      tried.set(id, known);
    }
  }
  return [...tried.values()];
}

function roleSettings(suite: Suite, profile: Profile, role: string): Sysctls {
  return suite.upstreams[role]?.external ? {} : askedSettings(suite, profile, role);
}

/** What routes can't do with the suite's parts, whatever the cluster. */
function routeProblems(suite: Suite, profiles: Profile[], cluster: { route: DeliveryRoute }): string[] {
  const sharing = profiles.filter((profile) => routeOf(profile, suite, cluster) === "host-network");
  const upstreams = Object.keys(suite.upstreams).filter((name) =>
    profiles.some((profile) => Object.keys(roleSettings(suite, profile, name)).length > 0),
  );
  return [
    ...(suite.target.replicas === 1 ? [] : sharing).map(
      ({ name }) => `profile ${name}: ${suite.target.replicas} targets can't share a node's ports (route host-network)`,
    ),
    ...(cluster.route === "node" ? upstreams : []).map(
      (name) => `upstreams.${name}: its settings go by the cluster file's route, and node is for the target alone`,
    ),
  ];
}

/** An init container in a pod that shares the node's network or IPC would write the node's own settings: a trial's pod is never made so. */
function sharedProblems(
  suite: Suite,
  profiles: Profile[],
  sources: PartSources,
  cluster: { route: DeliveryRoute },
): string[] {
  const { hostNetwork, hostIPC } = sources.target?.manifest?.spec ?? {};
  const shared = hostNetwork === true ? "hostNetwork" : hostIPC === true ? "hostIPC" : null;
  if (shared === null) return [];
  const writing = profiles.filter(
    (profile) =>
      routeOf(profile, suite, cluster).endsWith("-init") &&
      Object.keys(roleSettings(suite, profile, "target")).length > 0,
  );
  return writing.map(
    ({ name }) =>
      `profile ${name}: the manifest has ${shared}: true, so that an init container would change the node's own settings; leave it out, or use the route node`,
  );
}

/** Of the target's node in every trial: where one profile changes its node's settings, the others are compared on such nodes, too. */
export function nodeLabels(
  suite: Suite,
  profiles: Profile[],
  cluster: { route: DeliveryRoute },
): Record<string, string> {
  return profiles.some((profile) => changesNode(suite, profile, cluster)) ? { [nodeChangesLabel]: "true" } : {};
}

function changesNode(suite: Suite, profile: Profile, cluster: { route: DeliveryRoute }): boolean {
  return routeOf(profile, suite, cluster) === "node" && Object.keys(roleSettings(suite, profile, "target")).length > 0;
}

async function checkLabelled({ api, cluster }: ClusterWork): Promise<void> {
  const nodes = await schedulableNodes(api, { ...cluster.nodeSelector, [nodeChangesLabel]: "true" });
  if (nodes.length > 0) return;
  throw new CapabilityError(`no node of the cluster ${cluster.name} is labelled for changes of its settings`, {
    hint: `label one that you can spare: kubectl label node NODE ${nodeChangesLabel}=true`,
  });
}

function warnOfManifests({ sources, log }: PreflightRequest): void {
  for (const { manifest } of Object.values(sources)) {
    if (manifest === null) continue;
    for (const { line, text } of checkManifest(manifest)) log(`${manifest.file}:${line}: ${text}`);
  }
}
