import { InputError } from "../core/errors.ts";
import type { DeliveredSetting } from "./selection.ts";

/** A pool lets each profile choose; a machine or a container has one value. Throws InputError where a suite has several. */
export function checkOneValue(settings: DeliveredSetting[], whose: "a machine" | "a container" | "a node"): void {
  const several = settings.find(({ values }) => values.length > 1);
  if (several === undefined) return;
  throw new InputError(`${several.key} has several values in the suite: ${several.value}`, {
    hint: `${whose} has one; say which profile: --profile NAME`,
  });
}
