import type {
  V1Affinity,
  V1NodeSelector,
  V1NodeSelectorRequirement,
  V1Pod,
  V1Toleration,
} from "@kubernetes/client-node";

/** An affinity that also wants one node by its name; what was asked before holds as well. */
export function onNode(affinity: V1Affinity | undefined, node: string): V1Affinity {
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return {
    ...affinity,
    nodeAffinity: {
      ...affinity?.nodeAffinity,
      requiredDuringSchedulingIgnoredDuringExecution: pinned(required, node),
    },
  };
}

/** A pod that goes to one node by its name, wherever else it could. */
export function podOnNode(pod: V1Pod, node: string): V1Pod {
  const spec = pod.spec ?? { containers: [] };
  return { ...pod, spec: { ...spec, affinity: onNode(spec.affinity, node) } };
}

/** Terms are alternatives, so the node's name goes into each. */
function pinned(required: V1NodeSelector | undefined, node: string): V1NodeSelector {
  const isNode: V1NodeSelectorRequirement = { key: "metadata.name", operator: "In", values: [node] };
  const terms = required?.nodeSelectorTerms ?? [];
  if (terms.length === 0) return { nodeSelectorTerms: [{ matchFields: [isNode] }] };
  return {
    nodeSelectorTerms: terms.map((term) => ({ ...term, matchFields: [...(term.matchFields ?? []), isNode] })),
  };
}

/** Several lists of tolerations, each toleration once. */
export function mergedTolerations(...lists: V1Toleration[][]): V1Toleration[] {
  const byText = new Map(lists.flat().map((toleration) => [JSON.stringify(toleration), toleration]));
  return [...byText.values()];
}
