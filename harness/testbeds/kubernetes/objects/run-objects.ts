import type { V1ObjectMeta, V1OwnerReference } from "@kubernetes/client-node";
import type { Cluster } from "../../../suite/cluster.ts";
import { type Component, labelsOf } from "../names.ts";

/** What all objects of a run have in common. */
export interface RunObjects {
  runName: string;
  namespace: string;
  /** uid of the owner (ownerObject) as the API server gave it. */
  ownerUid: string;
  cluster: Pick<
    Cluster,
    "images" | "imagePullPolicy" | "nodeSelector" | "tolerations" | "shareProcessNamespace" | "runnerCpu"
  >;
}

/** What all objects of a trial have in common. */
export interface TrialObjects extends RunObjects {
  sequence: number;
  /** After so long the trial's pods end by themselves, whatever became of the harness. */
  deadlineSeconds: number;
}

/** Metadata of an object of the run: named, labelled, deleted with the owner. */
export function metadataOf(
  run: RunObjects,
  what: { name: string; component: Component; trial?: number; role?: string },
): V1ObjectMeta {
  const { name, ...labels } = what;
  return {
    name,
    namespace: run.namespace,
    labels: labelsOf({ runName: run.runName, ...labels }),
    ownerReferences: [ownerReference(run)],
  };
}

/** Points at the run's owner: when that is deleted, the object goes, too. */
function ownerReference(run: Pick<RunObjects, "runName" | "ownerUid">): V1OwnerReference {
  return { apiVersion: "v1", kind: "ConfigMap", name: run.runName, uid: run.ownerUid };
}
