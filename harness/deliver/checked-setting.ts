import { InputError } from "../core/errors.ts";
import { sysctlKeyPattern } from "../knowledge/keys.ts";
import { reachOf } from "../knowledge/kubernetes.ts";
import type { DeliveredSetting } from "./selection.ts";

/** A setting of the target, checked. */
export function checkedSetting(
  key: string,
  values: string[],
  minor: number,
  evidence: string | null,
): DeliveredSetting {
  for (const value of values) checkSetting(key, value);
  return { key, value: values.join(" or "), values, reach: reachOf(key, minor), evidence };
}

/**
 * Throws InputError for what can't be a sysctl: both end in files and commands that people apply, and a record may come from
 * elsewhere.
 */
export function checkSetting(key: string, value: string): void {
  if (!sysctlKeyPattern.test(key) || key.length > 200) {
    throw new InputError(`${JSON.stringify(key)} is not a sysctl's name, and is not delivered`);
  }
  if (!/^[\x20-\x7e]{1,500}$/.test(value)) {
    throw new InputError(`${key}: ${JSON.stringify(value)} is not a sysctl's value, and is not delivered`, {
      hint: "a value is one line of printable characters",
    });
  }
}
