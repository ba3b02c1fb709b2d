import { randomBytes } from "node:crypto";
import { IncompleteError } from "../../../errors.ts";
import type { Cluster } from "../../../suite/cluster.ts";
import { untilEnded } from "../api/await-pod.ts";
import type { ClusterApi } from "../api/cluster-api.ts";
import { createPod } from "../api/create-pod.ts";
import { readLog } from "../api/log.ts";
import { ownLabels } from "../names.ts";
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
 * Makes a pod, reads what it reads, and deletes it. A namespace that is not there is made for it where the cluster file has
 * `create: true`. Rejects with PodFailure where it does not come to run, ApiRefusal where it may not be made.
 */
export async function probeNode(api: ClusterApi, cluster: Cluster, keys: string[]): Promise<Probe> {
  const isThere = !cluster.create || (await api.get("Namespace", cluster.namespace)) !== null;
  if (isThere) return await probeWithin(api, cluster, keys);
  await api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: cluster.namespace, labels: ownLabels } });
  try {
    return await probeWithin(api, cluster, keys);
  } finally {
    await api.remove("Namespace", cluster.namespace);
  }
}

async function probeWithin(api: ClusterApi, cluster: Cluster, keys: string[]): Promise<Probe> {
  const name = `tb-doctor-${randomBytes(4).toString("hex")}`;
  await createPod(api, probePod(cluster, name, keys));
  try {
    const { node } = await untilEnded(api, name, "probe", { timeouts: cluster.timeouts, ownMs: patienceMs });
    const readings = probeReadings(await readLog(api, { pod: name, container: "probe", tailLines: 1 }));
    if (readings === null) throw new IncompleteError(`pod ${name} did not write what it should have read`);
    return { node: node ?? "?", readings };
  } finally {
    await api.remove("Pod", name);
  }
}
