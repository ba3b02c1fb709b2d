import { InputError } from "../../core/errors.ts";
import { blockText, yamlOf } from "../new-document.ts";
import { type FileObject, fileWith, isMap, objectsOf, onlyOne, strip, titleOf } from "../objects.ts";
import type { DeliveryFile, FromFile, Platform } from "../platform.ts";
import { labelText, markedBefore, poolKey, taintOf } from "../pool.ts";
import type { Selection } from "../selection.ts";
import { sysctlFileName } from "../sysctl-file.ts";
import { al2Words, mergeUserData } from "../user-data.ts";
import { requireSome } from "../workload.ts";
import { YamlFile } from "../yaml/file.ts";
import type { YamlPath } from "../yaml/model.ts";
import { locationIn } from "./allowlist-file.ts";
import { karpenterWords } from "./eks-karpenter-words.ts";

const userDataPath = ["spec", "userData"];

/** EKS with Karpenter, AL2023: the NodeConfig travels in the EC2NodeClass's user data. */
export const eksKarpenter: Platform = {
  title: "EKS with Karpenter (AL2023)",
  reaches: "pods",
  from: { what: "the EC2NodeClass and NodePool, as `kubectl get -o yaml` gives them", isYaml: () => true },
  owns: ({ apiVersion, kind }) =>
    /^karpenter\.(sh|k8s\.aws)\//.test(apiVersion) || kind === "EC2NodeClass" || kind === "NodePool",
  plan(selection, from) {
    const there = from === null ? { nodeClass: null, nodePool: null } : objectsIn(from);
    const files = [classFile(selection, there.nodeClass, from), poolFile(selection, there.nodePool, from)];
    const names = { nodeClass: nameOf(selection, there.nodeClass), nodePool: nameOf(selection, there.nodePool) };
    const userData = locationIn(files[0]?.name ?? "", userDataPath);
    return {
      files,
      allowlistIn: [{ ...userData, at: `${userData.at} (NodeConfig)` }],
      nodeSettingsIn: [{ ...userData, at: `${userData.at} (${sysctlFileName})` }],
      ...karpenterWords(selection, files, names),
      notes: [...markBefore(selection, there.nodePool, from), ...(from === null ? [al2Words] : [])],
    };
  },
};

/** The pool that is meant, and the class that it refers to. Throws InputError with the names where that is not clear. */
function objectsIn(from: FromFile): { nodeClass: FileObject | null; nodePool: FileObject | null } {
  const file = new YamlFile(from.name, from.text);
  requireSome(file, from, ["EC2NodeClass", "NodePool"]);
  const ofKind = (wanted: string) => objectsOf(file).filter(({ kind }) => kind === wanted);
  const nodePool = onlyOne(ofKind("NodePool"), from, { option: "--group", name: from.group });
  const classes = ofKind("EC2NodeClass");
  const referred =
    nodePool === null ? null : file.textAt([...nodePool.at, "spec", "template", "spec", "nodeClassRef", "name"]);
  if (nodePool === null || referred === null || classes.length === 0) {
    return { nodePool, nodeClass: onlyOne(classes, from, { option: null, name: undefined }) };
  }
  const nodeClass = classes.find(({ name }) => name === referred);
  if (nodeClass !== undefined) return { nodePool, nodeClass };
  throw new InputError(
    `${from.name}: ${titleOf(nodePool)} refers to the EC2NodeClass ${referred}; the file holds ${classes.map(titleOf).join(", ")}`,
    { hint: "give the class that the pool refers to" },
  );
}

function classFile(selection: Selection, object: FileObject | null, from: FromFile | null): DeliveryFile {
  if (object === null || from === null) {
    const userData = mergeUserData(null, selection, "");
    return { name: "1-ec2nodeclass.patch.yaml", text: yamlOf({ spec: { userData: blockText(userData) } }) };
  }
  const { file, at } = alone(from, object, selection);
  checkFamily(file, at, from);
  file.remove([[...at, "spec", "kubelet", "allowedUnsafeSysctls"]]);
  const path = [...at, ...userDataPath];
  file.set(path, mergeUserData(file.textAt(path), selection, from.name));
  return { name: "1-ec2nodeclass.yaml", text: file.text };
}

/** Only AL2023 has nodeadm. A family that is not named follows from the alias. */
function checkFamily(file: YamlFile, at: YamlPath, from: FromFile): void {
  const terms = file.value([...at, "spec", "amiSelectorTerms"]);
  const alias = Array.isArray(terms) ? terms.flatMap((term) => (isMap(term) ? (term.alias ?? []) : []))[0] : undefined;
  const named = file.value([...at, "spec", "amiFamily"]) ?? alias;
  const family = typeof named === "string" ? (named.split("@")[0] ?? "") : "Custom";
  if (/^(al2023|custom)$/i.test(family)) return;
  throw new InputError(`${from.name}: its AMI family is ${JSON.stringify(family)}, and a NodeConfig is AL2023's`, {
    hint: /^bottlerocket/i.test(family) ? "use --platform bottlerocket" : "give it an AL2023 AMI",
  });
}

function poolFile(selection: Selection, object: FileObject | null, from: FromFile | null): DeliveryFile {
  const labelled = {
    metadata: { labels: { [poolKey]: selection.name } },
    spec: { taints: [taintOf(selection.name)] },
  };
  if (object === null || from === null) {
    if (selection.purpose === "rollout") {
      return { name: "2-nodepool.patch.yaml", text: yamlOf({ spec: { template: labelled } }) };
    }
    return { name: "2-nodepool.yaml", text: yamlOf(testPool(selection.name, labelled)) };
  }
  const { file, at } = alone(from, object, selection);
  file.set([...at, "spec", "template", "metadata", "labels", poolKey], selection.name);
  putTaint(file, [...at, "spec", "template", "spec", "taints"], selection.name);
  if (selection.purpose === "test-pool") makeSmall(file, at, selection.name);
  return { name: "2-nodepool.yaml", text: file.text };
}

/** A rollout takes the pool from another delivery that had it. */
function markBefore({ purpose, name }: Selection, object: FileObject | null, from: FromFile | null): string[] {
  if (object === null || from === null || purpose === "test-pool") return [];
  const labels = [...object.at, "spec", "template", "metadata", "labels", poolKey];
  const before = new YamlFile(from.name, from.text).textAt(labels);
  return before === null || before === name ? [] : [markedBefore(labelText(before))];
}

function putTaint(file: YamlFile, path: YamlPath, name: string): void {
  const at = file.listAt(path).findIndex((there) => isMap(there) && there.key === poolKey);
  if (at < 0) file.append(path, [taintOf(name)]);
  else file.set([...path, at], taintOf(name));
}

/** A file of this object only. A rollout changes what is there; a test pool is a copy under a name of its own. */
function alone(from: FromFile, object: FileObject, { purpose, name }: Selection): { file: YamlFile; at: YamlPath } {
  const file = fileWith(from, ({ at }) => at.join() === object.at.join());
  const at = objectsOf(file)[0]?.at ?? [0];
  strip(file, at);
  if (purpose === "test-pool") file.set([...at, "metadata", "name"], name);
  return { file, at };
}

function makeSmall(file: YamlFile, at: YamlPath, name: string): void {
  file.set([...at, "spec", "template", "spec", "nodeClassRef", "name"], name);
  const isStatic = file.has([...at, "spec", "replicas"]);
  if (isStatic) file.set([...at, "spec", "replicas"], 1);
  file.set([...at, "spec", "limits"], isStatic ? { nodes: "1" } : testLimits);
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

function nameOf(selection: Selection, object: FileObject | null): string {
  if (selection.purpose === "test-pool") return selection.name;
  const name = object?.name ?? "";
  return /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name) ? name : "YOUR_OBJECT";
}
