import type { Environment } from "../environments/environment.ts";
import { createKubernetesEnvironment } from "../environments/kubernetes/kubernetes.ts";
import { createNetnsEnvironment } from "../environments/netns/netns.ts";
import type { Cluster } from "../suite/cluster.ts";

/** What a user allows a cluster's environment, and who hears what it does. */
export interface ClusterOptions {
  allowNodeChanges: boolean;
  log: (line: string) => void;
}

/** What runs experiments in a cluster; null = in namespaces of this machine. Throws CapabilityError where that can't be. */
export async function environmentOf(cluster: Cluster | null, options: ClusterOptions): Promise<Environment> {
  return cluster === null ? await createNetnsEnvironment() : await createKubernetesEnvironment(cluster, options);
}
