import { addToAllowlist, allowlistFlag } from "../allowlist.ts";
import { isMap, objectsOf } from "../objects.ts";
import { YamlFile } from "../yaml/file.ts";
import type { Path, Plain } from "../yaml/model.ts";
import { addToFlag } from "./kubelet-flag.ts";

/**
 * Adds keys wherever patches at one level of kind's configuration (the cluster, or a node) have a list or the kubelet's flag. kind
 * lays merge patches over kubeadm's configuration first, JSON 6902 patches then, the cluster's before the node's; each list takes the
 * place of the one before. Returns whether the level has a list of its own.
 */
export function addToPatches(file: YamlFile, level: Path, keys: string[]): boolean {
  const merged = addToMergePatches(file, [...level, "kubeadmConfigPatches"], keys);
  const json = addToJsonPatches(file, [...level, "kubeadmConfigPatchesJSON6902"], keys);
  return merged || json;
}

function addToMergePatches(file: YamlFile, path: Path, keys: string[]): boolean {
  const patches = file.listAt(path).map((_, index) => [...path, index]);
  const inner = patches.map((at) => ({ at, patch: within(file, at) }));
  const lists = inner.flatMap(({ at, patch }) =>
    objectsOf(patch)
      .filter(({ kind, at }) => kind === "KubeletConfiguration" && patch.has([...at, "allowedUnsafeSysctls"]))
      .map((object) => ({ at, patch, object })),
  );
  // The last one that has the list is the one that counts.
  const last = lists.at(-1);
  if (last !== undefined) addToAllowlist(last.patch, [...last.object.at, "allowedUnsafeSysctls"], keys);
  for (const { at, patch } of inner) {
    for (const object of objectsOf(patch))
      addToFlag(patch, [...object.at, "nodeRegistration", "kubeletExtraArgs"], keys);
    file.set(at, patch.text);
  }
  return last !== undefined;
}

/** A patch is a text that holds YAML. */
function within(file: YamlFile, at: Path): YamlFile {
  const text = file.textAt(at) ?? "";
  return new YamlFile(`${file.name}, ${at.slice(1).join(".")}`, text);
}

function addToJsonPatches(file: YamlFile, path: Path, keys: string[]): boolean {
  return file
    .listAt(path)
    .map((patch, index) => addToJsonPatch(file, [...path, index], patch, keys))
    .some((has) => has);
}

function addToJsonPatch(file: YamlFile, at: Path, entry: Plain, keys: string[]): boolean {
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
  const ours = operations.filter(({ operation }) => JSON.stringify(operation).includes("/allowedUnsafeSysctls"));
  for (const { operation, index } of ours) {
    const { op, path: target, value } = isMap(operation) ? operation : {};
    const replaces = (op === "add" || op === "replace") && target === "/allowedUnsafeSysctls" && Array.isArray(value);
    const adds = op === "add" && /^\/allowedUnsafeSysctls\/(-|\d+)$/.test(String(target));
    if (replaces) addToAllowlist(patch, [0, index, "value"], keys);
    else if (!adds)
      throw file.wrong(
        [...at, "patch"],
        `does ${String(op)} ${String(target)}, which may take our keys away`,
        "write it as a merge patch",
      );
  }
  file.set([...at, "patch"], patch.text);
  return ours.some(({ operation }) => isMap(operation) && operation.path === "/allowedUnsafeSysctls");
}
