import type { Limit } from "./observation.ts";

/** What makes a limit; its share follows, and its place and remedies come where all are known. */
export type LimitParts = Omit<Limit, "share" | "place" | "remedies">;

export function limitOf(parts: LimitParts): Limit {
  const share = parts.of === null || parts.of <= 0 ? null : parts.used / parts.of;
  return { ...parts, share, place: null, remedies: [] };
}
