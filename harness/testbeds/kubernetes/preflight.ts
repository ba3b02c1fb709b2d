import { CapabilityError, InputError } from "../../core/errors.ts";
import type { Scope } from "../../core/scope.ts";
import type { Engine } from "../../engines/engine.ts";
import { type DeliveryRoute, routeOf } from "../../suite/cluster.ts";
import { distinctRolesOf, type Profile, type Suite, type Sysctls } from "../../suite/suite.ts";
import { clusterProblems } from "../../suite/where-it-runs.ts";
import type { ProfileRefusal } from "../testbed.ts";
import type { ClusterWork } from "./cluster-work.ts";
import { manifestWarnings } from "./manifest-warnings.ts";
import { labelANode, nodeChangesLabel } from "./objects/node-settings.ts";
import { hasNodeToChange, openPreflight, orCapability } from "./open-preflight.ts";
import type { PartSources } from "./part-sources.ts";
import { type Proof, proveAll } from "./prove-all.ts";
import { proveImages } from "./prove-images.ts";
import { proveRoute, type RouteTrial } from "./prove-route.ts";
import type { Refusal } from "./routes/refusals.ts";
import { askedSettings } from "./settings.ts";

export interface PreflightRequest {
  engine: Pick<Engine, "pod">;
  suite: Suite;
  profiles: Profile[];
  sources: PartSources;
  allowNodeChanges: boolean;
  log: (line: string) => void;
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
 * measured. Throws CapabilityError in its words, with the remedies, for all of it.
 */
export async function tryProfiles(work: ClusterWork, request: PreflightRequest, scope: Scope): Promise<void> {
  const { profiles, suite } = request;
  for (const warning of manifestWarnings(request.sources)) request.log(warning);
  if (profiles.some((profile) => changesNode(suite, profile, work.cluster))) await checkLabelled(work);
  const refused = await refusedSettings(work, request, scope);
  if (refused.length > 0) throw new CapabilityError(refused.map(refusedWords).join("\n"));
}

/** Which of the profiles the cluster refuses, in its words; the suite itself has been tried before. */
export async function refusedProfiles(
  work: ClusterWork,
  request: PreflightRequest,
  scope: Scope,
): Promise<ProfileRefusal[]> {
  const refused = await refusedSettings(work, request, scope);
  return request.profiles.flatMap(({ name }) => {
    const own = refused.filter(({ asking }) => asking.includes(name));
    return own.length === 0 ? [] : [{ profile: name, words: own.map(({ words }) => words).join("; ") }];
  });
}

async function refusedSettings(work: ClusterWork, request: PreflightRequest, scope: Scope): Promise<Refused[]> {
  const trialOf = await openPreflight(work, scope);
  // What is wrong with an image is wrong with every pod: it comes first, so that it is what is told.
  const images: Proof<Refused | null> = {
    changesNode: false,
    prove: () => orCapability(proveImages(work, request.engine.pod, trialOf(0))).then(() => null),
  };
  const settings = distinctTrials(work, request).map((tried, place): Proof<Refused | null> => {
    const trial = { ...tried, trial: trialOf(place + 1), signal: scope.signal };
    return { changesNode: tried.route === "node", prove: () => refusedOf(work, trial) };
  });
  return (await proveAll([images, ...settings], scope.signal)).filter((one) => one !== null);
}

type Refused = Refusal & Pick<Tried, "places" | "asking">;

async function refusedOf(work: ClusterWork, tried: Tried & RouteTrial): Promise<Refused | null> {
  const refusal = await orCapability(proveRoute(work, tried));
  return refusal === null ? null : { ...refusal, places: tried.places, asking: tried.asking };
}

function refusedWords({ places, route, words, reason, remedy }: Refused): string {
  return `${places.join(", ")} (route ${route}): ${words}\n  ${reason}\n  ${remedy}`;
}

/** Settings that are to be tried once, and every profile that asks for them. */
interface Tried extends Omit<RouteTrial, "trial" | "signal"> {
  places: string[];
  /** Their names. */
  asking: string[];
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
      const known = tried.get(id) ?? { role, route, settings, nodeSelector, node: null, places: [], asking: [] };
      known.places.push(`profile ${profile.name}${isTarget ? "" : ` (${role})`}`);
      known.asking.push(profile.name);
      tried.set(id, known);
    }
  }
  return [...tried.values()];
}

function roleSettings(suite: Suite, profile: Profile, role: string): Sysctls {
  const part = role === "target" ? suite.target : suite.upstreams[role];
  return part?.external ? {} : askedSettings(suite, profile, role);
}

/** What routes can't do with the suite's parts, whatever the cluster. */
function routeProblems(suite: Suite, profiles: Profile[], cluster: { route: DeliveryRoute }): string[] {
  if (cluster.route !== "node") return [];
  const upstreams = Object.keys(suite.upstreams).filter((name) =>
    profiles.some((profile) => Object.keys(roleSettings(suite, profile, name)).length > 0),
  );
  return upstreams.map(
    (name) => `upstreams.${name}: its settings go by the cluster file's route, and node is for the target alone`,
  );
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
      routeOf(profile, suite, cluster) === "privileged-init" &&
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

async function checkLabelled(work: ClusterWork): Promise<void> {
  if (await hasNodeToChange(work)) return;
  throw new CapabilityError(`no node of the cluster ${work.cluster.name} is labelled for changes of its settings`, {
    hint: labelANode,
  });
}
