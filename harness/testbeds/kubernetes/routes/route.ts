import type { KubernetesObject, V1Pod } from "@kubernetes/client-node";
import type { Sysctls } from "../../../suite/suite.ts";
import type { TrialObjects } from "../objects/run-objects.ts";

/** What a route knows of its surroundings. */
export interface RouteContext {
  trial: TrialObjects;
  /** The node that the pod runs on; null = any. */
  node: string | null;
  /** Whether the cluster has network attachments (NetworkAttachmentDefinition, k8s.cni.cncf.io/v1). */
  hasNetworkAttachments: boolean;
}

export interface Routed {
  /** With the settings on it, as far as the route puts them there. */
  pod: V1Pod;
  /** Come before the pod. The pod of the route node must have said {"applied": true} before. */
  others: KubernetesObject[];
}

/** One way of bringing settings into a pod. */
export interface Route {
  /** Lowest Pod Security level whose namespace takes such a pod, and what comes before it, where the keys are ones that the level knows to be safe. */
  podSecurity: "restricted" | "baseline" | "privileged";
  /** As a sentence: what it does and what it wants. */
  needs: string;
  /** @throws InputError where the route and the pod together would change a node that nobody allowed to be changed */
  apply(pod: V1Pod, settings: Sysctls, context: RouteContext): Routed;
}
