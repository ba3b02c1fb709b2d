import { addToAllowlist, allowlistFlag } from "../allowlist.ts";
import { isMap, objectsOf } from "../objects.ts";
import { YamlFile } from "../yaml/file.ts";
import type { Plain, YamlPath } from "../yaml/model.ts";
import { addToFlag } from "./kubelet-flag.ts";

const field = "allowedUnsafeSysctls";

/** What patches at one level of kind's configuration had. */
export interface PatchedLevel {
  /** Whether the level has a list of its own. */
  hasList: boolean;
  /** Patches that have the keys now: as a list, or in the kubelet's flag. */
  places: YamlPath[];
}

/**
 * Adds keys wherever patches at one level of kind's configuration (the cluster, or a node) have a list or the kubelet's flag. kind
 * lays merge patches over kubeadm's configuration first, JSON 6902 patches then, the cluster's before the node's; each list takes the
 * place of the one before, and null takes it away.
 */
export function addToPatches(file: YamlFile, level: YamlPath, keys: string[]): PatchedLevel {
  const merged = addToMergePatches(file, [...level, "kubeadmConfigPatches"], keys);
  const json = addToJsonPatches(file, [...level, "kubeadmConfigPatchesJSON6902"], keys);
  return { hasList: merged.hasList || json.length > 0, places: [...merged.places, ...json] };
}

function addToMergePatches(file: YamlFile, path: YamlPath, keys: string[]): PatchedLevel {
  const patches = file.listAt(path).map((_, index) => [...path, index]);
  const inner = patches.map((at) => ({ at, patch: within(file, at) }));
  const lists = inner.flatMap(({ at, patch }) =>
    objectsOf(patch)
      .filter((object) => object.kind === "KubeletConfiguration" && isGiven(patch, object.at, field))
      .map((object) => ({ at, patch, object })),
  );
  // The last one that has the list is the one that counts.
  const last = lists.at(-1);
  if (last !== undefined) addToAllowlist(last.patch, [...last.object.at, field], keys);
  const places: YamlPath[] = last === undefined ? [] : [[...last.at, field]];
  for (const { at, patch } of inner) {
    const flags = objectsOf(patch).flatMap(
      (object) => addToFlag(patch, [...object.at, "nodeRegistration", "kubeletExtraArgs"], keys) ?? [],
    );
    places.push(...flags.map((flag) => [...at, ...flag.path.slice(1)]));
    file.set(at, patch.text);
  }
  return { hasList: last !== undefined, places };
}

/** Whether a key is there, with null too. */
function isGiven(file: YamlFile, at: YamlPath, key: string): boolean {
  const map = file.value(at);
  return isMap(map) && Object.hasOwn(map, key);
}

/** A patch is a text that holds YAML. */
function within(file: YamlFile, at: YamlPath): YamlFile {
  const text = file.textAt(at) ?? "";
  return new YamlFile(`${file.name}, ${at.slice(1).join(".")}`, text);
}

/** Returns the patches that have a list of their own. */
function addToJsonPatches(file: YamlFile, path: YamlPath, keys: string[]): YamlPath[] {
  return file.listAt(path).flatMap((patch, index) => {
    const at = [...path, index];
    return addToJsonPatch(file, at, patch, keys) ? [[...at, "patch"]] : [];
  });
}

function addToJsonPatch(file: YamlFile, at: YamlPath, entry: Plain, keys: string[]): boolean {
  const text = isMap(entry) && typeof entry.patch === "string" ? entry.patch : "";
  if (isMap(entry) && entry.kind !== "KubeletConfiguration") {
    if (!text.includes(allowlistFlag)) return false;
    throw file.wrong(
      [...at, "patch"],
      `sets the kubelet's flag --${allowlistFlag}, which would win`,
      `write it as a merge patch`,
    );
  }
  const patch = within(file, [...at, "patch"]);
  const operations = patch.listAt([0]).map((operation, index) => ({ operation, index }));
  const ours = operations.filter(({ operation }) => touchesList(operation));
  for (const { operation, index } of ours) {
    const { op, path: target, value } = isMap(operation) ? operation : {};
    const replaces = (op === "add" || op === "replace") && target === `/${field}` && Array.isArray(value);
    const adds = op === "add" && /^\/allowedUnsafeSysctls\/(-|\d+)$/.test(String(target));
    if (replaces) addToAllowlist(patch, [0, index, "value"], keys);
    else if (!adds)
      throw file.wrong(
        [...at, "patch"],
        `does ${String(op)} ${target === "" ? "the whole" : String(target)}, which may take our keys away`,
        "write it as a merge patch",
      );
  }
  file.set([...at, "patch"], patch.text);
  return ours.some(({ operation }) => isMap(operation) && operation.path === `/${field}`);
}

/** An empty path is the whole configuration. */
function touchesList(operation: Plain): boolean {
  if (!isMap(operation)) return false;
  return [operation.path, operation.from].some((one) => one === "" || String(one ?? "x").startsWith(`/${field}`));
}
