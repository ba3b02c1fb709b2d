import type { Document } from "yaml";
import { InputError } from "../../errors.ts";
import {
  blockText,
  documentOf,
  putIn,
  readDocuments,
  removeAt,
  setAt,
  strip,
  textAt,
  writeDocument,
  yamlOf,
} from "../documents.ts";
import type { DeliveryFile, FromFile, NodePlan, Platform } from "../platform.ts";
import { nodesCheck, poolKey, taintOf } from "../pool.ts";
import { type Selection, unsafeKeys } from "../selection.ts";
import { code, command } from "../text.ts";
import { nodeTrap, schemaTrap } from "../traps.ts";
import { mergeUserData } from "../user-data.ts";

/** EKS with Karpenter, AL2023: the NodeConfig travels in the EC2NodeClass's user data. */
export const eksKarpenter: Platform = {
  title: "EKS with Karpenter (AL2023)",
  from: { what: "the EC2NodeClass and NodePool, as `kubectl get -o yaml` gives them", yaml: true },
  plan(selection, from) {
    const documents = from === null ? [] : readDocuments(from);
    const nodeClass = from === null ? null : documentOf(documents, "EC2NodeClass", from);
    const nodePool = from === null ? null : documentOf(documents, "NodePool", from);
    const files = [classFile(selection, nodeClass, from), poolFile(selection, nodePool, from)];
    const names = { nodeClass: nameOf(selection, nodeClass), nodePool: nameOf(selection, nodePool) };
    return { files, ...words(selection, files, names) };
  },
};

function classFile(selection: Selection, document: Document | null, from: FromFile | null): DeliveryFile {
  if (document === null || from === null) {
    const userData = mergeUserData(null, selection, "");
    return { name: "1-ec2nodeclass.patch.yaml", text: yamlOf({ spec: { userData: blockText(userData) } }) };
  }
  checkFamily(document, from);
  prepare(document, selection, from);
  removeAt(document, ["spec", "kubelet", "allowedUnsafeSysctls"]);
  const existing = textAt(document, ["spec", "userData"], from);
  setAt(document, ["spec", "userData"], null, from);
  document.setIn(["spec", "userData"], blockText(mergeUserData(existing, selection, from.name)));
  return { name: "1-ec2nodeclass.yaml", text: writeDocument(document) };
}

/** Only AL2023 has nodeadm. A family that is not named follows from the alias. */
function checkFamily(document: Document, from: FromFile): void {
  const spec = (document.toJSON() as { spec?: { amiFamily?: string; amiSelectorTerms?: { alias?: string }[] } }).spec;
  const alias = spec?.amiSelectorTerms?.map((term) => term?.alias?.split("@")[0] ?? "").find((family) => family !== "");
  const family = String(spec?.amiFamily ?? alias ?? "Custom");
  if (/^(al2023|custom)$/i.test(family)) return;
  throw new InputError(`${from.name}: its AMI family is ${JSON.stringify(family)}, and a NodeConfig is AL2023's`, {
    hint: /^bottlerocket/i.test(family) ? "use --platform bottlerocket" : "give it an AL2023 AMI",
  });
}

function poolFile(selection: Selection, document: Document | null, from: FromFile | null): DeliveryFile {
  const labelled = {
    metadata: { labels: { [poolKey]: selection.name } },
    spec: { taints: [taintOf(selection.name)] },
  };
  if (document === null || from === null) {
    if (selection.purpose === "rollout") {
      return { name: "2-nodepool.patch.yaml", text: yamlOf({ spec: { template: labelled } }) };
    }
    return { name: "2-nodepool.yaml", text: yamlOf(testPool(selection.name, labelled)) };
  }
  prepare(document, selection, from);
  setAt(document, ["spec", "template", "metadata", "labels", poolKey], selection.name, from);
  const taints = ["spec", "template", "spec", "taints"];
  putIn(document, taints, taintOf(selection.name), from, ({ key }) => key === poolKey);
  if (selection.purpose === "test-pool") makeSmall(document, selection.name, from);
  return { name: "2-nodepool.yaml", text: writeDocument(document) };
}

/** A rollout changes what is there; a test pool is a copy under a name of its own. */
function prepare(document: Document, { purpose, name }: Selection, from: FromFile): void {
  strip(document);
  if (purpose === "test-pool") setAt(document, ["metadata", "name"], name, from);
}

function makeSmall(document: Document, name: string, from: FromFile): void {
  setAt(document, ["spec", "template", "spec", "nodeClassRef", "name"], name, from);
  const isStatic = document.hasIn(["spec", "replicas"]);
  if (isStatic) setAt(document, ["spec", "replicas"], 1, from);
  setAt(document, ["spec", "limits"], isStatic ? { nodes: "1" } : testLimits, from);
}

/** Enough for a target, an upstream and a generator. */
const testLimits = { cpu: "16" };

function testPool(name: string, { metadata, spec }: { metadata: object; spec: object }) {
  const nodeClassRef = { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name };
  const requirements = [{ key: "kubernetes.io/os", operator: "In", values: ["linux"] }];
  return {
    apiVersion: "karpenter.sh/v1",
    kind: "NodePool",
    metadata: { name },
    spec: { limits: testLimits, template: { metadata, spec: { nodeClassRef, requirements, ...spec } } },
  };
}

function nameOf(selection: Selection, document: Document | null): string {
  if (selection.purpose === "test-pool") return selection.name;
  const name = document?.getIn(["metadata", "name"]);
  return typeof name === "string" && /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name) ? name : "YOUR_OBJECT";
}

function words(
  selection: Selection,
  [classFile, poolFile]: DeliveryFile[],
  names: { nodeClass: string; nodePool: string },
): Omit<NodePlan, "files"> {
  const apply = (file: DeliveryFile | undefined, kind: string, name: string) =>
    file?.name.endsWith(".patch.yaml")
      ? `kubectl patch ${kind} ${name} --type merge --patch-file ${file.name}`
      : `kubectl apply --filename ${file?.name}`;
  const isPatch = classFile?.name.endsWith(".patch.yaml") === true;
  const isTest = selection.purpose === "test-pool";
  const keys = unsafeKeys(selection).map(code).join(", ");
  const carries =
    keys === "" ? "its user data sets the node's own settings" : `a NodeConfig in its user data lets pods set ${keys}`;
  return {
    steps: [
      ...(isTest
        ? []
        : [`Keep what is there.\n${command(keep("ec2nodeclass", names.nodeClass), keep("nodepool", names.nodePool))}`]),
      `The node class: ${carries}.${isPatch ? ` ${isTest ? copyOf(names.nodeClass) : replaces}` : ""}\n${command(apply(classFile, "ec2nodeclass", names.nodeClass))}`,
      `The node pool, with label and taint.\n${command(apply(poolFile, "nodepool", names.nodePool))}`,
    ],
    nodes: isTest
      ? "No node that is there is touched. Karpenter starts nodes of the new pool when pods ask for them, at most 16 CPUs, and ends them when they are empty."
      : "Karpenter sees both changes as drift: every node of every NodePool that uses this EC2NodeClass is replaced, one after the other within the pool's disruption budgets, and its pods move. Pods without the toleration no longer come onto this pool: it should serve this workload only.",
    verify: [nodesCheck(selection.name)],
    undo: [
      isTest
        ? command(`kubectl delete nodepool ${names.nodePool}`, `kubectl delete ec2nodeclass ${names.nodeClass}`)
        : `What was kept; the nodes are replaced once more.\n${command("kubectl replace --filename nodepool.before.json", "kubectl replace --filename ec2nodeclass.before.json")}`,
    ],
    security: [],
    traps: [schemaTrap, nodeTrap("user data (`sysctl -w`, /etc/sysctl.conf)")],
  };
}

function keep(kind: string, name: string): string {
  return `kubectl get ${kind} ${name} --output json | jq 'del(.metadata.resourceVersion, .status)' > ${kind}.before.json`;
}

function copyOf(name: string): string {
  return `The class must be there under the name ${code(name)}: subnets, security groups and role are yours, so copy your own class, then patch the copy; with \`--from\` a whole file is written instead.`;
}

const replaces =
  "A merge patch replaces `spec.userData` and the pool's `taints` as a whole: where yours have any, use `--from`, which merges with them.";
