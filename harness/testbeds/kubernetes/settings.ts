import { setTimeout as wait } from "node:timers/promises";
import { normalValue } from "../../knowledge/keys.ts";
import { pinnedSettings, recordedKeys } from "../../knowledge/settings.ts";
import type { Profile, Suite, Sysctls } from "../../suite/suite.ts";
import { PartFailure } from "../failures.ts";
import { partOf, type SettingReading } from "../testbed.ts";
import type { PodObserver } from "./runners/follow-samplers.ts";

/** What a role's pod is asked to have under a profile; {} for an upstream that is not ours. */
export function askedSettings(suite: Suite, profile: Profile, role: string): Sysctls {
  if (role === "generator") return { ...suite.generator.sysctls, ...profile.generatorSysctls };
  return partOf(suite, profile, role).sysctls;
}

/** Keys that a role's sampler reads: what is asked, what its pod has by itself, and what matters for the story whatever it is. */
export function watchedKeys(asked: Sysctls, own: readonly string[] = []): string[] {
  // What is pinned at home is set in no pod: the default follows the node's memory, so it is recorded.
  return [...new Set([...Object.keys(asked), ...own, ...Object.keys(pinnedSettings), ...recordedKeys])];
}

/** Readings of a role by the values that were read inside its pod; a key that is neither asked nor there is left out. */
export function settingReadings(
  role: string,
  asked: Sysctls,
  values: Record<string, string | null>,
  own: readonly string[] = [],
): SettingReading[] {
  const readings = watchedKeys(asked, own).map((key): SettingReading => {
    const wanted = asked[key];
    const origin = wanted === undefined ? "recorded" : "profile";
    const value = values[key] ?? null;
    const effective = value === null ? null : normalValue(value);
    return { role, key, asked: wanted ?? null, before: null, effective, origin };
  });
  return readings.filter(({ asked: wanted, effective }) => wanted !== null || effective !== null);
}

/** A setting that was asked for and is not there; `found` is null where the key itself is not. */
export interface NotTaken {
  key: string;
  asked: string;
  found: string | null;
}

/** What was asked and is not there. */
export function notTaken(readings: SettingReading[]): NotTaken[] {
  return readings.flatMap(({ key, asked, effective }) =>
    asked === null || normalValue(asked) === effective ? [] : [{ key, asked, found: effective }],
  );
}

/** A sampler tells them as its first line; its container has started by then. */
const firstLineMs = 15_000;

/** What a role's sampler read inside its pod, once it has said so. Rejects with PartFailure where it does not. */
export async function untilSettings(
  observer: Pick<PodObserver, "settingsOf">,
  role: string,
  signal: AbortSignal,
): Promise<Record<string, string | null>> {
  const until = performance.now() + firstLineMs;
  for (;;) {
    const values = observer.settingsOf(role);
    if (values !== null) return values;
    if (performance.now() > until) {
      throw new PartFailure(role, `has a sampler that said nothing for ${firstLineMs / 1000} s`, []);
    }
    await wait(50, undefined, { signal });
  }
}
