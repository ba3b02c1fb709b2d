import type { Environment } from "../environments/environment.ts";
import { createKubernetesEnvironment, type KubernetesOptions } from "../environments/kubernetes/kubernetes.ts";
import { createNetnsEnvironment } from "../environments/netns/netns.ts";
import type { Cluster } from "../suite/cluster.ts";

/** What runs experiments in a cluster; null = in namespaces of this machine. Throws CapabilityError where that can't be. */
export async function environmentOf(cluster: Cluster | null, options: KubernetesOptions): Promise<Environment> {
  return cluster === null ? createNetnsEnvironment() : createKubernetesEnvironment(cluster, options);
}
