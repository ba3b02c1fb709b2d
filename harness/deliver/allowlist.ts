import { isAllowlisted } from "../knowledge/kubernetes.ts";
import type { YamlFile } from "./yaml/file.ts";
import type { Plain, YamlPath } from "./yaml/model.ts";

/** Adds keys to a kubelet's allowlist; those that an entry or a prefix of it allows already are left out. */
export function addToAllowlist(file: YamlFile, path: YamlPath, keys: string[]): void {
  file.append(path, missingIn(file.listAt(path), keys));
}

/** What a list of the file's comes to with these keys: for a place that takes the list's place as a whole. */
export function unionOf(there: Plain[], keys: string[]): string[] {
  return [...there.map(textOf), ...missingIn(there, keys)];
}

/** A flag's value, `a,b`, with these keys. */
export function flagUnion(value: string, keys: string[]): string {
  const there = value.split(",").filter((entry) => entry.trim() !== "");
  const missing = missingIn(there, keys);
  if (missing.length === 0) return value;
  return there.length === 0 ? missing.join(",") : `${value.replace(/,\s*$/, "")},${missing.join(",")}`;
}

function missingIn(there: Plain[], keys: string[]): string[] {
  const entries = there.map((entry) => textOf(entry).trim());
  return keys.filter((key) => !isAllowlisted(key, entries));
}

function textOf(value: Plain): string {
  return typeof value === "string" ? value : "";
}

/** The kubelet's flag of the same list; where it is given the file's list counts for nothing. */
export const allowlistFlag = "allowed-unsafe-sysctls";
