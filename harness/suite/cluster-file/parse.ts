import { resolve } from "node:path";
import type { Cluster } from "../cluster.ts";
import { readDocument, type SourceDocument } from "../document.ts";
import { problemsFrom } from "../issues.ts";
import { ClusterError, type Problem, pathText } from "../problems.ts";
import { buildCluster } from "./build.ts";
import { type ClusterForm, clusterForm } from "./schema.ts";

/**
 * A cluster from its YAML. Touches no file.
 * @param file path of the text, for messages, the cluster's name and paths that are relative to it
 * @throws ClusterError with every fault of the text
 */
export function parseCluster(text: string, file: string): Cluster {
  const { document, problems } = readDocument(text);
  if (document === null) throw new ClusterError(file, problems);
  const checked = clusterForm.safeParse(document.data);
  if (!checked.success) throw new ClusterError(file, [...problems, ...problemsFrom(checked.error.issues, document)]);
  problems.push(...tolerationProblems(checked.data, document));
  if (problems.length > 0) throw new ClusterError(file, problems);
  return buildCluster(checked.data, resolve(file));
}

/** What the API server would refuse of each pod, told before there is one. */
function tolerationProblems({ tolerations = [] }: ClusterForm, document: SourceDocument): Problem[] {
  return tolerations.flatMap(({ key, operator, value, effect, tolerationSeconds }, i) => {
    const faults: [string, string][] = [];
    if (operator === "Exists" && value !== undefined) {
      faults.push(["value", "with operator Exists any value is tolerated; leave it out"]);
    }
    if (key === undefined && operator !== "Exists") {
      faults.push(["operator", "without a key every taint is meant; give key, or operator: Exists"]);
    }
    if (tolerationSeconds !== undefined && effect !== "NoExecute") {
      faults.push(["tolerationSeconds", "this is for effect: NoExecute alone; leave it out"]);
    }
    return faults.map(([name, text]) => {
      const path = ["tolerations", i, name];
      return { ...document.locate(path, "key"), text: `${pathText(path)}: ${text}` };
    });
  });
}
