import { reservedPortsKey } from "../core/ports.ts";
import { normalValue } from "../knowledge/keys.ts";
import { code } from "./code-spans.ts";
import { unionOfPorts } from "./reserved-ports.ts";
import type { DeliveredSetting } from "./selection.ts";

/** What a key is to be where it has a value already, and a sentence on what it had; ports that are reserved are added to. */
export function replaced(
  { key, value }: Pick<DeliveredSetting, "key" | "value">,
  before: string | null,
): { value: string; note: string | null } {
  if (before === null) return { value, note: null };
  const wanted = key === reservedPortsKey ? unionOfPorts(before, value) : value;
  if (normalValue(before) === normalValue(wanted)) return { value: before, note: null };
  return { value: wanted, note: `${code(`${key}=${before}`)} was there; it is ${code(wanted)} now.` };
}
