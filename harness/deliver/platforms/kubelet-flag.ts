import { allowlistFlag, flagUnion } from "../allowlist.ts";
import { isMap } from "../objects.ts";
import type { YamlFile } from "../yaml/file.ts";
import type { Plain, YamlPath } from "../yaml/model.ts";

/** The kubelet's flag as a file has it. */
export interface KubeletFlag {
  /** All that it allows now: `a,b`. */
  allowed: string;
  /** Where the keys went. */
  path: YamlPath;
}

/**
 * Adds keys to the kubelet's flag where a map or a list of its arguments has it: `{allowed-unsafe-sysctls: a,b}` (kubeadm v1beta3,
 * Talos; a list of values too), `[{name: allowed-unsafe-sysctls, value: a,b}]` (kubeadm v1beta4; each that is given adds to the one
 * before). The flag wins over the kubelet's file. null where it is not given.
 */
export function addToFlag(file: YamlFile, args: YamlPath, keys: string[]): KubeletFlag | null {
  const there = file.value(args);
  const places = Array.isArray(there)
    ? there.flatMap((entry, at) => (isMap(entry) && isFlag(entry.name) ? [[...args, at, "value"]] : []))
    : isMap(there)
      ? Object.keys(there)
          .filter(isFlag)
          .map((name) => [...args, name])
      : [];
  const path = places.at(-1);
  if (path === undefined) return null;
  const others = places.slice(0, -1).map((place) => valueAt(file, place));
  const missing = keys.filter((key) => flagUnion(others.join(","), [key]) !== others.join(","));
  return { allowed: [...others, addToValue(file, path, missing)].filter((value) => value !== "").join(","), path };
}

function valueAt(file: YamlFile, path: YamlPath): string {
  const there = file.value(path);
  return Array.isArray(there) ? there.join(",") : (file.textAt(path) ?? "");
}

function addToValue(file: YamlFile, path: YamlPath, keys: string[]): string {
  const there = valueAt(file, path);
  const union = flagUnion(there, keys);
  if (Array.isArray(file.value(path))) {
    file.append(
      path,
      keys.filter((key) => flagUnion(there, [key]) !== there),
    );
  } else file.set(path, union);
  return union;
}

function isFlag(name: Plain | undefined): boolean {
  return typeof name === "string" && name.replace(/^--/, "") === allowlistFlag;
}
