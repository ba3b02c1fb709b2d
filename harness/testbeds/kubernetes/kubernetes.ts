import { setTimeout as wait } from "node:timers/promises";
import { inScope, openScope } from "../../core/scope.ts";
import type { Engine } from "../../engines/engine.ts";
import type { KubernetesProvenance } from "../../results/run.ts";
import type { Cluster } from "../../suite/cluster.ts";
import type { Testbed, TrialSpec } from "../testbed.ts";
import { beginRun } from "./begin-run.ts";
import { openTrial } from "./cluster-trial.ts";
import { type ClusterWork, openCluster } from "./cluster-work.ts";
import { type ConntrackReading, conntrackWait } from "./conntrack-wait.ts";
import { checkInstalled, type InstalledTarget, openInstalled } from "./installed/open-installed.ts";
import { runName } from "./names.ts";
import { type NodeDefaults, nodeDefaultsWarnings, readNodeDefaults } from "./node-defaults.ts";
import { type PartSources, readPartSources } from "./part-sources.ts";
import { checkAsked, nodeLabels, refusedProfiles, tryProfiles } from "./preflight.ts";
import { bedOf } from "./trial-bed.ts";

export interface KubernetesOptions {
  engine: Engine;
  /** Whether the route node may change nodes that are labelled for it. */
  allowNodeChanges: boolean;
  /** Takes what is worth knowing before a run begins. */
  log: (line: string) => void;
}

/** What is known of the cluster and the suite once preflight is over. */
interface Checked {
  work: ClusterWork;
  provenance: KubernetesProvenance;
  sources: PartSources;
  /** What the target's node has to carry in all trials, where some change its settings. */
  nodeLabels: Record<string, string>;
  nodeDefaults: NodeDefaults;
  installed: Omit<InstalledTarget, "guests"> | null;
}

/**
 * Experiments in a cluster: each trial's target, upstreams and runners in new pods, settings brought there by the profile's route and read
 * back inside, everything reached through the API server alone.
 */
export function createKubernetesTestbed(cluster: Cluster, options: KubernetesOptions): Testbed {
  const { engine } = options;
  let checked: Checked | null = null;
  return {
    describe: () => {
      const image = `image ${cluster.images[engine.pod.image]}`;
      const { provenance: kubernetes = null } = checked ?? {};
      return { kind: "kubernetes", rootless: false, kubernetes, containers: null, route: cluster.route, engine: image };
    },
    async preflight(suite, profiles, abort) {
      const sources = await readPartSources(suite);
      const request = { suite, profiles, sources, ...options };
      checkAsked(request, cluster);
      const work = await openCluster(cluster);
      const installed = await checkInstalled(cluster, suite.target);
      const nodeDefaults = await readNodeDefaults(work.api, cluster);
      for (const warning of nodeDefaultsWarnings(nodeDefaults)) options.log(warning);
      await inScope(
        openScope(abort),
        (scope) => tryProfiles(work, request, scope),
        (left) => options.log(`the preflight could not be cleaned up: ${left}`),
      );
      checked = {
        work,
        provenance: { version: work.version, context: work.api.context, namespace: cluster.namespace },
        sources,
        nodeLabels: nodeLabels(suite, profiles, cluster),
        nodeDefaults,
        installed,
      };
    },
    async refused(suite, profiles, abort) {
      if (checked === null) throw new Error("preflight comes before a choice among profiles");
      const { work, sources } = checked;
      return await inScope(
        openScope(abort),
        (scope) => refusedProfiles(work, { suite, profiles, sources, ...options }, scope),
        (left) => options.log(`what was tried could not be cleaned up: ${left}`),
      );
    },
    async begin(runId, scope) {
      if (checked === null) throw new Error("preflight comes before a run");
      const { provenance: _, installed: wanted, ...known } = checked;
      const run = await beginRun(known.work, { runName: runName(runId), data: { run: runId } }, scope);
      const installed = openInstalled(wanted, scope);
      /** What the node tracked since the last trial began. */
      const conntrack: ConntrackReading[] = [];
      const onConntrack = (reading: ConntrackReading) => void conntrack.push(reading);
      return {
        async open(spec, scope) {
          run.lost.throwIfAborted();
          await waitForRoom(conntrack, spec, scope.signal);
          return bedOf(openTrial({ ...known, installed, engine, run, spec, scope, onConntrack }));
        },
      };
    },
  };
}

/** Until the node can track what the trial opens, as far as its observer saw; the readings then begin anew. */
async function waitForRoom(readings: ConntrackReading[], { note }: TrialSpec, signal: AbortSignal): Promise<void> {
  const pause = conntrackWait(readings, performance.now(), null);
  readings.length = 0;
  if (pause === null) return;
  note(pause.words);
  await wait(pause.waitMs, undefined, { signal });
}
