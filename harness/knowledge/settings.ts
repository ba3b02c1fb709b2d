import { families } from "./families.ts";
import type { Family, Setting, SettingScope } from "./setting.ts";
import { ipcSettings } from "./settings/ipc.ts";
import { machineSettings } from "./settings/machine.ts";
import { memorySettings } from "./settings/memory.ts";
import { nodeSettings } from "./settings/node.ts";
import { portSettings } from "./settings/ports.ts";
import { queueSettings } from "./settings/queues.ts";
import { tcpSettings } from "./settings/tcp.ts";

/** Every setting that has a record, by area. To add one is to add its record to the file of its area. */
export const settings: readonly Setting[] = [
  ...queueSettings,
  ...portSettings,
  ...tcpSettings,
  ...memorySettings,
  ...nodeSettings,
  ...ipcSettings,
  ...machineSettings,
];

const byKey = new Map(settings.map((setting) => [setting.key, setting]));

/** The record of a key; null where it has none. */
export function settingOf(key: string): Setting | null {
  return byKey.get(key) ?? null;
}

/** The record of a key that the caller knows to have one: a bug where it has none. */
export function knownSetting(key: string): Setting {
  const setting = byKey.get(key);
  if (setting === undefined) throw new Error(`${key} has no record in knowledge/`);
  return setting;
}

/** What a new namespace, or a machine, of a new kernel has: "32768 60999". A bug for a key whose default is not known. */
export function kernelDefault(key: string): string {
  const [newest] = knownSetting(key).defaults;
  if (newest === undefined) throw new Error(`the default of ${key} is not known`);
  return newest.value;
}

/** The value that is worth trying first. A bug for a key of which none is. */
export function suggestedValue(key: string): string {
  const [first] = knownSetting(key).worthTrying;
  if (first === undefined) throw new Error(`nothing is worth trying with ${key}`);
  return first.value;
}

/** The family that a key belongs to; null for a key of none. */
export function familyOf(key: string): Family | null {
  return families.find(({ patterns }) => patterns.some((pattern) => fits(pattern, key))) ?? null;
}

function fits(pattern: string, key: string): boolean {
  const [words, own] = [pattern.split("."), key.split(".")];
  return words.length === own.length && words.every((word, at) => fitsWord(word, own[at] ?? ""));
}

/** A star stands at a word's end only. */
function fitsWord(pattern: string, word: string): boolean {
  return pattern.endsWith("*") ? word.startsWith(pattern.slice(0, -1)) : word === pattern;
}

/** Whose a key is, by its record or its family; null where that is not known: then it must not be taken for private. */
export function scopeOf(key: string): SettingScope | null {
  return settingOf(key)?.scope ?? familyOf(key)?.scope ?? null;
}

/** Keys with a mark: those that every trial records, that doctor tells of, that a kubelet demands, that are pinned. */
export const recordedKeys = keysWhere(({ isRecorded }) => isRecorded === true);
/** Those that a pod may have first, the node's own last. */
export const usualKeys = ["safe", "unsafe", "node"].flatMap((kind) =>
  keysWhere((setting) => setting.isUsual === true && kindOf(setting) === kind),
);
/** Key -> value. */
export const kubeletDemands = valuesOf("kubeletDemands");
export const pinnedSettings = valuesOf("pinned");

/** How a key reaches a pod of the newest Kubernetes. */
function kindOf({ scope, safe }: Setting): "safe" | "unsafe" | "node" {
  if (scope.kind === "machine") return "node";
  return safe === null ? "unsafe" : "safe";
}

function keysWhere(matches: (setting: Setting) => boolean): string[] {
  return settings.filter(matches).map(({ key }) => key);
}

function valuesOf(field: "kubeletDemands" | "pinned"): Record<string, string> {
  return Object.fromEntries(settings.flatMap(({ key, [field]: value }) => (value === undefined ? [] : [[key, value]])));
}
