import type { PortRange } from "../core/ports.ts";

/** The kernel wants one end even and one odd: a range with ends alike loses its lowest port. null for one that has less than two. */
export function rangeText({ low, high }: PortRange): string | null {
  const from = low % 2 === high % 2 ? low + 1 : low;
  return high <= from ? null : `${from} ${high}`;
}
