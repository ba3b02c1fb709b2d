import type { V1ConfigMap, V1Lease, V1MicroTime } from "@kubernetes/client-node";
import { labelsOf } from "../names.ts";
import { metadataOf, type RunObjects } from "./run-objects.ts";

/** The ConfigMap that owns all of a run: deleting it deletes the rest. `data` is for people who find it, such as the suite's name. */
export function ownerObject(run: Pick<RunObjects, "runName" | "namespace">, data: Record<string, string>): V1ConfigMap {
  const labels = labelsOf({ runName: run.runName, component: "relay" });
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: run.runName, namespace: run.namespace, labels },
    data,
  };
}

/** The harness's sign of life; the relay ends the run when `renewTime` is older than `durationSeconds`. */
export function leaseObject(
  run: RunObjects,
  lease: { holder: string; renewTime: V1MicroTime; durationSeconds: number },
): V1Lease {
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: metadataOf(run, { name: run.runName, component: "relay" }),
    spec: {
      holderIdentity: lease.holder,
      leaseDurationSeconds: lease.durationSeconds,
      acquireTime: lease.renewTime,
      renewTime: lease.renewTime,
    },
  };
}
