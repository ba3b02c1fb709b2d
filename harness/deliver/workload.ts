import type { Document } from "yaml";
import { InputError } from "../errors.ts";
import { type Path, putIn, readDocuments, setAt, strip, writeDocuments, yamlOf } from "./documents.ts";
import type { DeliveryFile, FromFile } from "./platform.ts";
import { placementOf, poolKey } from "./pool.ts";
import { needsNodes, podSettings, type Selection } from "./selection.ts";

/** Kinds whose pods can be patched, with the pod's spec in each. */
const podSpecs: Record<string, Path> = {
  Deployment: ["spec", "template", "spec"],
  StatefulSet: ["spec", "template", "spec"],
  DaemonSet: ["spec", "template", "spec"],
  Pod: ["spec"],
};

/** Whether a document is the user's own workload. */
export function isWorkload(document: Document): boolean {
  return String(document.get("kind")) in podSpecs;
}

/** Throws InputError where a user's file holds nothing to merge with: neither one of these kinds nor a workload. */
export function requireKind(documents: Document[], kinds: string[], from: FromFile): void {
  if (documents.some((document) => isWorkload(document) || kinds.includes(String(document.get("kind"))))) return;
  throw new InputError(`${from.name} holds nothing of kind ${[...kinds, ...Object.keys(podSpecs)].join(", ")}`);
}

/** What a user's file holds beside workloads. */
export function otherDocuments(from: FromFile): Document[] {
  return readDocuments(from).filter((document) => !isWorkload(document));
}

/** What the pod needs: a strategic merge patch for a Deployment, StatefulSet or DaemonSet; null where it needs nothing. */
export function workloadPatch(selection: Selection): DeliveryFile | null {
  const spec = podSpecOf(selection);
  if (spec === null) return null;
  return { name: "9-workload.patch.yaml", text: yamlOf({ spec: { template: { spec } } }) };
}

/** The user's workloads with what their pods need. Throws InputError for one that uses the host's network. */
export function mergeWorkloads(documents: Document[], selection: Selection, from: FromFile): DeliveryFile {
  for (const document of documents) mergeWorkload(document, selection, from);
  return { name: "9-workload.yaml", text: writeDocuments(documents) };
}

function mergeWorkload(document: Document, selection: Selection, from: FromFile): void {
  const path = podSpecs[String(document.get("kind"))] ?? [];
  if (document.getIn([...path, "hostNetwork"]) === true) {
    throw new InputError(`${from.name}: its pod has hostNetwork: true`, {
      hint: `such a pod has the node's settings, and net.* "may not be specified when 'hostNetwork' is true"`,
    });
  }
  strip(document);
  const spec = podSpecOf(selection);
  for (const sysctl of spec?.securityContext?.sysctls ?? []) {
    putIn(document, [...path, "securityContext", "sysctls"], sysctl, from, ({ name }) => name === sysctl.name);
  }
  if (spec?.tolerations === undefined) return;
  setAt(document, [...path, "nodeSelector", poolKey], selection.name, from);
  for (const toleration of spec.tolerations) {
    putIn(document, [...path, "tolerations"], toleration, from, ({ key }) => key === toleration.key);
  }
}

function podSpecOf(selection: Selection) {
  const settings = selection.purpose === "rollout" ? podSettings(selection) : [];
  const sysctls = settings.map(({ key, value }) => ({ name: key, value }));
  const placed = needsNodes(selection);
  if (sysctls.length === 0 && !placed) return null;
  return {
    ...(sysctls.length === 0 ? {} : { securityContext: { sysctls } }),
    ...(placed ? placementOf(selection.name) : {}),
  };
}
