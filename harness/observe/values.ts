import { portsOf, type RolePorts } from "../core/ports.ts";
import type { Seen } from "./seen.ts";

/** A setting's value as the namespace has it; null where it was not read. */
export function settingIn({ settings }: Pick<Seen, "settings">, key: string): string | null {
  return settings.find((setting) => setting.key === key)?.value ?? null;
}

/** As a number; null where it was not read or is none. */
export function numberOf(seen: Pick<Seen, "settings">, key: string): number | null {
  const value = settingIn(seen, key);
  return value === null || !/^\d+$/.test(value) ? null : Number(value);
}

/** Port arithmetic by its settings; null where they were not read. */
export function portsWithin({ settings }: Pick<Seen, "settings">): RolePorts | null {
  return portsOf(
    settings.map(({ key, value }) => ({ role: "target", key, effective: value })),
    "target",
  );
}
