export const rangeKey = "net.ipv4.ip_local_port_range";

export interface PortRange {
  low: number;
  high: number;
}

/** "32768 60999" as both its ends; null for what has no two. */
export function parseRange(value: string): PortRange | null {
  const [low, high] = value.trim().split(/\s+/).map(Number);
  return low === undefined || high === undefined ? null : { low, high };
}

export function portsIn({ low, high }: PortRange): number {
  return high - low + 1;
}

/** The kernel wants one end even and one odd: a range with ends alike loses its lowest port. null for one that has less than two. */
export function rangeText({ low, high }: PortRange): string | null {
  const from = low % 2 === high % 2 ? low + 1 : low;
  return high <= from ? null : `${from} ${high}`;
}
