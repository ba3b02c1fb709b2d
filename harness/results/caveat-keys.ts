import type { RaisedCaveat } from "./caveats.ts";

/** Equal for two caveats that say the same: code and all fields. */
export function caveatKey(caveat: RaisedCaveat): string {
  return JSON.stringify(caveat, sorted);
}

/** Equal for two caveats of one kind: those that differ in their numbers only, as from trial to trial. */
export function caveatKind(caveat: RaisedCaveat): string {
  return JSON.stringify(caveat, (key, value: unknown) => (typeof value === "number" ? "#" : sorted(key, value)));
}

/** Each caveat once, where it came first. */
export function distinctCaveats<T extends RaisedCaveat>(caveats: readonly T[]): T[] {
  const seen = new Map<string, T>();
  for (const caveat of caveats) {
    const key = caveatKey(caveat);
    if (!seen.has(key)) seen.set(key, caveat);
  }
  return [...seen.values()];
}

/** Fields by name: in what order a record was written is no difference. */
function sorted(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
