import type * as z from "zod";
import type { clusterForm } from "./cluster-file/schema.ts";

/** A cluster file (clusters/NAME/cluster.yaml) as the rest of the house sees it: where experiments run, and how. */
export interface Cluster extends z.output<typeof clusterForm> {
  /** As --cluster or the suite names it: the folder's name. */
  name: string;
  /** Absolute path of cluster.yaml; a kubeconfig's path is absolute, too. */
  file: string;
}

export type DeliveryRoute = Cluster["route"];

export type Toleration = Cluster["tolerations"][number];

/** How a profile's settings reach its pods. */
export function routeOf(
  profile: { route: DeliveryRoute | null },
  suite: { route: DeliveryRoute | null },
  cluster: Pick<Cluster, "route">,
): DeliveryRoute {
  return profile.route ?? suite.route ?? cluster.route;
}
