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
import type { DeliveryFile, FromFile, Platform } from "../platform.ts";
import { poolKey, taintOf } from "../pool.ts";
import type { Selection } from "../selection.ts";
import { mergeUserData } from "../user-data.ts";
import { requireKind } from "../workload.ts";
import { karpenterWords } from "./eks-karpenter-words.ts";

/** EKS with Karpenter, AL2023: the NodeConfig travels in the EC2NodeClass's user data. */
export const eksKarpenter: Platform = {
  title: "EKS with Karpenter (AL2023)",
  from: { what: "the EC2NodeClass and NodePool, as `kubectl get -o yaml` gives them", yaml: true },
  plan(selection, from) {
    const documents = from === null ? [] : readDocuments(from);
    if (from !== null) requireKind(documents, ["EC2NodeClass", "NodePool"], from);
    const nodeClass = from === null ? null : documentOf(documents, "EC2NodeClass", from);
    const nodePool = from === null ? null : documentOf(documents, "NodePool", from);
    const files = [classFile(selection, nodeClass, from), poolFile(selection, nodePool, from)];
    const names = { nodeClass: nameOf(selection, nodeClass), nodePool: nameOf(selection, nodePool) };
    return { files, ...karpenterWords(selection, files, names) };
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
  const { spec } = document.toJSON() as { spec?: { amiFamily?: unknown; amiSelectorTerms?: unknown } | null };
  const terms = Array.isArray(spec?.amiSelectorTerms) ? (spec.amiSelectorTerms as ({ alias?: unknown } | null)[]) : [];
  const alias = terms.find((term) => typeof term?.alias === "string")?.alias;
  const family = String(spec?.amiFamily ?? alias ?? "Custom").split("@")[0] ?? "";
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
