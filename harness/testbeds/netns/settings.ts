import { isKnownPrivate, normalValue, procFile } from "../../knowledge/keys.ts";
import { kernelDefault, pinnedSettings, recordedKeys } from "../../knowledge/settings.ts";
import type { Part, Profile, Suite } from "../../suite/suite.ts";
import { partOf, type SettingReading } from "../testbed.ts";
import { enterArgv, runInside } from "./enter.ts";
import type { Holder } from "./holder.ts";

/** A key and the value to write; null = only recorded. */
export type AskedSetting = Pick<SettingReading, "role" | "key" | "asked" | "origin">;

/** What a role's namespace gets under a profile, in the order it is written, with what is only recorded at the end. */
export function roleSettings(suite: Suite, profile: Profile, role: string): AskedSetting[] {
  const asked =
    role === "generator"
      ? { ...suite.generator.sysctls, ...profile.generatorSysctls }
      : partOf(suite, profile, role).sysctls;
  const pinned = { ...pinnedSettings, ...(role === "generator" ? {} : portsForAll(partOf(suite, profile, role))) };
  const pins = Object.entries(pinned).filter(([key]) => !(key in asked));
  const known = new Set([...Object.keys(asked), ...Object.keys(pinned)]);
  return [
    ...pins.map(([key, value]) => ({ role, key, asked: value, origin: "pinned" as const })),
    ...Object.entries(asked).map(([key, value]) => ({
      role,
      key,
      asked: normalValue(value),
      origin: "profile" as const,
    })),
    ...recordedKeys
      .filter((key) => !known.has(key))
      .map((key) => ({ role, key, asked: null, origin: "recorded" as const })),
  ];
}

/**
 * A part without rights may bind its port, where the kernel keeps that for others (ip-sysctl, ip_unprivileged_port_start). To a container all are
 * open, as docker opens them.
 */
function portsForAll({ port, privileged, container }: Part): Record<string, string> {
  const start = "net.ipv4.ip_unprivileged_port_start";
  if (container !== null) return { [start]: "0" };
  return privileged || port >= Number(kernelDefault(start)) ? {} : { [start]: String(port) };
}

/** Reads, writes, reads again, all inside. A refusal stays visible as `effective`, and comes back in `refused` with the kernel's words. */
export async function applySettings(
  holder: Holder,
  settings: AskedSetting[],
): Promise<{ readings: SettingReading[]; refused: KernelRefusal[] }> {
  const before = await readKeys(holder, keysOf(settings));
  const refused: KernelRefusal[] = [];
  for (const { key, asked } of settings) {
    if (asked === null) continue;
    const words = await writeKey(holder, key, asked);
    if (words !== null) refused.push({ role: holder.role, key, asked, words });
  }
  const effective = await readKeys(holder, keysOf(settings));
  const readings = settings.map((setting) => ({
    ...setting,
    before: before.get(setting.key) ?? null,
    effective: effective.get(setting.key) ?? null,
  }));
  return { readings: readings.filter((reading) => reading.asked !== null || reading.before !== null), refused };
}

/** A value that the kernel would not take, with its words. */
export interface KernelRefusal {
  role: string;
  key: string;
  asked: string;
  words: string;
}

/** Values of keys as the holder's namespaces have them, one exec for all; a key that is not there is not in the map. */
export async function readKeys(holder: Holder, keys: string[]): Promise<Map<string, string>> {
  if (keys.length === 0) return new Map();
  const paths = new Map(keys.map((key) => [procFile(key), key]));
  // -s: absent files are no news; -H with an empty pattern gives "path:line" for every line.
  const result = await runInside(holder, enterArgv(holder), ["grep", "-sH", "", "--", ...paths.keys()]);
  const values = new Map<string, string>();
  for (const line of result.stdout.split("\n")) {
    const colon = line.indexOf(":");
    const key = paths.get(line.slice(0, Math.max(colon, 0)));
    if (key === undefined) continue;
    values.set(key, normalValue(`${values.get(key) ?? ""} ${line.slice(colon + 1)}`));
  }
  return values;
}

/**
 * Writes one key inside. null = taken; otherwise the kernel's words ("Invalid argument").
 * @throws a bug for a key that is not known to be private: written inside as root it would change the machine
 */
export async function writeKey(holder: Holder, key: string, value: string): Promise<string | null> {
  if (!isKnownPrivate(key)) throw new Error(`${key} is not known to be private to a namespace`);
  const result = await runInside(holder, enterArgv(holder), ["tee", procFile(key)], value);
  if (result.exitCode === 0) return null;
  const words = result.stderr.trim().split("\n").at(-1) ?? "";
  return words.slice(words.lastIndexOf(": ") + 1).trim() || `tee ended with ${result.exitCode}`;
}

function keysOf(settings: AskedSetting[]): string[] {
  return settings.map((setting) => setting.key);
}
