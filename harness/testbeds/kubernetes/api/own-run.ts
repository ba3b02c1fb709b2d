import { hostname } from "node:os";
import { IncompleteError } from "../../../core/errors.ts";
import type { Scope } from "../../../core/scope.ts";
import type { Cluster } from "../../../suite/cluster.ts";
import { leaseObject, ownerObject } from "../objects/owner.ts";
import type { RunObjects } from "../objects/run-objects.ts";
import type { ClusterApi } from "./cluster-api.ts";
import { serverTime, startHeartbeat } from "./lease.ts";
import { removeRun } from "./leftovers.ts";
import { ensureNamespace } from "./run-namespace.ts";

export interface RunRequest {
  api: ClusterApi;
  cluster: Cluster;
  /** By names.ts' runName(). */
  runName: string;
  /** For people who find the owner, such as the suite's name. */
  data: Record<string, string>;
  scope: Scope;
}

/** A run that has its owner and its Lease in the cluster. */
export interface OpenRun {
  /** What the builders of its objects need. */
  objects: RunObjects;
  /**
   * Resolves with a sentence when the Lease could not be renewed for 25 s, or is gone: the relay is about to end the
   * run, or has. Never rejects.
   */
  lost: Promise<string>;
  /** Writes annotations onto the Lease, which the relay watches. */
  say(annotations: Record<string, string>): Promise<void>;
}

/** The relay takes the harness for dead after this. */
const leaseSeconds = 30;
/**
 * A pod's grace period and the cluster's own garbage collection; and the undo step, with calls that are tried
 * again.
 */
const goneMs = 60_000;
const stepMs = 120_000;

/**
 * Makes what all else of a run hangs on: its namespace where the cluster file says so, the owner, and the Lease with
 * its heartbeat. What an earlier harness of the same run left (a run that is resumed) is removed first.
 */
export async function openRun({ api, cluster, runName, data, scope }: RunRequest): Promise<OpenRun> {
  await ensureNamespace(api, cluster, runName, scope);
  await removeAll(api, runName);
  const make = async () => {
    const owner = await api.create(ownerObject({ runName, namespace: api.namespace }, data));
    const made = { runName, namespace: api.namespace, ownerUid: owner.metadata?.uid ?? "", cluster };
    const lease = { holder: `${hostname()}/${process.pid}`, renewTime: serverTime(api), durationSeconds: leaseSeconds };
    await api.create(leaseObject(made, lease));
    return made;
  };
  const title = `objects of ${runName} in namespace ${api.namespace}`;
  const objects = await scope.acquire(title, make, () => removeAll(api, runName), stepMs);
  return {
    objects,
    lost: startHeartbeat(api, runName, scope.signal),
    say: async (annotations) => void (await api.patch("Lease", runName, { metadata: { annotations } })),
  };
}

async function removeAll(api: ClusterApi, runName: string): Promise<void> {
  const left = await removeRun(api, runName, goneMs);
  if (left.length === 0) return;
  throw new IncompleteError(`still there after ${goneMs / 1000} s: ${left.slice(0, 5).join(", ")}`, {
    hint: `kubectl --namespace ${api.namespace} get pods shows what holds them`,
  });
}
