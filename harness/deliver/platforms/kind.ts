import { command } from "../code-spans.ts";
import { yamlOf } from "../new-document.ts";
import { titleOf } from "../objects.ts";
import type { FromFile, Platform } from "../platform.ts";
import { labelText, nodesCheck } from "../pool.ts";
import { type Selection, unsafeKeys } from "../selection.ts";
import { kebabTrap } from "../traps.ts";
import type { YamlFile } from "../yaml/file.ts";
import type { YamlPath } from "../yaml/model.ts";
import { freshFile, locationIn, onlyDocument, platformFile, written } from "./allowlist-file.ts";
import { addToPatches } from "./kind-patches.ts";
import { kubeletConfiguration } from "./kubeadm.ts";

const fileName = "1-kind.yaml";

/** kind: nodes are made with the cluster, on the machine's own kernel. */
export const kind: Platform = {
  title: "kind",
  reaches: "pods",
  from: { what: "your cluster's configuration (kind: Cluster)", isYaml: () => true },
  owns: ({ apiVersion, kind }) => apiVersion.startsWith("kind.x-k8s.io/") || kind === "Cluster",
  plan(selection, from) {
    const unsafe = unsafeKeys(selection).length > 0;
    const made = unsafe ? clusterFile(selection, from) : null;
    return {
      files: made === null ? [] : [written(fileName, made.file)],
      allowlistIn: (made?.places ?? []).map((path) => locationIn(fileName, path.slice(1))),
      first:
        "Make a cluster under another name first (`kind create cluster --name trial`), and run one pod of the workload there.",
      steps: [
        ...(unsafe ? [madeStep] : []),
        `Label the node. Taint it only where the cluster has others, or nothing else would run.\n${command(`kubectl label node YOUR_NODE ${labelText(selection.name)}`)}`,
      ],
      nodes:
        "All nodes of the cluster are new (`kind delete cluster` first, where one of the name is there). They share the machine's kernel: keys of the node level are the machine's own, set there with sysctl.",
      verify: [nodesCheck(selection.name)],
      undo: unsafe
        ? [`The cluster, and then the one of before by your own configuration.\n${command("kind delete cluster")}`]
        : [],
      traps: [kebabTrap],
    };
  },
};

const madeStep = `The cluster is made with it: kind has no way to change one that is there.\n${command(`kind create cluster --config ${fileName}`)}`;

/** kind's configuration, and where in it the keys are now. */
interface PatchedCluster {
  file: YamlFile;
  places: YamlPath[];
}

/** The list goes where the cluster's patches have it already, else into a patch of its own; a node's own list gets the keys too. */
function clusterFile(selection: Selection, from: FromFile | null): PatchedCluster {
  const fresh = { kind: "Cluster", apiVersion: "kind.x-k8s.io/v1alpha4" };
  const file = from === null ? null : platformFile(from, kind.owns);
  if (from === null || file === null) return patched(freshFile(fileName, fresh), [0], unsafeKeys(selection));
  const cluster = onlyDocument(file, from, ({ kind }) => kind === "Cluster");
  if (cluster === null) throw file.wrong([0], "holds no Cluster of kind's");
  if (cluster.apiVersion !== "" && !cluster.apiVersion.startsWith("kind.x-k8s.io/")) {
    throw file.wrong(cluster.at, `${titleOf(cluster)} is no Cluster of kind's, but of ${cluster.apiVersion}`);
  }
  return patched(file, cluster.at, unsafeKeys(selection));
}

function patched(file: YamlFile, at: YamlPath, keys: string[]): PatchedCluster {
  const cluster = addToPatches(file, at, keys);
  const places = [...cluster.places];
  if (!cluster.hasList) {
    const path = [...at, "kubeadmConfigPatches"];
    file.append(path, [yamlOf({ ...kubeletConfiguration, allowedUnsafeSysctls: keys })]);
    places.push([...path, file.listAt(path).length - 1, "allowedUnsafeSysctls"]);
  }
  for (const index of file.listAt([...at, "nodes"]).keys()) {
    places.push(...addToPatches(file, [...at, "nodes", index], keys).places);
  }
  return { file, places };
}
