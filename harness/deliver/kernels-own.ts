import { isTargetRole } from "../core/roles.ts";
import { normalValue } from "../knowledge/keys.ts";
import type { TrialRecord } from "../results/trial.ts";

/** Whether the target's new namespace had a value before a profile's trials set anything there; false where that was not read. */
export function isKernelsOwn(trials: TrialRecord[], profile: string, key: string, value: string): boolean {
  const readings = trials.filter((trial) => trial.profile === profile).flatMap(({ sysctls }) => sysctls);
  const before = readings.filter((one) => isTargetRole(one.role) && one.key === key).map((one) => one.before);
  return before.length > 0 && before.every((text) => text !== null && normalValue(text) === normalValue(value));
}

/** Why such a value is not delivered. */
export const kernelsOwnWords =
  "it is what a new network namespace has anyway (read before the trial): it could only help against the experiment's own condition";
