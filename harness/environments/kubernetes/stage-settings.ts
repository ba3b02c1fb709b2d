import type { Profile, Suite, Sysctls } from "../../suite/suite.ts";
import { partOf, type SettingReading } from "../environment.ts";
import { recordedKeys } from "../recorded-keys.ts";

/** What a role's pod is asked to have under a profile; {} for an upstream that is not ours. */
export function askedSettings(suite: Suite, profile: Profile, role: string): Sysctls {
  if (role === "generator") return { ...suite.generator.sysctls, ...profile.generatorSysctls };
  return partOf(suite, profile, role).sysctls;
}

/** Keys that a role's sampler reads: what is asked, and what matters for the story whatever it is. */
export function watchedKeys(asked: Sysctls): string[] {
  return [...new Set([...Object.keys(asked), ...memoryKeys, ...recordedKeys])];
}

/** Set in no pod: the default follows the node's memory, so it is recorded. */
const memoryKeys = ["net.ipv4.tcp_max_tw_buckets"];

/** Readings of a role by the values that were read inside its pod; a key that is neither asked nor there is left out. */
export function settingReadings(role: string, asked: Sysctls, values: Record<string, string | null>): SettingReading[] {
  const readings = watchedKeys(asked).map((key): SettingReading => {
    const wanted = asked[key];
    const origin = wanted === undefined ? "recorded" : "profile";
    return { role, key, asked: wanted ?? null, before: null, effective: normalised(values[key] ?? null), origin };
  });
  return readings.filter(({ asked: wanted, effective }) => wanted !== null || effective !== null);
}

/** What was asked and is not there, as sentences: "net.core.somaxconn = 4096, asked 65535". */
export function notTaken(readings: SettingReading[]): string[] {
  return readings.flatMap(({ key, asked, effective }) =>
    asked === null || normalised(asked) === effective ? [] : [`${key} = ${effective ?? "not there"}, asked ${asked}`],
  );
}

function normalised(value: string | null): string | null {
  return value === null ? null : value.replace(/\s+/g, " ").trim();
}
