import { setTimeout as wait } from "node:timers/promises";
import { IncompleteError } from "../../errors.ts";
import type { KubernetesProvenance } from "../../results/run.ts";
import type { Cluster } from "../../suite/cluster.ts";
import type { Environment, StageRequest, Teardown } from "../environment.ts";
import { createTeardown } from "../teardown.ts";
import { beginRun, type RunInCluster } from "./begin-run.ts";
import { openTrial } from "./cluster-trial.ts";
import { type ClusterWork, openCluster } from "./cluster-work.ts";
import { type ConntrackReading, conntrackWait } from "./conntrack.ts";
import { runName } from "./names.ts";
import { type PartSources, readPartSources } from "./part-sources.ts";
import { checkAsked, comparesRoutes, tryProfiles } from "./preflight.ts";
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
  run: RunInCluster | null;
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
    async preflight(suite, profiles) {
      const sources = await readPartSources(suite);
      const request = { suite, profiles, sources, ...options };
      checkAsked(request, cluster);
      const work = await openCluster(cluster);
      await undoing(async (teardown) => tryProfiles(work, request, teardown));
      state = {
        work,
        provenance: { version: work.version, context: work.api.context, namespace: cluster.namespace },
        sources,
        routesCompared: comparesRoutes(suite, profiles, cluster),
        run: null,
        conntrack: [],
      };
    },
    async begin(runId, teardown) {
      const { work } = known();
      known().run = await beginRun(work, { runName: runName(runId), data: { run: runId } }, teardown);
    },
    async open(request, teardown) {
      const { run, conntrack, ...rest } = known();
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

/** Does something whose traces are taken away again, whatever comes of it. Throws IncompleteError with what could not be. */
async function undoing(act: (teardown: Teardown) => Promise<void>): Promise<void> {
  const teardown = createTeardown();
  try {
    await act(teardown);
  } catch (error) {
    await teardown.run();
    throw error;
  }
  const left = await teardown.run();
  if (left.length > 0) throw new IncompleteError(`the preflight could not be cleaned up: ${left.join("; ")}`);
}
