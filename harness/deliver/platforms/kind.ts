import { InputError } from "../../errors.ts";
import { addTo, writeDocument, yamlOf } from "../documents.ts";
import type { FromFile, Platform } from "../platform.ts";
import { labelText, nodesCheck } from "../pool.ts";
import { type Selection, unsafeKeys } from "../selection.ts";
import { command } from "../text.ts";
import { kebabTrap } from "../traps.ts";
import { otherDocuments } from "../workload.ts";
import { kubeletConfiguration } from "./kubeadm.ts";

const fresh = { name: "1-kind.yaml", text: yamlOf({ kind: "Cluster", apiVersion: "kind.x-k8s.io/v1alpha4" }) };

/** kind: nodes are made with the cluster, on the machine's own kernel. */
export const kind: Platform = {
  title: "kind",
  from: { what: "your cluster's configuration (kind: Cluster)", yaml: true },
  plan(selection, from) {
    const unsafe = unsafeKeys(selection).length > 0;
    return {
      files: unsafe ? [{ name: "1-kind.yaml", text: clusterFile(selection, from ?? fresh) }] : [],
      steps: [
        ...(unsafe ? [made] : []),
        `Label the node. Taint it only where the cluster has others, or nothing else would run.\n${command(`kubectl label node YOUR_NODE ${labelText(selection.name)}`)}`,
      ],
      nodes:
        "All nodes of the cluster are new (`kind delete cluster` first, where one of the name is there). They share the machine's kernel: keys of the node level are the machine's own, set there with sysctl.",
      verify: [nodesCheck(selection.name)],
      undo: unsafe ? [`The cluster.\n${command("kind delete cluster")}`] : [],
      security: [],
      traps: [kebabTrap],
    };
  },
};

const made = `The cluster is made with it: kind has no way to change one that is there.\n${command("kind create cluster --config 1-kind.yaml")}`;

/** A patch for kubeadm's kubelet configuration, beside those that are there. */
function clusterFile(selection: Selection, from: FromFile): string {
  const document = otherDocuments(from).find((one) => one.get("kind") === "Cluster");
  if (document === undefined) throw new InputError(`${from.name} holds no Cluster of kind's`);
  const patch = yamlOf({ ...kubeletConfiguration, allowedUnsafeSysctls: unsafeKeys(selection) });
  addTo(document, ["kubeadmConfigPatches"], [patch], from, (there, wanted) => there === wanted);
  return writeDocument(document);
}
