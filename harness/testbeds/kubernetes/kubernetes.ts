import { addAbortListener } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import type { KubernetesProvenance } from "../../results/run.ts";
import type { Cluster } from "../../suite/cluster.ts";
import { createTeardown } from "../teardown.ts";
import type { Environment, StageRequest, Teardown } from "../testbed.ts";
import { beginRun, lostRun, type RunInCluster } from "./begin-run.ts";
import { openTrial } from "./cluster-trial.ts";
import { type ClusterWork, openCluster } from "./cluster-work.ts";
import { type ConntrackReading, conntrackWait } from "./conntrack.ts";
import { runName } from "./names.ts";
import { type PartSources, readPartSources } from "./part-sources.ts";
import { checkAsked, comparesRoutes, nodeLabels, tryProfiles } from "./preflight.ts";
import { stageOf } from "./stage.ts";

export interface KubernetesOptions {
  /** Whether the route node may change nodes that are labelled for it. */
  allowNodeChanges: boolean;
  /** Takes what is worth knowing before a run begins. */
  log: (line: string) => void;
}

/** What is known of the cluster and the suite once preflight is over, and of the run once it has begun. */
interface State {
  work: ClusterWork;
  provenance: KubernetesProvenance;
  sources: PartSources;
  routesCompared: boolean;
  /** What the target's node has to carry in all trials, where some change its settings. */
  nodeLabels: Record<string, string>;
  run: RunInCluster | null;
  /** Why the run can't go on; null while it can. */
  lost: string | null;
  /** What the node tracked since the last trial began. */
  conntrack: ConntrackReading[];
}

/**
 * Experiments in a cluster: each trial's target, upstreams and runners in new pods, settings brought there by the profile's route and read
 * back inside, everything reached through the API server alone.
 */
export async function createKubernetesEnvironment(cluster: Cluster, options: KubernetesOptions): Promise<Environment> {
  let state: State | null = null;
  const known = (): State => {
    if (state === null) throw new Error("preflight comes before a run");
    return state;
  };
  return {
    kind: "kubernetes",
    rootless: false,
    route: cluster.route,
    k6Image: cluster.images.k6,
    get kubernetes() {
      return state?.provenance ?? null;
    },
    async preflight(suite, profiles, abort) {
      const sources = await readPartSources(suite);
      const request = { suite, profiles, sources, abort, ...options };
      checkAsked(request, cluster);
      const work = await openCluster(cluster);
      await undoing(
        (teardown) => unlessAborted(tryProfiles(work, request, teardown), abort),
        (left) => options.log(`the preflight could not be cleaned up: ${left}`),
      );
      state = {
        work,
        provenance: { version: work.version, context: work.api.context, namespace: cluster.namespace },
        sources,
        routesCompared: comparesRoutes(suite, profiles, cluster),
        nodeLabels: nodeLabels(suite, profiles, cluster),
        run: null,
        lost: null,
        conntrack: [],
      };
    },
    async begin(runId, teardown) {
      const now = known();
      now.run = await beginRun(now.work, { runName: runName(runId), data: { run: runId } }, teardown);
      void now.run.lost.then((words) => {
        now.lost = words;
      });
    },
    async open(request, teardown) {
      const { run, conntrack, lost, ...rest } = known();
      if (lost !== null) throw lostRun(lost);
      if (run === null) throw new Error("begin comes before a trial");
      await waitForRoom(conntrack, request, teardown);
      const onConntrack = (reading: ConntrackReading) => void conntrack.push(reading);
      return stageOf(openTrial({ ...rest, run, request, teardown, onConntrack }));
    },
  };
}

/** Until the node can track what the trial opens, as far as its observer saw; the readings then begin anew. */
async function waitForRoom(readings: ConntrackReading[], { note }: StageRequest, teardown: Teardown): Promise<void> {
  const pause = conntrackWait(readings, performance.now(), null);
  readings.length = 0;
  if (pause === null) return;
  const over = new AbortController();
  teardown.add("the wait for the node's connection tracking", () => over.abort());
  note(pause.words);
  await wait(pause.waitMs, undefined, { signal: over.signal });
}

/** Rejects with the signal's reason once it is aborted, whatever becomes of the rest. */
async function unlessAborted(done: Promise<void>, abort: AbortSignal): Promise<void> {
  const aborted = Promise.withResolvers<never>();
  using _listener = addAbortListener(abort, () => aborted.reject(abort.reason));
  await Promise.race([done, aborted.promise]);
}

/** Does something whose traces are taken away again, whatever comes of it. `onLeft` takes a sentence for each that could not be. */
async function undoing(act: (teardown: Teardown) => Promise<void>, onLeft: (left: string) => void): Promise<void> {
  const teardown = createTeardown();
  try {
    await act(teardown);
  } finally {
    for (const left of await teardown.run()) onLeft(left);
  }
}
