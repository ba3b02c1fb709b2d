import { homedir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import type { Cluster } from "../cluster.ts";
import { readDocument } from "../document.ts";
import { problemsFrom } from "../issues.ts";
import { ClusterError } from "../problems.ts";
import { clusterForm } from "./schema.ts";

/**
 * A cluster from its YAML. Touches no file.
 * @param file path of the text, for messages, the cluster's name and paths that are relative to it
 * @throws ClusterError with every fault of the text
 */
export function parseCluster(text: string, file: string): Cluster {
  const { document, problems } = readDocument(text);
  if (document === null) throw new ClusterError(file, problems);
  const checked = clusterForm.safeParse(document.data);
  if (!checked.success) problems.push(...problemsFrom(checked.error.issues, document));
  if (!checked.success || problems.length > 0) throw new ClusterError(file, problems);
  const { kubeconfig } = checked.data;
  const folder = dirname(resolve(file));
  return {
    ...checked.data,
    name: basename(folder),
    file: resolve(file),
    kubeconfig: kubeconfig === null ? null : pathFrom(folder, kubeconfig),
  };
}

/** `~` and `~/x` are below the user's home, as a shell would have it. */
function pathFrom(folder: string, path: string): string {
  if (path === "~" || path.startsWith("~/")) return join(homedir(), path.slice(1));
  return resolve(folder, path);
}
