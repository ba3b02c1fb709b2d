import { code, command } from "./code-spans.ts";

/** Label and taint of the nodes that carry an allowlist; pods select the one and tolerate the other. */
export const poolKey = "tunebench.local/sysctls";

/** The taint; the pod's toleration has the same words with an operator. */
export function taintOf(name: string): { key: string; value: string; effect: "NoSchedule" } {
  return { key: poolKey, value: name, effect: "NoSchedule" };
}

/** `tunebench.local/sysctls=NAME`, as selectors and label commands take it. */
export function labelText(name: string): string {
  return `${poolKey}=${name}`;
}

/** `tunebench.local/sysctls=NAME:NoSchedule`, as kubectl, kubelet flags and kops take it. */
export function taintText(name: string): string {
  return `${labelText(name)}:NoSchedule`;
}

/** What the taint does to all others: a sentence of a plan that taints nodes which are there. */
export const taintWords =
  "The taint keeps every pod without the toleration off these nodes, CoreDNS and ingress controllers among them: leave enough nodes without it, or what is started again there stays Pending.";

/** What is said where nodes carried the mark of another delivery: a sentence. */
export function markedBefore(mark: string): string {
  return `These nodes carry ${code(mark)}, of another delivery, which gives way: pods that select it find no node of theirs any more. Use other nodes where those are to stay.`;
}

/** How to see the pool's nodes: a step of a plan. */
export function nodesCheck(name: string): string {
  return `The nodes of the pool.\n${command(`kubectl get nodes --selector ${labelText(name)}`)}`;
}

/** Where the pods may run, as a part of a pod's spec. */
export function placementOf(name: string) {
  return {
    nodeSelector: { [poolKey]: name },
    tolerations: [{ key: poolKey, operator: "Equal", value: name, effect: "NoSchedule" }],
  };
}
