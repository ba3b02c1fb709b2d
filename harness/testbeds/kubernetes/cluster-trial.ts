import { type DeliveryRoute, routeOf } from "../../suite/cluster.ts";
import type { StageRequest, Teardown } from "../testbed.ts";
import { type NodeFacts, readNode } from "./api/nodes.ts";
import type { RunInCluster } from "./begin-run.ts";
import type { ClusterWork } from "./cluster-work.ts";
import type { ConntrackReading } from "./conntrack.ts";
import { sequenceText } from "./names.ts";
import type { TrialObjects } from "./objects/run-objects.ts";
import type { PartSources } from "./part-sources.ts";
import { removeTrial } from "./remove-trial.ts";
import { observePods, type PodObserver } from "./runners/observe-pods.ts";

/** One trial in the cluster, as far as it has come. */
export interface ClusterTrial {
  work: ClusterWork;
  run: RunInCluster;
  request: StageRequest;
  teardown: Teardown;
  objects: TrialObjects;
  route: DeliveryRoute;
  /** Whether a refusal of the profile's route is an answer. */
  routesCompared: boolean;
  sources: PartSources;
  observer: PodObserver;
  /** Role -> address. */
  addresses: Record<string, string>;
  /** Where the target is, or has to be. */
  node: string | null;
  facts: NodeFacts | null;
  runnerNodes: string[];
  /** What the target's node has to carry beside what the profile asks for. */
  nodeLabels: Record<string, string>;
  /** Aborted once the trial is being taken away: nothing more may come to be. */
  over: AbortSignal;
  /** Settled once the target has its node, or will have none: its copies go there, too. */
  placed: PromiseWithResolvers<void>;
  /** Settled where the cluster, or somebody, takes a part's pod away: the trial then measures nothing. */
  takenAway: PromiseWithResolvers<string>;
  /** Takes what the node tracks, as it is seen. */
  onConntrack: (reading: ConntrackReading) => void;
}

export interface TrialRequest {
  work: ClusterWork;
  run: RunInCluster;
  request: StageRequest;
  teardown: Teardown;
  routesCompared: boolean;
  sources: PartSources;
  nodeLabels: Record<string, string>;
  onConntrack: (reading: ConntrackReading) => void;
}

/** Beside the load, and the times that the cluster file grants: what starts, and ends. */
const aroundLoadSeconds = 600;

/** Longer than the whole trial may take: upstreams, target and runners come one after the other, each with the cluster file's times. */
function deadlineSeconds({ timeouts }: ClusterWork["cluster"], { suite }: StageRequest): number {
  const startsMs = 3 * (timeouts.scheduleMs + timeouts.startMs);
  return Math.ceil((suite.stop.afterMs + startsMs) / 1000) + aroundLoadSeconds;
}

/** Opens a trial: nothing of it is in the cluster yet, and all that will be goes with the teardown. */
export function openTrial(made: TrialRequest): ClusterTrial {
  const { work, run, request, teardown } = made;
  const { sequence } = request.trial;
  const observer = observePods(work.openLog);
  const over = new AbortController();
  const undo = async () => {
    over.abort();
    observer.close();
    await removeTrial(work.api, run.objects.runName, sequence);
  };
  teardown.add(`pods of trial ${sequenceText(sequence)}`, undo, 90_000);
  const external = Object.entries(request.suite.upstreams).flatMap(([name, { external }]) =>
    external === null ? [] : [[name, external.host]],
  );
  return {
    ...made,
    objects: { ...run.objects, sequence, deadlineSeconds: deadlineSeconds(work.cluster, request) },
    route: routeOf(request.profile, request.suite, work.cluster),
    observer,
    addresses: Object.fromEntries(external),
    node: request.node,
    facts: null,
    runnerNodes: [],
    over: over.signal,
    placed: withoutUnheard(Promise.withResolvers<void>()),
    takenAway: Promise.withResolvers(),
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
