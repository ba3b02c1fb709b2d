import type { Document } from "yaml";
import { InputError } from "../errors.ts";
import { addTo, type Path, setAt, strip, writeDocuments, yamlOf } from "./documents.ts";
import type { DeliveryFile, FromFile } from "./platform.ts";
import { placementOf, poolKey } from "./pool.ts";
import { podSettings, type Selection, unsafeKeys } from "./selection.ts";

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
  for (const sysctl of spec?.securityContext?.sysctls ?? []) mergeSysctl(document, path, sysctl, from);
  if (spec?.tolerations === undefined) return;
  setAt(document, [...path, "nodeSelector", poolKey], selection.name, from);
  const isSame = (there: unknown, { key, value }: { key: string; value: string }) =>
    JSON.stringify(there).includes(`"key":"${key}"`) && JSON.stringify(there).includes(`"value":"${value}"`);
  addTo(document, [...path, "tolerations"], spec.tolerations, from, isSame);
}

/** One that has the key already gets the new value. */
function mergeSysctl(document: Document, path: Path, sysctl: { name: string; value: string }, from: FromFile): void {
  const list = [...path, "securityContext", "sysctls"];
  const there = (document.toJSON() as Record<string, unknown>) ?? {};
  const values = list.reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], there);
  const index = Array.isArray(values)
    ? values.findIndex((one) => (one as { name?: unknown } | null)?.name === sysctl.name)
    : -1;
  if (index >= 0) setAt(document, [...list, index, "value"], sysctl.value, from);
  else addTo(document, list, [sysctl], from, () => false);
}

function podSpecOf(selection: Selection) {
  const settings = selection.purpose === "rollout" ? podSettings(selection) : [];
  const sysctls = settings.map(({ key, value }) => ({ name: key, value }));
  const placed = unsafeKeys(selection).length > 0;
  if (sysctls.length === 0 && !placed) return null;
  return {
    ...(sysctls.length === 0 ? {} : { securityContext: { sysctls } }),
    ...(placed ? placementOf(selection.name) : {}),
  };
}
