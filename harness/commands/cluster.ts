import type { Environment } from "../environments/environment.ts";
import { createNetnsEnvironment } from "../environments/netns/netns.ts";
import { InputError } from "../errors.ts";
import { didYouMean } from "../suite/nearest.ts";

/** Where experiments can run. `local`: network namespaces of this machine. */
const clusterNames = ["local"] as const;

/** The environment behind --cluster. Throws InputError for a name that is not known. */
export async function environmentOf(cluster: string): Promise<Environment> {
  checkCluster(cluster);
  return createNetnsEnvironment();
}

/** Throws InputError where no cluster has that name. */
export function checkCluster(cluster: string): void {
  if ((clusterNames as readonly string[]).includes(cluster)) return;
  throw new InputError(`no cluster ${cluster}${didYouMean(cluster, clusterNames)}`, {
    hint: `known: ${clusterNames.join(", ")}`,
  });
}
