import { randomBytes } from "node:crypto";
import { IncompleteError } from "../../../core/errors.ts";
import { inScope, openScope, type Scope } from "../../../core/scope.ts";
import type { Cluster } from "../../../suite/cluster.ts";
import { untilEnded } from "../api/await-pod.ts";
import type { ClusterApi } from "../api/cluster-api.ts";
import { createPod } from "../api/create-pod.ts";
import { readLog } from "../api/log.ts";
import { openRun } from "../api/own-run.ts";
import { probePod, probeReadings } from "./probe-pod.ts";
import type { ProbeReading } from "./probe-rows.ts";

/** What one pod reads on a node that a run may use, and which node that was. */
export interface Probe {
  node: string;
  readings: Record<string, ProbeReading>;
}

/** How long the pod itself may take. */
const patienceMs = 30_000;

/**
 * Makes a pod, reads what it reads, and removes it. A namespace that is not there is made for it where the cluster file has
 * `create: true`, and removed. Rejects with PodFailure where the pod does not come to run, ApiRefusal where it may not be made,
 * IncompleteError with what could not be removed.
 */
export async function probeNode(api: ClusterApi, cluster: Cluster, keys: string[]): Promise<Probe> {
  const left: string[] = [];
  const found = await inScope(
    openScope(),
    (scope) => probe(api, cluster, keys, scope),
    (sentence) => left.push(sentence),
  );
  if (left.length > 0) throw new IncompleteError(`the probe could not be cleaned up: ${left.join("; ")}`);
  return found;
}

async function probe(api: ClusterApi, cluster: Cluster, keys: string[], scope: Scope): Promise<Probe> {
  const runName = `tb-doctor-${randomBytes(4).toString("hex")}`;
  const { objects } = await openRun({ api, cluster, runName, data: { for: "doctor" }, scope });
  const pod = probePod(objects, keys);
  const name = pod.metadata?.name ?? "";
  await createPod(api, pod);
  const { node } = await untilEnded(api, name, "probe", { timeouts: cluster.timeouts, ownMs: patienceMs });
  const readings = probeReadings(await readLog(api, { pod: name, container: "probe", tailLines: 1 }));
  if (readings === null) throw new IncompleteError(`pod ${name} did not write what it should have read`);
  return { node: node ?? "?", readings };
}
