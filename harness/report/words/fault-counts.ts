import type { FaultCount } from "../../results/window.ts";

/** How many kinds are named. */
const mostKinds = 3;

/** "HTTP 404 x 171, ECONNREFUSED x 3", the most frequent first. */
export function faultWords(faults: readonly Pick<FaultCount, "kind" | "count">[]): string {
  const named = faults.slice(0, mostKinds).map(({ kind, count }) => `${kind} x ${count}`);
  const more = faults.length - named.length;
  return [...named, ...(more > 0 ? [`${more} more kinds`] : [])].join(", ");
}
