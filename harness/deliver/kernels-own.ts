import { parsePortRange, portRangeKey } from "../core/ports.ts";
import { isTargetRole } from "../core/roles.ts";
import { normalValue } from "../knowledge/keys.ts";
import type { SysctlReading, TrialRecord } from "../results/trial.ts";
import { code } from "./code-spans.ts";

/** A key's value under a profile, beside what the target had of it without that. */
export interface Against {
  key: string;
  value: string;
  /** What the target's new namespace has before anything is set there; null where that was not read. */
  own: string | null;
  /** What the experiment gave the target under the baseline, and the kernel does not; null where nothing. */
  condition: string | null;
}

/** What a profile's value was measured against. */
export function againstOf(
  trials: TrialRecord[],
  { profile, baseline }: { profile: string; baseline: string },
  { key, value }: { key: string; value: string },
): Against {
  const own = onlyOne(readingsOf(trials, profile, key).map(({ before }) => before));
  const asked = readingsOf(trials, baseline, key).flatMap(({ origin, asked }) => (origin === "profile" ? [asked] : []));
  const condition = onlyOne(asked);
  return { key, value, own, condition: condition === own ? null : condition };
}

/** Why a value can only have helped against the experiment's own condition: it is the kernel's own, or is short of it; null where it may. */
export function whyUseless({ key, value, own, condition }: Against): string | null {
  if (own === null) return null;
  if (normalValue(value) === own) {
    return "it is what a new network namespace has anyway (read before the trial): it could only help against the experiment's own condition";
  }
  const [its, kernels, experiments] = [sizeOf(key, value), sizeOf(key, own), sizeOf(key, condition ?? "")];
  if (its === null || kernels === null || experiments === null || isSwitch(own)) return null;
  if ((its - kernels) * (experiments - kernels) <= 0) return null;
  return `it is ${its < kernels ? "less" : "more"} than what a new network namespace has anyway (${code(own)}, read before the trial): it could only help against the experiment's own ${code(condition ?? "")}`;
}

/** What a delivered value's gain was measured against, where that is not what pods and machines have: a sentence; null else. */
export function againstWords({ key, value, own, condition }: Against): string | null {
  if (condition === null || own === null || normalValue(value) === condition) return null;
  return `**Against the experiment's own condition**: under the baseline the target had ${code(`${key}=${condition}`)}, and a new network namespace has ${code(own)}. From there to ${code(value)} is less than what was measured.`;
}

function readingsOf(trials: TrialRecord[], profile: string, key: string): SysctlReading[] {
  return trials
    .filter((trial) => trial.profile === profile)
    .flatMap(({ sysctls }) => sysctls)
    .filter((one) => isTargetRole(one.role) && one.key === key);
}

/** The value that all have; null where they differ, or one has none. */
function onlyOne(values: (string | null)[]): string | null {
  const all = new Set(values.map((value) => (value === null ? null : normalValue(value))));
  const [one = null] = all;
  return all.size === 1 ? one : null;
}

/** 0, 1 or 2 has no more and less. */
function isSwitch(value: string): boolean {
  return /^[012]$/.test(value);
}

/** A port range's ports, or a number; null for any other value. */
function sizeOf(key: string, value: string): number | null {
  const range = key === portRangeKey ? parsePortRange(value) : null;
  if (range !== null) return range.high - range.low + 1;
  return /^\d+$/.test(value.trim()) ? Number(value) : null;
}
