import type { Cluster } from "../../suite/cluster.ts";
import type { ClusterApi } from "./api/cluster-api.ts";
import { connect } from "./api/connect.ts";
import type { Kinds } from "./api/kinds.ts";
import { staleMs } from "./api/lease.ts";
import { removeRun, runObjects, runsIn } from "./api/leftovers.ts";
import { removeOwnNamespace } from "./api/run-namespace.ts";
import { labelKeys } from "./names.ts";

/** What was found of earlier runs in a cluster's namespace. */
export interface Cleaned {
  /** Objects that are gone now: "Pod tb-…-003-target". */
  removed: string[];
  /** Names of runs whose harness is alive: left as they are. */
  underWay: string[];
  /** What should have gone and is still there. */
  left: string[];
}

/** Twice what the relay grants a harness; the Lease is renewed every 5 s. */
const aliveMs = 60_000;
const goneMs = 60_000;

/**
 * Removes what runs whose harness is gone left in the cluster file's namespace, and the namespace too where one of them
 * made it and nothing else is in it. A run with a Lease that was renewed within the last minute is left alone. Throws
 * what `connect` and the calls of the API throw.
 */
export async function cleanCluster(cluster: Cluster): Promise<Cleaned> {
  const api = await connect(cluster);
  const runs = await runsIn(api);
  const alive = await Promise.all(runs.map((run) => isUnderWay(api, run)));
  const underWay = runs.filter((_, index) => alive[index]);
  const done: Cleaned = { removed: [], underWay, left: [] };
  for (const run of runs.filter((name) => !underWay.includes(name))) {
    const there = await runObjects(api, run);
    const left = await removeRun(api, run, goneMs);
    done.removed.push(...there.filter((name) => !left.includes(name)));
    done.left.push(...left);
  }
  if (underWay.length === 0 && done.left.length === 0 && (await removeOwnNamespace(api)) === "removed") {
    done.removed.push(`Namespace ${api.namespace}`);
  }
  return done;
}

/**
 * By the API server's clock, which the heartbeat goes by as well. Between the owner and its Lease there is a moment.
 */
async function isUnderWay(api: ClusterApi, run: string): Promise<boolean> {
  const lease = await api.get("Lease", run);
  if (lease !== null) return staleMs(api, lease) < aliveMs;
  const owner = await api.get("ConfigMap", run);
  if (owner !== null) return ageMs(api, owner) < aliveMs;
  // What observes from a node is a pod alone, which ends by itself.
  const pods = await api.list("Pod", { labels: `${labelKeys.run}=${run}` });
  return pods.some(({ status }) => status?.phase === "Running" || status?.phase === "Pending");
}

function ageMs(api: ClusterApi, object: Kinds["ConfigMap"]): number {
  return Date.now() + api.clockAheadMs() - Date.parse(object.metadata?.creationTimestamp ?? "");
}
