import type { Cluster } from "../suite/cluster.ts";
import type { Suite } from "../suite/suite.ts";

/** Where a suite runs: what --cluster names, else what the suite does; null = namespaces of this machine. */
export async function chosenCluster(suite: Pick<Suite, "cluster">, asked: string | undefined): Promise<Cluster | null> {
  const name = asked ?? suite.cluster ?? "local";
  if (name === "local") return null;
  const { clusterFolders, loadCluster } = await import("../suite/cluster-file/load.ts");
  return loadCluster(name, { from: clusterFolders() });
}
