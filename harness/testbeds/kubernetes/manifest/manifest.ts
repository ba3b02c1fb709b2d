import type { V1ConfigMap, V1PodSpec, V1Service } from "@kubernetes/client-node";

import type { workloadKinds } from "../../../suite/schema-kubernetes.ts";

export type WorkloadKind = (typeof workloadKinds)[number];

/** A user's manifest as far as a run uses it: one pod, and what it needs. */
export interface Manifest {
  /** As the suite names it. */
  file: string;
  kind: WorkloadKind;
  name: string;
  /** As written; null where it is left to whoever applies it. */
  namespace: string | null;
  /** What the manifest asks for; 1 where it does not say, and for a Pod. */
  replicas: number;
  /** Of the pod, as written. */
  labels: Record<string, string>;
  annotations: Record<string, string>;
  spec: V1PodSpec;
  /** Names of a StatefulSet's volumeClaimTemplates: an empty folder stands in for each. */
  claims: string[];
  configMaps: V1ConfigMap[];
  /** Those that select the pod. */
  services: V1Service[];
  /** Whether a PodDisruptionBudget is in the file. */
  hasDisruptionBudget: boolean;
  /** What the file holds and is not made for this part, with the line. */
  leftOut: ManifestWarning[];
  /** Lines of the objects that are made for it: another part of the same file leaves them out. */
  madeAt: number[];
  /** Line of a path of the pod's object: ["spec", "containers", 0, "image"]; of the nearest key above where it is not written. */
  lineOf(path: readonly PropertyKey[]): number;
}

/** What a measurement suffers from, or what a run does differently. */
export interface ManifestWarning {
  line: number;
  text: string;
}

/** A warning before its line is looked up: `path` within the pod's object. */
export interface ManifestFault {
  path: readonly PropertyKey[];
  text: string;
}

/** Fields of a pod's spec that a trial's pod does not have, and why. */
export const leftOutFields: Record<string, string> = {
  nodeName: "where a trial's pods run follows from the trial",
  hostPID: "the sampler tells the target's CPU by the pod's own processes, and would take all of the node's for them",
  hostname: "it would be the same in every trial",
  subdomain: "it would be the same in every trial",
  topologySpreadConstraints: "they count pods by labels that a trial's pods do not have",
  priorityClassName: "a trial must not evict other pods",
  priority: "a trial must not evict other pods",
  preemptionPolicy: "a trial must not evict other pods",
  readinessGates: "nobody would ever open them for a trial's pod",
  schedulingGates: "nobody would ever open them for a trial's pod",
};
