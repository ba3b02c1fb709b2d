import { allowlistFlag, flagUnion } from "../allowlist.ts";
import { isMap } from "../objects.ts";
import type { YamlFile } from "../yaml/file.ts";
import type { Path, Plain } from "../yaml/model.ts";

/**
 * Adds keys to the kubelet's flag where a map or a list of its arguments has it: `{allowed-unsafe-sysctls: a,b}` (kubeadm v1beta3,
 * Talos; a list of values too), `[{name: allowed-unsafe-sysctls, value: a,b}]` (kubeadm v1beta4). The flag wins over the kubelet's
 * file. Returns what it allows now, as `a,b`; null where it is not given.
 */
export function addToFlag(file: YamlFile, args: Path, keys: string[]): string | null {
  const there = file.value(args);
  if (Array.isArray(there)) {
    const at = there.findLastIndex((entry) => isMap(entry) && isFlag(entry.name));
    return at < 0 ? null : addToValue(file, [...args, at, "value"], keys);
  }
  const name = isMap(there) ? Object.keys(there).find(isFlag) : undefined;
  return name === undefined ? null : addToValue(file, [...args, name], keys);
}

function addToValue(file: YamlFile, path: Path, keys: string[]): string {
  const there = file.value(path);
  if (Array.isArray(there)) {
    const missing = keys.filter((key) => flagUnion(there.join(","), [key]) !== there.join(","));
    file.append(path, missing);
    return [...there, ...missing].join(",");
  }
  const union = flagUnion(file.textAt(path) ?? "", keys);
  file.set(path, union);
  return union;
}

function isFlag(name: Plain | undefined): boolean {
  return typeof name === "string" && name.replace(/^--/, "") === allowlistFlag;
}
