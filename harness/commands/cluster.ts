import type { Cluster } from "../suite/cluster.ts";
import type { KubernetesOptions } from "../testbeds/kubernetes/kubernetes.ts";
import { createNetnsEnvironment } from "../testbeds/netns/netns.ts";
import type { Environment } from "../testbeds/testbed.ts";

/** What runs experiments in a cluster; null = in namespaces of this machine. Throws CapabilityError where that can't be. */
export async function environmentOf(cluster: Cluster | null, options: KubernetesOptions): Promise<Environment> {
  if (cluster === null) return createNetnsEnvironment();
  // The client is large, and most runs are at home.
  const { createKubernetesEnvironment } = await import("../testbeds/kubernetes/kubernetes.ts");
  return createKubernetesEnvironment(cluster, options);
}
