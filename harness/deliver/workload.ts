import { InputError } from "../core/errors.ts";
import { reservedPortsKey } from "../core/ports.ts";
import { normalValue } from "../knowledge/keys.ts";
import { code, codes } from "./code-spans.ts";
import { type FileObject, fileWith, isMap, objectsOf, onlyOne, strip, titleOf } from "./objects.ts";
import type { DeliveryFile, FileLocation, FromFile } from "./platform.ts";
import { placementOf, poolKey } from "./pool.ts";
import { unionOfPorts } from "./reserved-ports.ts";
import { rolloutWords } from "./rollout-words.ts";
import { needsNodes, podSettings, type Selection } from "./selection.ts";
import type { YamlFile } from "./yaml/file.ts";
import type { Plain, YamlPath } from "./yaml/model.ts";

const template: YamlPath = ["spec", "template"];
const sysctlsPath: YamlPath = ["securityContext", "sysctls"];

/** Kinds whose pods can be patched, with the pod in each. */
const podsOf: Record<string, YamlPath> = {
  Deployment: template,
  StatefulSet: template,
  DaemonSet: template,
  ReplicaSet: template,
  ReplicationController: template,
  Rollout: template,
  Job: template,
  CronJob: ["spec", "jobTemplate", "spec", "template"],
  Pod: [],
};

/** Names of those kinds, for a message. */
export const templateKinds = Object.keys(podsOf);

/** A workload as it is named to the cluster, and how its pods are found. */
export interface WorkloadSelector {
  kind: string;
  name: string | null;
  /** null: that of the one who applies it. */
  namespace: string | null;
  /** Labels that all its pods have. */
  labels: Record<string, string>;
}

/** The user's workloads, merged. */
export interface MergedWorkloads {
  file: DeliveryFile;
  selectors: WorkloadSelector[];
  /** Where the pods' sysctls are. */
  sysctlsIn: FileLocation[];
  /** What had another value before, or still has a say in where the pods run: sentences. */
  notes: string[];
}

/** Whether an object is the user's own workload. Helm's hooks and tests run beside it, and are none. */
export function isWorkload(file: YamlFile, { kind, at }: FileObject): boolean {
  return kind in podsOf && !file.has([...at, "metadata", "annotations", "helm.sh/hook"]);
}

/** Whether a file holds any. */
export function hasWorkload(file: YamlFile): boolean {
  return objectsOf(file).some((object) => isWorkload(file, object));
}

/**
 * The user's workloads with what their pods need; null where the file has none. A rollout is one workload's, a test pool all pods'.
 * Throws InputError where it is not clear which, or for one that uses the host's network.
 */
export function mergeWorkloads(
  from: FromFile,
  selection: Selection,
  isOthers: (object: FileObject) => boolean,
): MergedWorkloads | null {
  const file = fileWith(from, (object) => !isOthers(object));
  const all = objectsOf(file).filter((object) => isWorkload(file, object));
  if (all.length === 0 || podSpecOf(selection) === null) return null;
  const chosen = onlyOneOf(all, selection, from);
  for (const { at } of objectsOf(file)) strip(file, at);
  const notes = chosen.flatMap((object) => mergeWorkload(file, object, selection));
  const selectors = chosen.map((object) => selectorOf(file, object));
  const paths = new Set(chosen.map((object) => [...specOf(object).slice(1), ...sysctlsPath].join(".")));
  const sysctlsIn = [...paths].map((at) => ({ file: mergedName, at }));
  return { file: { name: mergedName, text: file.text }, selectors, sysctlsIn, notes };
}

function onlyOneOf(all: FileObject[], { purpose }: Selection, from: FromFile): FileObject[] {
  if (purpose === "test-pool" && from.workload === undefined) return all;
  const one = onlyOne(all, from, { option: "--workload", name: from.workload });
  return one === null ? [] : [one];
}

const mergedName = "9-workload.yaml";

function specOf({ at, kind }: FileObject): YamlPath {
  return [...at, ...(podsOf[kind] ?? []), "spec"];
}

/** Returns the notes. */
function mergeWorkload(file: YamlFile, object: FileObject, selection: Selection): string[] {
  const spec = specOf(object);
  checkNamespaces(file, spec, selection);
  const wanted = podSpecOf(selection);
  const sysctls = [...spec, ...sysctlsPath];
  const put = (wanted?.securityContext?.sysctls ?? []).flatMap((sysctl) => putSysctl(file, sysctls, sysctl, object));
  const notes = [...rolloutWords(file, object), ...put];
  if (wanted?.tolerations === undefined) return notes;
  notes.push(...placedElsewhere(file, spec, object));
  file.set([...spec, "nodeSelector", poolKey], selection.name);
  for (const toleration of wanted.tolerations) putToleration(file, [...spec, "tolerations"], toleration);
  return notes;
}

/** A pod comes only onto nodes that have all that it asks for. */
function placedElsewhere(file: YamlFile, spec: YamlPath, object: FileObject): string[] {
  const selector = file.value([...spec, "nodeSelector"]);
  const labels = Object.entries(isMap(selector) ? selector : {}).filter(([key]) => key !== poolKey);
  const asked = labels.map(([key, value]) => `${key}=${value}`);
  const hasAffinity = file.has([...spec, "affinity", "nodeAffinity"]);
  if (asked.length === 0 && !hasAffinity) return [];
  const what = [...(asked.length === 0 ? [] : [codes(asked)]), ...(hasAffinity ? ["its node affinity"] : [])];
  return [
    `${titleOf(object)} asks its nodes for ${what.join(" and ")} too: the nodes of the pool must have that, or its pods stay Pending.`,
  ];
}

function checkNamespaces(file: YamlFile, spec: YamlPath, selection: Selection): void {
  const isTrue = (field: string) => /^(true|yes|on|y)$/i.test(String(file.meant([...spec, field])));
  const keys = podSettings(selection).map(({ key }) => key);
  if (isTrue("hostNetwork")) {
    throw file.wrong(
      [...spec, "hostNetwork"],
      "is set: hostNetwork: true",
      `such a pod has the node's settings, and net.* "may not be specified when 'hostNetwork' is true"`,
    );
  }
  if (isTrue("hostIPC") && keys.some((key) => !key.startsWith("net."))) {
    throw file.wrong([...spec, "hostIPC"], "is set: hostIPC: true", "such a pod has the node's IPC settings");
  }
}

/** One entry for each key: a second of the same name is refused by the API server. */
function putSysctl(
  file: YamlFile,
  path: YamlPath,
  { name, value }: { name: string; value: string },
  object: FileObject,
): string[] {
  const isIt = (entry: Plain) => isMap(entry) && String(entry.name).replaceAll("/", ".") === name;
  const there = file.listAt(path);
  const at = there.findIndex(isIt);
  if (at < 0) {
    file.append(path, [{ name, value }]);
    return [];
  }
  if (there.filter(isIt).length > 1)
    throw file.wrong([...path, at], `is not the only entry of ${name}`, "leave one of them");
  const before = file.textAt([...path, at, "value"]);
  const wanted = name === reservedPortsKey ? unionOfPorts(before ?? "", value) : value;
  if (sameValue(before, wanted)) return [];
  file.set([...path, at, "value"], wanted);
  if (before === null) return [];
  return [`${titleOf(object)} had ${code(`${name}=${before}`)}; in \`${mergedName}\` it is ${code(wanted)}.`];
}

/** A value may hold runs of white space. */
function sameValue(one: string | null, other: string): boolean {
  return one !== null && normalValue(one) === normalValue(other);
}

function putToleration(file: YamlFile, path: YamlPath, wanted: Record<string, string>): void {
  const at = file.listAt(path).findIndex((entry) => isMap(entry) && entry.key === wanted.key);
  if (at < 0) file.append(path, [wanted]);
  else file.set([...path, at], wanted);
}

function selectorOf(file: YamlFile, { at, kind, name }: FileObject): WorkloadSelector {
  const matched = file.value([...at, "spec", "selector", "matchLabels"]);
  const own = file.value([...at, ...(podsOf[kind] ?? []), "metadata", "labels"]);
  const labels = isMap(matched) ? matched : isMap(own) ? own : {};
  return {
    kind,
    name,
    namespace: file.textAt([...at, "metadata", "namespace"]),
    labels: Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, String(value ?? "")])),
  };
}

/** Throws InputError where a user's file holds nothing to merge with: neither an object that is asked for nor a workload. */
export function requireSome(file: YamlFile, from: FromFile, kinds: string[]): void {
  const objects = objectsOf(file);
  if (objects.some((object) => isWorkload(file, object) || kinds.includes(object.kind))) return;
  throw new InputError(`${from.name} holds nothing of kind ${[...kinds, ...templateKinds].join(", ")}`);
}

/** What a workload's pods need, as a part of their spec; null where they need nothing. */
export function podSpecOf(selection: Selection) {
  const settings = selection.purpose === "rollout" ? podSettings(selection) : [];
  const sysctls = settings.map(({ key, value }) => ({ name: key, value }));
  const placed = needsNodes(selection);
  if (sysctls.length === 0 && !placed) return null;
  return {
    ...(sysctls.length === 0 ? {} : { securityContext: { sysctls } }),
    ...(placed ? placementOf(selection.name) : {}),
  };
}
