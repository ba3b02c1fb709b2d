import type { V1HostAlias } from "@kubernetes/client-node";
import { isTargetRole } from "../../core/roles.ts";
import type { Scope } from "../../core/scope.ts";
import type { Engine } from "../../engines/engine.ts";
import { type DeliveryRoute, routeOf } from "../../suite/cluster.ts";
import { rolesOf } from "../../suite/suite.ts";
import type { TrialSpec } from "../testbed.ts";
import { type RecordedNode, readNode } from "./api/nodes.ts";
import type { LostRun, RunInCluster } from "./begin-run.ts";
import type { ClusterWork } from "./cluster-work.ts";
import type { ConntrackReading } from "./conntrack-wait.ts";
import type { InstalledTarget } from "./installed/open-installed.ts";
import { ownKeys } from "./manifest/own-keys.ts";
import { sequenceText } from "./names.ts";
import type { NodeDefaults } from "./node-defaults.ts";
import type { TrialObjects } from "./objects/run-objects.ts";
import type { PartSources } from "./part-sources.ts";
import { removeTrial } from "./remove-trial.ts";
import { observePods, type PodObserver } from "./runners/follow-samplers.ts";
import { type StartOrder, startOrder } from "./start-order.ts";

/** What a trial in the cluster is opened with. */
export interface TrialRequest {
  work: ClusterWork;
  engine: Engine;
  run: RunInCluster;
  spec: TrialSpec;
  scope: Scope;
  sources: PartSources;
  /** What the target's node has to carry beside what the profile asks for. */
  nodeLabels: Record<string, string>;
  /** What each kubelet that was asked gives every pod of its node (defaultPodSysctls), by the node's name. */
  nodeDefaults: NodeDefaults;
  /** The target that is installed already; null where it is started. */
  installed: InstalledTarget | null;
  /** Takes what the node tracks, as it is seen. */
  onConntrack: (reading: ConntrackReading) => void;
}

/** One trial in the cluster, as far as it has come. */
export interface ClusterTrial extends TrialRequest {
  objects: TrialObjects;
  route: DeliveryRoute;
  observer: PodObserver;
  /** Role -> address. */
  addresses: Record<string, string>;
  /** How many addresses of the target the load goes to. */
  loadTargets: number;
  /** Role -> settings that its pod has by itself, under every profile. */
  ownKeys: Record<string, readonly string[]>;
  /** Started upstream -> the names of Services under which it is dialled. */
  hosts: Record<string, V1HostAlias[]>;
  order: StartOrder;
  /** Settled once an upstream is ready, or can't be: those that dial it are made then. */
  located: (role: string) => PromiseWithResolvers<void>;
  /** Where the target is, or has to be. */
  node: string | null;
  facts: RecordedNode | null;
  /** The pod that observes it; null until there is one. */
  nodeObserver: string | null;
  runnerNodes: string[];
  /** Settled once the target has its node, or will have none: its copies go there, too. */
  placed: PromiseWithResolvers<void>;
  /** Settled where the run is lost, or the cluster, or somebody, takes a part's pod away: the trial then measures nothing. */
  failed: PromiseWithResolvers<string>;
}

/** Beside the load, and the times that the cluster file grants: what starts, and ends. */
const aroundLoadSeconds = 600;

/** Longer than the whole trial may take: upstreams, target and runners come one after the other, each with the cluster file's times. */
function deadlineSeconds({ timeouts }: ClusterWork["cluster"], { suite }: TrialSpec): number {
  const startsMs = 3 * (timeouts.scheduleMs + timeouts.startMs);
  return Math.ceil((suite.stop.afterMs + startsMs) / 1000) + aroundLoadSeconds;
}

/** Opens a trial: nothing of it is in the cluster yet, and all that will be goes with its scope. */
export function openTrial(made: TrialRequest): ClusterTrial {
  const { work, run, spec, scope } = made;
  const { sequence } = spec.trial;
  const observer = observePods(work.openLog);
  const undo = async () => {
    observer.close();
    await removeTrial(work.api, run.objects.runName, sequence);
  };
  scope.defer(`pods of trial ${sequenceText(sequence)}`, undo, 90_000);
  const failed: ClusterTrial["failed"] = Promise.withResolvers();
  const lose = () => failed.resolve((run.lost.reason as LostRun).words);
  run.lost.addEventListener("abort", lose, { signal: scope.signal });
  const external = Object.entries(spec.suite.upstreams).flatMap(([name, { external }]) =>
    external === null ? [] : [[name, external.host]],
  );
  return {
    ...made,
    objects: { ...run.objects, sequence, deadlineSeconds: deadlineSeconds(work.cluster, spec) },
    route: routeOf(spec.profile, spec.suite, work.cluster),
    observer,
    addresses: Object.fromEntries(external),
    loadTargets: spec.suite.target.replicas,
    ownKeys: ownKeysOf(made),
    hosts: {},
    order: startOrder(made.sources),
    located: eachOnce(() => withoutUnheard(Promise.withResolvers<void>())),
    node: spec.node,
    facts: null,
    nodeObserver: null,
    runnerNodes: [],
    placed: withoutUnheard(Promise.withResolvers<void>()),
    failed,
  };
}

/** The same for the same role. */
function eachOnce<T>(make: () => T): (role: string) => T {
  const made = new Map<string, T>();
  return (role) => {
    const one = made.get(role) ?? make();
    made.set(role, one);
    return one;
  };
}

/** Without copies nobody waits for it. */
function withoutUnheard(placed: PromiseWithResolvers<void>): PromiseWithResolvers<void> {
  placed.promise.catch(() => {});
  return placed;
}

/** What is known of a node once the target has its place. */
export async function placeTarget(trial: ClusterTrial, node: string): Promise<void> {
  trial.node = node;
  trial.facts ??= await readNode(trial.work.api, node);
}

/** Of parts that are started: what their manifests set, and what the kubelets give every pod. */
function ownKeysOf({ spec: { suite }, sources, nodeDefaults }: TrialRequest): ClusterTrial["ownKeys"] {
  const ofNodes = Object.values(nodeDefaults).flatMap((sysctls) => Object.keys(sysctls));
  return Object.fromEntries(
    rolesOf(suite).map((role) => {
      const spec = sources[isTargetRole(role) ? "target" : role]?.manifest?.spec;
      return [role, [...new Set([...(spec === undefined ? [] : ownKeys(spec)), ...ofNodes])]];
    }),
  );
}
