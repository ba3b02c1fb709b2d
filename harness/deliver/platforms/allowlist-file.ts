import { addToAllowlist } from "../allowlist.ts";
import { yamlOf } from "../new-document.ts";
import { type FileObject, fileWith, objectsOf, onlyOne } from "../objects.ts";
import type { DeliveryFile, FileLocation, FromFile } from "../platform.ts";
import { nodesSettings, type Selection, unsafeKeys } from "../selection.ts";
import { hasWorkload, isWorkload } from "../workload.ts";
import { YamlFile } from "../yaml/file.ts";
import type { YamlPath } from "../yaml/model.ts";

/** A platform's objects within the user's file: workloads, and what stands beside them, go into the workload's own file. */
export function platformFile(from: FromFile, owns: (object: FileObject) => boolean): YamlFile | null {
  const whole = new YamlFile(from.name, from.text);
  const mixed = hasWorkload(whole);
  const kept = mixed ? fileWith(from, (object) => owns(object) && !isWorkload(whole, object)) : whole;
  return kept.text.trim() === "" || (mixed && objectsOf(kept).length === 0) ? null : kept;
}

/** A configuration file of a platform's without a kind: its one document. Throws InputError where there are several; null where it is empty. */
export function onlyDocument(file: YamlFile, from: FromFile, isIt: (object: FileObject) => boolean): FileObject | null {
  return onlyOne(objectsOf(file).filter(isIt), from, { option: null, name: undefined });
}

/** Where the allowlist and the node's own settings are within a file. */
export interface AllowlistForm {
  name: string;
  allowlist: YamlPath;
  /** As a map; null where this file has no place for them. */
  sysctls: YamlPath | null;
}

/** Lays a selection over an object of the user's file. */
export function layOver(file: YamlFile, at: YamlPath, form: AllowlistForm, selection: Selection): void {
  addToAllowlist(file, [...at, ...form.allowlist], unsafeKeys(selection));
  if (form.sysctls === null) return;
  for (const { key, value } of nodesSettings(selection)) file.set([...at, ...form.sysctls, key], value);
}

/** A file that is made anew, with these fields before the selection's. */
export function freshFile(name: string, fields: Record<string, unknown>): YamlFile {
  return new YamlFile(name, Object.keys(fields).length === 0 ? "" : yamlOf(fields));
}

/** A file of a delivery. */
export function written(name: string, { text }: { text: string }): DeliveryFile {
  return { name, text };
}

/** `kubelet.allowedUnsafeSysctls` of a file, for delivery.json. */
export function locationIn(file: string, path: YamlPath): FileLocation {
  return { file, at: path.join(".") };
}

/** Whether a text is JSON, and an object. */
export function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
