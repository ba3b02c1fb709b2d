import type { Environment } from "../environments/environment.ts";
import { createNetnsEnvironment } from "../environments/netns/netns.ts";
import { CapabilityError } from "../errors.ts";
import type { Cluster } from "../suite/cluster.ts";

/** What a user allows a cluster's environment, and who hears what it does. */
export interface ClusterOptions {
  allowNodeChanges: boolean;
  log: (line: string) => void;
}

/** What runs experiments in a cluster; null = in namespaces of this machine. Throws CapabilityError where that can't be. */
export async function environmentOf(cluster: Cluster | null, _options: ClusterOptions): Promise<Environment> {
  if (cluster === null) return createNetnsEnvironment();
  throw new CapabilityError(`experiments can't run in the cluster ${cluster.name} yet`);
}
