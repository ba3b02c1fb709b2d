import { code, command } from "../code-spans.ts";
import type { DeliveryFile, NodePlan } from "../platform.ts";
import { nodesCheck, taintWords } from "../pool.ts";
import { type Selection, unsafeKeys } from "../selection.ts";
import { nodeTrap, schemaTrap } from "../traps.ts";

interface Names {
  nodeClass: string;
  nodePool: string;
}

/** What is done with the node class's file and the node pool's, in this order. */
export function karpenterWords(
  selection: Selection,
  [classFile, poolFile]: DeliveryFile[],
  names: Names,
): Omit<NodePlan, "files" | "allowlistIn" | "nodeSettingsIn" | "notes"> {
  const isTest = selection.purpose === "test-pool";
  const keep = `Keep what is there.\n${command(kept("ec2nodeclass", names.nodeClass), kept("nodepool", names.nodePool))}`;
  return {
    steps: [
      ...(isTest ? [] : [keep]),
      `The node class: ${carries(selection)}.${patchWords(selection, classFile, names)}\n${command(applied(classFile, "ec2nodeclass", names.nodeClass))}`,
      `The node pool, with label and taint.\n${command(applied(poolFile, "nodepool", names.nodePool))}`,
    ],
    nodes: isTest ? untouched : replaced,
    verify: [nodesCheck(selection.name)],
    undo: [isTest ? removed(names) : restored],
    first: firstOfRollout,
    traps: [schemaTrap, nodeTrap("user data (`sysctl -w`, /etc/sysctl.conf)")],
  };
}

/** A change of the class reaches all pools that use it at once. */
const firstOfRollout =
  'Begin with a pool of its own: copies of your class and pool under other names (`metadata.name` of both, and the pool\'s `nodeClassRef.name`), with what the two files here have more. The label is the same, so one pod of the workload comes there, and no node that is there is touched. Then this pool, one node at a time: `spec.disruption.budgets: [{ nodes: "1" }]` in the NodePool holds the rest back.';

const untouched =
  "No node that is there is touched. Karpenter starts nodes of the new pool when pods ask for them, at most 16 CPUs, and ends them when they are empty.";

const replaced = `Karpenter sees both changes as drift: every node of every NodePool that uses this EC2NodeClass is replaced, one after the other within the pool's disruption budgets, and its pods move. The pool should serve this workload only. ${taintWords}`;

const restored = `What was kept; the nodes are replaced once more.\n${command("kubectl replace --filename nodepool.before.json", "kubectl replace --filename ec2nodeclass.before.json")}`;

function removed({ nodeClass, nodePool }: Names): string {
  return `The pool with its nodes, then its class.\n${command(`kubectl delete nodepool ${nodePool}`, `kubectl delete ec2nodeclass ${nodeClass}`)}`;
}

function carries(selection: Selection): string {
  const keys = unsafeKeys(selection).map(code).join(", ");
  return keys === ""
    ? "its user data sets the node's own settings"
    : `a NodeConfig in its user data lets pods set ${keys}`;
}

function kept(kind: string, name: string): string {
  return `kubectl get ${kind} ${name} --output json | jq 'del(.metadata.resourceVersion, .status)' > ${kind}.before.json`;
}

function applied(file: DeliveryFile | undefined, kind: string, name: string): string {
  if (!isPatch(file)) return `kubectl apply --filename ${file?.name}`;
  return `kubectl patch ${kind} ${name} --type merge --patch-file ${file?.name}`;
}

function patchWords(selection: Selection, file: DeliveryFile | undefined, { nodeClass }: Names): string {
  if (!isPatch(file)) return "";
  if (selection.purpose === "rollout") {
    return " A merge patch replaces `spec.userData` and the pool's `taints` as a whole: where yours have any, use `--from`, which merges with them.";
  }
  return ` The class must be there under the name ${code(nodeClass)}: subnets, security groups and role are yours, so copy your own class, then patch the copy; with \`--from\` a whole file is written instead.`;
}

function isPatch(file: DeliveryFile | undefined): boolean {
  return file?.name.endsWith(".patch.yaml") === true;
}
