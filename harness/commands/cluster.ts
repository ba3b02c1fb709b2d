import type { Environment } from "../environments/environment.ts";
import type { KubernetesOptions } from "../environments/kubernetes/kubernetes.ts";
import { createNetnsEnvironment } from "../environments/netns/netns.ts";
import type { Cluster } from "../suite/cluster.ts";

/** What runs experiments in a cluster; null = in namespaces of this machine. Throws CapabilityError where that can't be. */
export async function environmentOf(cluster: Cluster | null, options: KubernetesOptions): Promise<Environment> {
  if (cluster === null) return createNetnsEnvironment();
  // The client is large, and most runs are at home.
  const { createKubernetesEnvironment } = await import("../environments/kubernetes/kubernetes.ts");
  return createKubernetesEnvironment(cluster, options);
}
