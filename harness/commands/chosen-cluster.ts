import { InputError } from "../core/errors.ts";
import type { Cluster } from "../suite/cluster.ts";
import { atItsPlace } from "../suite/load-suite.ts";
import { FileError } from "../suite/problems.ts";
import type { Suite } from "../suite/suite.ts";

/**
 * Where a suite runs: what --cluster names, else what the suite does; null = namespaces of this machine.
 * Throws InputError where there is no such cluster file, with the suite's line where that names it.
 */
export async function chosenCluster(
  suite: Pick<Suite, "cluster" | "file">,
  asked: string | undefined,
): Promise<Cluster | null> {
  const name = asked ?? suite.cluster ?? "local";
  if (name === "local") return null;
  const { clusterFolders, loadCluster } = await import("../suite/cluster-file/load-cluster.ts");
  try {
    return await loadCluster(name, { from: clusterFolders() });
  } catch (error) {
    // A FileError is the cluster file's, and has its places.
    const isSuites = asked === undefined && error instanceof InputError && !(error instanceof FileError);
    throw isSuites ? atItsPlace(error, suite, ["cluster"]) : error;
  }
}
